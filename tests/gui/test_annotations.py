"""The tab Boxes: what was found, what becomes of it, and which classes there are."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLabel, QTableView, QTabWidget, QWidget

from stackgui.core.annotations.annotations import Tags
from stackgui.core.annotations.reading import VOC_TITLE
from stackgui.core.annotations.sample_annotations import AnnotationSource, SampleAnnotations
from stackgui.core.base.choices import Fit
from stackgui.core.base.columns import Coded
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found.masks import FIELDS
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.widgets.class_rows import NEW, SHOWN
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.parts import Words
from tests.core.plan.test_placed_objects import plan_with
from tests.gui.acting import choose, words


@pytest.fixture(autouse=True)
def everything_shown(qapp):
    yield
    overlay().show(wanted=True)
    overlay().hide_classes(frozenset())


@pytest.fixture
def catalog(catalog):
    """The pictures of other tests, with a box in two of them."""
    objects = [
        (0, "cat", (10, 10, 60, 90), {}),
        (1, "dog", (0, 0, 20, 20), {}),
        (1, "cat", (5, 5, 99, 99), {}),
    ]
    sizes = list(zip(catalog.height.tolist(), catalog.width.tolist(), strict=True))
    made = plan_with([size if size[0] else (9, 9) for size in sizes], objects).catalog.annotations
    source = AnnotationSource("COCO", "/pets/boxes.json", 1, 2, 3, 0)
    annotations = SampleAnnotations(
        made.categories, made.objects, Tags.none(), made.is_annotated, sources=(source,)
    )
    return replace(catalog, annotations=annotations)


@pytest.fixture
def page(ready, app, find, qtbot):
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "annotations"))
    qtbot.waitUntil(lambda: "Counting" not in words(find, "annotations.line"))
    return find(Tab, "annotations")


def cells(find) -> list[list[str]]:
    model = find(QTableView, "annotations.classes").model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_it_says_what_was_found_and_where(page, find):
    assert words(find, "annotations.line") == "Boxes: 3 in 2 of 4 pictures, 2 classes, from COCO."
    assert "COCO: 3 boxes for 2 pictures, from 1 file, /pets/boxes.json." in words(
        find, "annotations.details"
    )
    assert cells(find) == [["", "cat", "2", "kept"], ["", "dog", "1", "kept"]]


def test_the_tab_fits_explains_how_boxes_are_drawn_that_get_lost(page, find):
    assert "dashed and crossed out" in find(QLabel, "fits.hint").text()


def test_a_class_is_renamed_merged_left_out_and_taken_back(page, app, find, qtbot):
    model = find(QTableView, "annotations.classes").model()
    where = model.index(1, NEW)

    def chosen(wanted: str) -> tuple[str, ...]:
        qtbot.waitUntil(lambda: cells(find)[1][NEW] == wanted)
        return app.controller.screen.options.object_classes

    model.setData(where, "cat")
    assert chosen("merged into cat") == ("dog=cat",)
    assert cells(find)[0][NEW] == "kept"
    model.setData(where, "puppy")
    assert chosen("renamed puppy") == ("dog=puppy",)
    model.setData(where, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    assert chosen("left out") == ("dog=",)
    model.setData(where, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert chosen("kept") == ()
    model.setData(where, "cat")
    assert chosen("merged into cat") == ("dog=cat",)
    app.window.menus["undo"].trigger()
    assert chosen("kept") == ()


def test_a_class_is_hidden_by_its_eye_and_stays_in_the_stack(page, app, find, qtbot):
    table = find(QTableView, "annotations.classes")
    where = table.model().index(0, SHOWN)
    for is_hidden in (True, False):
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(where).center())
        assert overlay().hidden == (frozenset({"cat"}) if is_hidden else frozenset())
        assert where.data(Qt.ItemDataRole.AccessibleTextRole) == ("hidden" if is_hidden else "shown")
    table.setCurrentIndex(where)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert overlay().hidden == frozenset({"cat"})
    assert app.controller.screen.options.object_classes == ()


def test_names_of_classes_are_forgotten_with_their_pictures_but_not_how_boxes_are_taken(page, app, find):
    model = find(QTableView, "annotations.classes").model()
    model.setData(model.index(1, NEW), "cat")
    find(QDoubleSpinBox, "annotations.least_visible").setValue(0.25)
    app.controller.projects.start_new()
    options = app.controller.screen.options
    assert (options.object_classes, options.least_visible) == ((), 0.25)
    app.window.menus["undo"].trigger()
    assert app.controller.screen.options.object_classes == ("dog=cat",)


def test_the_switch_of_the_tab_and_of_the_menu_are_one(page, app, find):
    shown = find(QCheckBox, "annotations.shown")
    app.window.toggle_boxes()
    assert not shown.isChecked()
    shown.click()
    assert app.window.shows_boxes()


def test_the_fields_change_the_options(page, app, find):
    find(QDoubleSpinBox, "annotations.least_visible").setValue(0.25)
    assert app.controller.screen.options.least_visible == 0.25


def test_another_place_is_searched_and_none_is_said(page, app, find, qtbot, behaviour):
    behaviour.catalog = replace(behaviour.catalog, annotations=None)
    place = find(QComboBox, "annotations.place")
    place.activated.emit(place.findData("none"))
    qtbot.waitUntil(lambda: app.controller.screen.scan_options.annotations == "none")
    qtbot.waitUntil(lambda: "as chosen" in words(find, "annotations.line"))
    assert find(QTableView, "annotations.classes").isHidden()
    page.choose_place("/elsewhere/boxes.json")
    assert app.controller.screen.scan_options.annotations == "/elsewhere/boxes.json"


def test_the_first_pixel_is_asked_only_of_files_that_leave_it_open(page, app, find, behaviour, reach):
    field = find(QComboBox, "annotations.voc_origin")
    assert not field.isVisible()
    voc = replace(behaviour.catalog.annotations, sources=(AnnotationSource(VOC_TITLE, "/pets", 2, 2, 3, 0),))
    behaviour.catalog = replace(behaviour.catalog, annotations=voc)
    page.choose_place("/pets")
    reach(State.READY)
    assert field.isVisible()


def test_without_annotations_it_says_where_they_may_be(page, find, behaviour, reach):
    behaviour.catalog = replace(behaviour.catalog, annotations=None)
    page.choose_place("/pets")
    reach(State.READY)
    assert words(find, "annotations.line") == "No annotation files were found."
    assert "choose the file or the folder" in words(find, "annotations.details")
    assert not find(QComboBox, "annotations.crowds").isVisible()


def test_outlines_can_be_drawn_as_masks_where_there_are_none(page, app, find, qtbot):
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "masks.page"))

    def fields() -> list[str]:
        return [name for name in FIELDS if find(QWidget, f"masks.{name}").isVisible()]

    assert "drawn from the outlines" in words(find, "masks.details")
    assert fields() == ["draw_masks"]
    choose(find, qtbot, "masks.draw_masks", "of each object")
    qtbot.waitUntil(lambda: fields() == ["ignore_value", "draw_masks"])


def test_a_fit_that_cuts_boxes_says_so(page, app, find, qtbot):
    app.controller.choose_options(Options(size=Size.parse("50x50"), fit=Fit.CROP))
    qtbot.waitUntil(lambda: "cut" in words(find, "annotations.details"))


def test_names_of_classes_have_room_in_a_small_window(page, app, find, qtbot):
    header = find(QTableView, "annotations.classes").horizontalHeader()
    for size in ((960, 600), (1366, 768)):
        app.window.resize(*size)
        qtbot.waitUntil(
            lambda: all(header.sectionSize(at) >= header.sectionSizeHint(at) for at in range(header.count()))
        )


def test_what_is_in_pixels_says_so(page, find):
    units = {
        name: find(QDoubleSpinBox, f"annotations.{name}").suffix() for name in ("least_side", "least_visible")
    }
    assert units == {"least_side": " px", "least_visible": ""}


def test_plan_and_overview_say_before_the_run_what_becomes_of_boxes(page, app, find, qtbot):
    said = "3 boxes of 2 classes in 2 pictures"
    qtbot.waitUntil(lambda: words(find, "plan.boxes").startswith(said))
    app.controller.choose_options(Options(size=Size.parse("50x50"), fit=Fit.CROP))
    qtbot.waitUntil(lambda: "3 are left out" in words(find, "plan.boxes"))
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "overview"))
    lines = find(Tab, "overview").findChildren(Words)
    qtbot.waitUntil(lambda: any("3 are left out" in line.text() for line in lines if line.isVisible()))


def test_boxes_of_a_picture_that_turns_out_to_be_broken_are_lost_before_the_run_too(
    page, app, behaviour, find, qtbot
):
    behaviour.checks = replace(behaviour.checks, problem=Coded.from_values(["", "it is cut off", "", ""]))
    said = "1 box of 2 classes in 1 picture; 2 are lost with their pictures, which cannot be read"
    app.controller.choose_size(40, 40)
    qtbot.waitUntil(lambda: words(find, "plan.boxes").startswith(said))
    qtbot.waitUntil(lambda: words(find, "annotations.line").startswith("Boxes: 1 in 1 of"))
    assert "2 boxes are left out with their pictures" in words(find, "annotations.details")
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.fits)
    figures = find(QLabel, "fits.pad.figures")
    app.controller.choose_options(Options(size=Size.parse("50x50"), fit=Fit.CROP))
    qtbot.waitUntil(lambda: "loses 1 box" in find(QLabel, "fits.crop.figures").text())
    assert "keeps every box" in figures.text()
