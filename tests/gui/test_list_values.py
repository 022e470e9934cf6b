"""Columns of numbers, columns to keep and several labels are chosen where lists are."""

from PySide6.QtWidgets import QComboBox, QToolButton

from stackgui.core.base.choices import LabelForm, RepeatedLines
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.lists.list_look import ListLook
from stackgui.core.options.options import Options
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found.list_choice import ListChoice
from stackgui.gui.panels.sources.lists import ListsPart
from tests.gui.acting import choose


def tick(button: QToolButton, name: str) -> None:
    (entry,) = [each for each in button.menu().actions() if each.text() == name]
    entry.trigger()


def test_columns_of_a_label_list_are_ticked_and_used_with_it(qtbot):
    choice, looked, mends = ListChoice(), [], []
    qtbot.addWidget(choice)
    choice.look_wanted.connect(looked.append)
    choice.mend_wanted.connect(mends.append)
    choice.present(ScanOptions(), Options())
    choice.choose_list("/lists/labels.csv")
    columns = ("file", "label", "age", "site")
    choice.show_look(ListLook(looked[-1], columns, ""))
    tick(choice.findChild(QToolButton, "labels.list.targets"), "age")
    tick(choice.findChild(QToolButton, "labels.list.keep_columns"), "all others")
    wanted = looked[-1]
    assert (wanted.targets, wanted.keep_columns) == (("age",), ("*",))
    assert choice.findChild(QToolButton, "labels.list.targets").text() == "Targets: age"
    choice.show_look(ListLook(wanted, columns, ""))
    choice.findChild(QToolButton, "labels.list.targets").menu()
    choice._tell_use()
    assert dict(mends[-1].choices)["targets"] == ["age"]
    box = choice.findChild(QComboBox, "labels.list.form")
    box.activated.emit(box.findText("several labels, as a table of 0 and 1"))
    assert dict(mends[-1].choices) == {"label_form": "many"}


def test_columns_of_a_list_of_files_are_ticked_below_the_sources(
    ready, app, behaviour, find, qtbot, tmp_path, reach
):
    listed = tmp_path / "list.csv"
    listed.write_text("file,age\n1.png,3\n")
    behaviour.catalog = behaviour.catalog.__class__.from_json(behaviour.catalog.to_json())
    app.controller.add_sources([str(listed)])
    reach(State.READY)
    part = find(ListsPart, "lists")
    assert part.findChild(QComboBox, "lists.label_list") is None, "a place is chosen elsewhere"
    part._offer(("file", "age"))
    ticks = find(QToolButton, "lists.targets")
    ticks.show_names(("file", "age"), ())
    tick(ticks, "age")
    reach(State.READY)
    assert app.controller.screen.scan_options.targets == ("age",)
    choose(find, qtbot, "lists.repeated_lines", "one row with all labels")
    reach(State.READY)
    assert app.controller.screen.scan_options.repeated_lines is RepeatedLines.JOIN
    assert app.controller.screen.options.label_form is LabelForm.ONE
