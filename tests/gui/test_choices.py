"""Every choice, made as a person makes it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QWidget,
)

from stackgui.core.base.choice_table import Group, Unspelled, choice, choices_of
from stackgui.core.base.choices import Channels, Fit
from stackgui.core.base.kinds import Flag, Number, OneOf, Text, Whole
from stackgui.core.base.list_kinds import Names
from stackgui.core.base.size import Size, SizeKind
from stackgui.core.catalog.selection import Selection
from stackgui.core.labels.labels import Labels
from stackgui.core.options.options import Options
from stackgui.gui.app import dialogs
from stackgui.gui.control import transitions
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found import annotations, masks
from stackgui.gui.panels.plan.details import DRAWN_ELSEWHERE, OF_THE_RUN, OF_THE_STACK, WORDS
from stackgui.gui.widgets.choice_fields import field_for
from stackgui.gui.widgets.drop_down import DropDown
from tests.gui.acting import choose, words


def test_size_by_keyboard(ready, app, find, click, qtbot):
    click("plan.size.exact")
    height = find(QAbstractSpinBox, "plan.size.height")
    height.selectAll()
    qtbot.keyClicks(height, "64")
    assert app.controller.screen.options.size == Size.exact(300, 200), "half a number is no wish"
    qtbot.keyClick(height, Qt.Key.Key_Return)
    assert app.controller.screen.options.size == Size.exact(64, 200)
    assert words(find, "memory.shape") == "(4, 64, 200, 3) uint8"


def test_size_for_most_pictures(ready, app, find, click):
    click("plan.size.percentile")
    find(QAbstractSpinBox, "plan.size.share").setValue(50)
    assert app.controller.screen.options.size == Size(SizeKind.PERCENTILE, percentile=50.0)
    assert words(find, "plan.size.reached") == "160 × 120"
    click("plan.size.max")
    assert app.controller.screen.options.size == Size()


def test_a_size_dragged_in_the_plot_changes_everything_that_shows_it(ready, app, find, qtbot):
    app.window.found.sizes.plot.target_dragged.emit(33, 44)
    qtbot.waitUntil(lambda: app.controller.screen.options.size == Size.exact(33, 44))
    assert find(QAbstractSpinBox, "plan.size.height").value() == 33
    assert find(QAbstractButton, "plan.size.exact").isChecked()
    assert words(find, "memory.shape") == "(4, 33, 44, 3) uint8"


def test_fit_and_place_by_click(ready, app, find, click):
    click("plan.fit.letterbox")
    click("plan.anchor.bottom-right")
    options = app.controller.screen.options
    assert (options.fit.value, options.anchor.value) == ("letterbox", "bottom-right")
    click("plan.fit.stretch")
    assert not find(QAbstractButton, "plan.anchor.center").isEnabled(), (
        "a stretched picture has no place to choose"
    )


def test_every_other_choice_opens_without_a_dialog(ready, app, find, click, qtbot):
    assert not find(QWidget, "plan.details").isVisible()
    click("plan.more")
    assert find(QWidget, "plan.details").isVisible()
    choose(find, qtbot, "plan.channels", "palette indices (label pictures)")
    assert app.controller.screen.options.channels is Channels.INDEX
    choose(find, qtbot, "plan.channels", "grey")
    choose(find, qtbot, "plan.dtype", "float32")
    choose(find, qtbot, "plan.scale", "unchanged")
    choose(find, qtbot, "plan.layout", "NCHW: colours first")
    choose(find, qtbot, "plan.labels", "none")
    choose(find, qtbot, "plan.resample", "area: average")
    assert not find(QWidget, "plan.resizer").isEnabled()  # it is Pillow in any case
    choose(find, qtbot, "plan.resample", "Lanczos: sharpest")
    choose(find, qtbot, "plan.resizer", "Pillow: bit for bit its results")
    choose(find, qtbot, "plan.reduce", "the bits that the file says it uses")
    choose(find, qtbot, "plan.non_finite", "set to zero")
    choose(find, qtbot, "plan.alpha", "put the background colour behind it")
    field = find(QLineEdit, "plan.background")
    field.setText("nonsense")
    field.editingFinished.emit()
    assert field.text() == "#ffffff"
    field.setText("#00ff7F")
    field.editingFinished.emit()
    choose(find, qtbot, "plan.icc", "convert to sRGB")
    choose(find, qtbot, "plan.decode", "draft: faster, slightly different")
    choose(find, qtbot, "plan.storage", "in a file")
    choose(find, qtbot, "plan.on_error", "stop")
    find(QAbstractSpinBox, "plan.fill").setValue(0.5)
    screen = app.controller.screen
    assert screen.options.to_json() == {
        "size": "max", "fit": "pad", "anchor": "top-left", "fill": 0.5, "channels": "grey",
        "dtype": "float32", "scale": "none", "layout": "NCHW", "labels": "none", "resample": "lanczos",
        "reduce": "file-depth", "non_finite": "zero", "alpha": "compose", "background": "#00ff7f",
        "icc": "srgb", "decode": "draft", "buckets": 1, "multiple": 1, "smallest_px": 1, "exclude": [],
        "shrink": [], "split": "found", "shuffle": False, "seed": 0, "classes": [],
    }  # fmt: skip
    assert (screen.run.storage.value, screen.run.on_error.value) == ("file", "stop")
    assert words(find, "memory.shape") == "(4, 1, 300, 200) float32"
    click("plan.reset")
    assert app.controller.screen.options == Options()


@pytest.mark.parametrize("name", [*OF_THE_STACK, *OF_THE_RUN])
def test_the_window_offers_every_value_of_a_choice(qtbot, name):
    declared = {**OF_THE_STACK, **OF_THE_RUN}[name]
    chosen = []
    field = field_for(declared, name, WORDS.get(name, {}), chosen.append)
    qtbot.addWidget(field.widget)
    assert (field.widget.accessibleName(), field.widget.toolTip()) == (declared.caption, declared.about)
    if not isinstance(declared.kind, OneOf):
        return
    offered = [field.widget.itemText(place) for place in range(field.widget.count())]
    assert len(set(offered)) == len(offered)
    for place in range(len(offered)):
        field.widget.activated.emit(place)
    assert sorted(chosen) == sorted(declared.kind.names)
    assert set(WORDS[name]) == set(declared.kind.names), "each value is put into words"


@pytest.mark.parametrize(
    ("kind", "default", "act", "value"),
    [
        (Whole(0, 9), 0, lambda box: box.setValue(3), 3),
        (Flag(), False, lambda box: box.click(), True),
        (Number(), 0.0, lambda box: box.setValue(2.5), 2.5),
        (OneOf(Fit), Fit.PAD, lambda box: box.activated.emit(1), Fit.LETTERBOX),
        (Text(), "", lambda line: (line.setText("a"), line.editingFinished.emit()), "a"),
        (Names(), (), lambda line: (line.setText("a, b"), line.editingFinished.emit()), ("a", "b")),
    ],
)
def test_a_new_choice_has_a_field_of_its_own(qtbot, kind, default, act, value):
    @dataclass(frozen=True)
    class Table:
        new: object = choice(
            default, kind, "new", "It is new.", Unspelled("-"), group=Group.RUN, decides_contents=False
        )

    chosen = []
    field = field_for(choices_of(Table)["new"], "new", {}, chosen.append)
    qtbot.addWidget(field.widget)
    field.show(default)
    act(field.widget)
    assert chosen == [value]
    assert field.widget.toolTip() == "It is new."


def test_fields_show_values_as_people_write_them(qtbot):
    declared = {**OF_THE_STACK, **OF_THE_RUN}
    shown = []
    for name, value in (("fill", 0.0), ("fill", 12.5), ("not_classes", ()), ("not_classes", ("a, b", "c"))):
        field = field_for(declared[name], name, {}, print)
        qtbot.addWidget(field.widget)
        field.show(value)
        shown.append(field.widget.text())
    assert shown == ["0", "12.5", "", '"a, b", c']
    assert declared["not_classes"].kind.parse(shown[-1]) == ("a, b", "c")


def test_an_entry_that_is_cut_off_says_so(qtbot):
    box = DropDown()
    box.addItems(["a", "an entry that is much longer than its field is wide"])
    qtbot.addWidget(box)
    box.resize(120, 26)
    assert box.shown_text() == "a"
    box.setCurrentIndex(1)
    assert box.shown_text().startswith("an entry")
    assert box.shown_text().endswith("…")


def test_each_option_is_drawn_in_the_window():
    of_annotations, of_masks = (
        {name for name, each in choices_of(Options).items() if each.group is group}
        for group in (Group.ANNOTATIONS, Group.MASKS)
    )
    drawn = DRAWN_ELSEWHERE | set(OF_THE_STACK) | of_annotations | of_masks
    assert drawn == set(choices_of(Options))
    assert set(annotations.OF_THE_STACK) == of_annotations - {"object_classes"}
    assert set(masks.FIELDS) == of_masks - {"mask_classes"}
    assert set(choices_of(Options)) >= DRAWN_ELSEWHERE


def test_a_choice_that_cannot_be_met_says_so_where_it_is_made_and_at_the_button(ready, find, click, reach):
    click("plan.more")
    find(QAbstractSpinBox, "plan.fill").setValue(300)
    reach(State.BLOCKED)
    assert "fill value of 300" in words(find, "plan.effects")
    assert "fill value of 300" in words(find, "save.line")
    assert not find(QPushButton, "save.convert").isEnabled()


def test_the_place_can_be_typed_or_picked(ready, app, find, click, qtbot, tmp_path, monkeypatch, reach):
    path = find(QLineEdit, "save.destination")
    path.selectAll()
    qtbot.keyClicks(path, str(tmp_path / "typed"))
    qtbot.keyClick(path, Qt.Key.Key_Return)
    assert app.controller.screen.run.destination == str(tmp_path / "typed")
    reach(State.READY)
    monkeypatch.setattr(dialogs, "ask_destination", lambda *_: str(tmp_path / "picked"))
    click("save.change")
    assert path.text() == str(tmp_path / "picked")


def test_a_mere_name_lies_in_the_folder_of_the_place_before(
    ready, app, find, qtbot, tmp_path, monkeypatch, reach
):
    monkeypatch.chdir(tmp_path)
    before, path = app.controller.screen.run.destination, find(QLineEdit, "save.destination")
    path.selectAll()
    qtbot.keyClicks(path, "my birds")
    qtbot.keyClick(path, Qt.Key.Key_Return)
    assert path.text() == str(Path(before).with_name("my birds"))
    assert not Path(before).parent.is_relative_to(tmp_path), "it was not started there"
    reach(State.READY)


@pytest.mark.parametrize("way", ["button", "menu"])
def test_convert_takes_what_is_still_being_typed(ready, app, find, click, qtbot, tmp_path, reach, way):
    path = find(QLineEdit, "save.destination")
    path.setFocus()
    path.selectAll()
    qtbot.keyClicks(path, str(tmp_path / "typed"))
    if way == "button":
        click("save.convert")
    else:
        app.window.menus["convert"].trigger()
    reach(State.FINISHED)
    assert app.controller.screen.end.destination == str(tmp_path / "typed")


def test_convert_does_not_wait_for_other_choices(ready, app, find, click, qtbot, tmp_path, reach):
    app.controller.choose_destination(str(tmp_path / "one"))
    assert app.controller.screen.is_being_checked
    click("save.convert")
    app.controller.choose_destination(str(tmp_path / "two"))
    reach(State.READY)
    app.controller.poll()
    assert app.controller.screen.running is None


@pytest.mark.parametrize("typed", ["~/deep/pets", "$HOME/deep/pets"])
def test_a_home_folder_can_be_typed(ready, app, find, qtbot, home, typed):
    path = find(QLineEdit, "save.destination")
    path.selectAll()
    qtbot.keyClicks(path, typed)
    qtbot.keyClick(path, Qt.Key.Key_Return)
    assert app.controller.screen.run.destination == str(home / "deep" / "pets")
    assert path.text() == str(home / "deep" / "pets")


def test_a_place_that_is_taken_has_another_beside_it(
    ready, app, find, click, behaviour, tmp_path, reach, qtbot
):
    assert not find(QAbstractButton, "save.free").isVisible()
    behaviour.taken.add(str(tmp_path / "old"))
    app.controller.choose_destination(str(tmp_path / "old"))
    qtbot.waitUntil(lambda: find(QAbstractButton, "save.free").isVisible())
    assert find(QAbstractButton, "save.free").text() == "Save as “old 2”"
    click("save.free")
    reach(State.READY)
    assert app.controller.screen.run.destination == str(tmp_path / "old 2")
    assert not find(QAbstractButton, "save.free").isVisible()


def test_an_older_stack_can_be_replaced_by_a_tick(ready, app, find, click, behaviour, tmp_path, reach, qtbot):
    assert not find(QAbstractButton, "save.replace").isVisible()
    behaviour.taken.add(str(tmp_path / "old"))
    app.controller.choose_destination(str(tmp_path / "old"))
    qtbot.waitUntil(lambda: find(QAbstractButton, "save.replace").isVisible())
    assert "is there already" in words(find, "save.line")
    click("save.replace")
    reach(State.READY)


def test_all_that_was_done_is_taken_back_and_made_again(ready, app, click, find, reach):
    before = app.controller.screen.options
    click("plan.fit.letterbox")
    click("plan.anchor.center")
    assert app.window.menus["undo"].text() == "&Undo: Change “Place in the row”"
    app.window.menus["undo"].trigger()
    assert app.window.menus["redo"].text() == "&Redo: Change “Place in the row”"
    app.window.menus["undo"].trigger()
    assert app.controller.screen.options == before
    assert find(QAbstractButton, "plan.fit.pad").isChecked()
    assert app.window.menus["undo"].text() == "&Undo: Add 2 sources"
    app.window.menus["undo"].trigger()
    assert not app.window.menus["undo"].isEnabled()
    assert app.controller.screen.state is State.EMPTY
    app.window.menus["redo"].trigger()
    reach(State.READY)
    app.window.menus["redo"].trigger()
    assert app.controller.screen.options.fit.value == "letterbox"
    assert app.controller.screen.plan.options == app.controller.screen.options
    click("plan.fit.crop")
    assert not app.window.menus["redo"].isEnabled()


def test_labels_that_are_not_on_the_list_are_shown_as_they_were_written(ready, app, find):
    labels = Labels.parse("regex:^(?P<label>.)")
    app.controller.choose_options(Options(labels=labels))
    box = find(QComboBox, "plan.labels")
    assert (box.currentIndex(), box.placeholderText()) == (-1, str(labels))
    assert app.controller.screen.plan.options.labels == labels


def test_the_largest_found_is_the_largest_that_gets_a_row(ready, app, find):
    assert words(find, "plan.size.found") == "200 × 300"
    tallest = Selection("that is the tallest", np.array([1]))
    app.controller.choose_options(transitions.excluding(app.controller.screen, tallest, wanted=True))
    assert words(find, "plan.size.found") == "200 × 120"
    app.controller.choose_size(7, 9)
    assert words(find, "plan.size.found") == "200 × 120", "whatever is chosen instead"
