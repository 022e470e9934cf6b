"""The label assistant: clicking the part of a path that is the label, and what follows from it."""

from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabWidget,
    QWidget,
)

from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.lists.list_look import ListLook, ListOffer
from stackgui.core.options.options import Options
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found.list_choice import COLUMNS, ListChoice
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.widgets.eye_order import stops
from tests.gui.acting import words
from tests.making import make_catalog

TINY = [
    *(f"tiny/train/n0{kind}/images/n0{kind}_{number}.png" for kind in (1, 2) for number in range(3)),
    *(f"tiny/val/images/val_{number}.png" for number in range(2)),
    "readme/shot.png",
]


@pytest.fixture
def show(app, behaviour, folders, reach, find, click):
    def begin(paths: list[str]) -> None:
        behaviour.catalog = make_catalog([(30, 40)] * len(paths), path=paths)
        app.controller.add_sources(folders[:1])
        reach(State.READY)
        find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "labels"))
        click("labels.choose")

    return begin


@pytest.fixture
def parts(find):
    """The parts of the example that can be clicked, by their texts, in one of the two lines."""

    def look(line: str) -> dict[str, QAbstractButton]:
        found = find(Tab, "labels").findChildren(QAbstractButton)
        prefix = f"labels.path.{line}."
        return {
            each.text(): each
            for each in found
            if each.objectName().startswith(prefix) and not each.isHidden()
        }

    return look


@pytest.fixture
def point(parts, qtbot):
    def act(line: str, text: str) -> None:
        qtbot.waitUntil(lambda: text in parts(line))
        parts(line)[text].click()

    return act


def test_a_click_takes_a_folder_of_any_level(show, app, parts, point, qtbot):
    show(TINY)
    assert app.controller.screen.plan.classes == ("readme", "tiny")
    assert list(parts("label")) == ["tiny", "train", "n01", "images", "0"]
    assert [text for text, part in parts("label").items() if part.isChecked()] == ["tiny"], "taken by itself"
    point("label", "train")
    qtbot.waitUntil(lambda: str(app.controller.screen.options.labels) == "level:2")
    point("label", "images")
    qtbot.waitUntil(lambda: str(app.controller.screen.options.labels) == "level:4")
    point("split", "train")
    qtbot.waitUntil(lambda: str(app.controller.screen.options.split) == "level:2")
    assert app.controller.screen.plan.parts == ("train", "validation")
    assert [text for text, part in parts("split").items() if part.isChecked()] == ["train"]
    point("split", "train")
    qtbot.waitUntil(lambda: str(app.controller.screen.options.split) == "found")


def test_examples_of_other_kinds_are_shown(show, app, find, click, parts):
    show(TINY)
    assert words(find, "labels.example") == "Choose what the label is. Example 1 of 4."
    assert "readme" not in parts("label")
    click("labels.example.next")
    click("labels.example.next")
    assert "readme" in parts("label")
    click("labels.example.before")
    assert words(find, "labels.example").endswith("Example 2 of 4.")


def test_folders_are_counted_from_the_file_where_depths_differ(show, app, find, click, point, qtbot):
    show(TINY)
    box = find(QCheckBox, "labels.fromFile")
    assert box.isVisible()
    box.click()
    point("label", "images")
    qtbot.waitUntil(lambda: str(app.controller.screen.options.labels) == "level:-1")
    box.click()
    qtbot.waitUntil(lambda: str(app.controller.screen.options.labels) == "level:4")


def test_a_piece_of_the_name_becomes_a_pattern_that_can_be_changed(show, app, find, point, qtbot):
    show([f"{name}.{number:03}.jpg" for name in ("cat", "dog") for number in range(3)])
    assert not find(QCheckBox, "labels.fromFile").isVisible()
    point("label", "cat")
    qtbot.waitUntil(lambda: app.controller.screen.plan.classes == ("cat", "dog"))
    field = find(QLineEdit, "labels.pattern")
    assert field.text() == "{label}.{number}.*"
    field.setText("{split}.{label}.*")
    field.editingFinished.emit()
    qtbot.waitUntil(lambda: app.controller.screen.plan.parts == ("cat", "dog"))
    field.setText("*.jpg")
    field.editingFinished.emit()
    assert (
        words(find, "labels.pattern.problem") == "“*.jpg” must contain {label} once, in place of the label."
    )
    assert find(QLabel, "labels.pattern.problem").isVisible()
    field.setText(r"^(?P<label>[a-z])")
    field.editingFinished.emit()
    qtbot.waitUntil(lambda: app.controller.screen.plan.classes == ("c", "d"))
    app.controller.travel(back=True)
    qtbot.waitUntil(lambda: field.text() == "{split}.{label}.*")


def test_each_class_is_shown_with_a_picture(show, app, find, point, qtbot):
    show([*(f"{name}/{number}.png" for name in ("cat", "dog") for number in range(3)), "stray.png"])
    names = [find(QLabel, f"labels.examples.{place}.name") for place in range(4)]
    qtbot.waitUntil(lambda: [name.text() for name in names if name.isVisible()] == ["cat", "dog", "no label"])
    assert find(Tab, "labels").samples_in_view() == (0, 3, 6)
    pictures = [find(QWidget, f"labels.examples.{place}.picture") for place in range(3)]
    qtbot.waitUntil(lambda: [each.accessibleName() for each in pictures] == ["0.jpg", "3.jpg", "6.jpg"])


def test_the_plan_leads_to_the_assistant(ready, app, find):
    app.window.plan.open_details(opened=True)
    find(QAbstractButton, "plan.labels.example").click()
    assert find(QTabWidget, "found.tabs").currentWidget() is find(Tab, "labels")
    assert find(QWidget, "labels.assistant").isVisible()


def test_lines_of_buttons_that_wrap_do_not_cover_each_other(qtbot):
    choice = ListChoice()
    qtbot.addWidget(choice)
    choice.present(ScanOptions(label_list="/lists/labels.csv"), Options())
    choice.show()
    choice.resize(300, choice.heightForWidth(300))
    names = ("name", "other", "drop", *COLUMNS)
    places = [choice.findChild(QWidget, f"labels.list.{name}").geometry() for name in names]
    assert len({place.top() for place in places}) > 2, "they wrap"
    for place, other in combinations(places, 2):
        assert not place.intersects(other)
    assert all(choice.rect().contains(place) for place in places)


def test_lists_are_offered_with_how_much_of_them_matches(qtbot):
    choice = ListChoice()
    qtbot.addWidget(choice)
    choice.offer([ListOffer("/pets/val.txt", 0.98), ListOffer("/pets/words.txt")])
    box = choice.findChild(QComboBox, "labels.list.name")
    entries = [box.itemText(place) for place in range(box.count())]
    assert entries == ["none", "val.txt (98 % of the lines match)", "words.txt (no line matches)"]


def test_what_a_list_gives_is_told_while_it_is_chosen_and_once_it_is_used(
    show, app, engine, find, click, qtbot, tmp_path, reach
):
    def look(options, _catalog, _control):
        return ListLook(options, ("1", "2"), "", matches="2 of 2 lines match.")

    engine.look_at_list.side_effect = look
    engine.lists_among.return_value = ()
    listed = tmp_path / "labels.txt"
    listed.write_text("val_0.png\tn01\n")
    show(TINY)
    find(Tab, "labels").list.choose_list(str(listed))
    told = find(QLabel, "labels.list.result")
    qtbot.waitUntil(lambda: "2 of 2 lines match." in told.text())
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    find(QAbstractButton, "labels.list.use").setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: app.controller.screen.scan_options.label_list == str(listed))
    reach(State.READY)
    qtbot.waitUntil(lambda: "2 of 2 lines match." in told.text())
    assert find(QAbstractButton, "labels.list.drop").isVisible()
    assert find(ListChoice, "labels.list").isAncestorOf(QApplication.focusWidget()), "it stays where it was"


def test_tab_stops_at_one_part_and_the_arrow_keys_go_to_the_others(show, app, find, parts, qtbot):
    show(TINY)
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    line = parts("label")
    assert [each for each in stops(find(QWidget, "labels.path.label")) if each.isEnabled()] == [line["tiny"]]
    line["tiny"].setFocus()
    qtbot.keyClick(line["tiny"], Qt.Key.Key_Left)
    assert line["tiny"].hasFocus(), "the first of them"
    qtbot.keyClick(line["tiny"], Qt.Key.Key_Right)
    assert line["train"].hasFocus()
    assert list(stops(find(QWidget, "labels.path.label"))) == [line["train"]]
    qtbot.keyClick(line["train"], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: str(app.controller.screen.options.labels) == "level:2")
    qtbot.waitUntil(parts("label")["train"].isChecked)
    assert parts("label")["train"].hasFocus()
    app.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.keyClick(parts("label")["train"], Qt.Key.Key_Left)
    assert QApplication.focusWidget().objectName() == "labels.path.label.2"
