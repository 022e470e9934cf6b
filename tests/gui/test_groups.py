"""What keeps pictures together, chosen in the window, and what could not be met."""

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QLineEdit, QTabWidget

from stackgui.core.base.columns import Paths
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.labels import Labels
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found.tab import Tab
from tests.gui.acting import words
from tests.making import make_catalog

PATIENTS = [f"all/p{patient:02}_{number}.png" for patient in range(20) for number in range(5)]


@pytest.fixture
def show(app, behaviour, folders, reach, find, click):
    def begin(paths: list[str], **columns) -> None:
        behaviour.catalog = make_catalog([(30, 40)] * len(paths), path=paths, **columns)
        app.controller.add_sources(folders[:1])
        reach(State.READY)
        click("plan.more")
        box = find(QComboBox, "plan.split")
        box.activated.emit(box.findText("80 % train, 10 validation, 10 test"))
        reach(State.READY)

    return begin


def choose(find, reach, text: str) -> None:
    box = find(QComboBox, "plan.groups")
    box.activated.emit(box.findText(text))
    reach(State.READY)


def test_groups_are_chosen_by_example(show, app, find, reach, qtbot):
    show(PATIENTS)
    assert find(QLabel, "plan.groups.line").isHidden()
    choose(find, reach, "by example…")
    assert find(QTabWidget, "found.tabs").currentWidget() is find(Tab, "labels")
    assert words(find, "labels.example").startswith("Choose what keeps pictures together. Example 1 of")
    parts = {
        each.text(): each
        for each in find(Tab, "labels").findChildren(QAbstractButton)
        if each.objectName().startswith("labels.path.group.")
    }
    parts["p00"].click()
    qtbot.waitUntil(lambda: str(app.controller.screen.options.group_by) == "name:{group}_{number}.*")
    reach(State.READY)
    assert words(find, "plan.groups.line") == (
        "20 groups from the files’ names; the largest, p00, has 5 of 100 pictures. "
        "Next come p01 (5), p02 (5)."
    )
    plan = app.controller.screen.plan
    assert sorted(plan.split.counts().values()) == [10, 10, 80]
    assert "with whole groups" in words(find, "labels.split.line")
    assert find(QComboBox, "plan.groups").currentText() == "the files’ names"
    stratify = find(QCheckBox, "plan.stratify")
    assert (stratify.isChecked(), stratify.isEnabled()) == (True, False)
    choose(find, reach, "nothing")
    assert app.controller.screen.options.group_by == Groups.NONE
    assert (stratify.isChecked(), stratify.isEnabled()) == (False, True)


def test_the_label_is_asked_for_again_after_groups(show, find, reach, click):
    show(PATIENTS)
    choose(find, reach, "by example…")
    click("plan.labels.example")
    assert words(find, "labels.example").startswith("Choose what the label is. Example 1 of")


def test_a_new_project_forgets_what_was_read_from_names(show, app, find, reach, qtbot):
    show(PATIENTS)
    choose(find, reach, "by example…")
    field = find(QLineEdit, "labels.pattern")
    field.setText("{label}{group}_*")
    field.editingFinished.emit()
    qtbot.waitUntil(lambda: app.controller.screen.options.group_by != Groups.NONE)
    split = app.controller.screen.options.split
    app.window.menus["new"].trigger()
    options = app.controller.screen.options
    assert (options.labels, options.split, options.group_by) == (Labels.AUTO, split, Groups.NONE)


def test_what_could_not_be_met_is_said_before_the_run(show, app, find, reach, qtbot):
    show([*(f"big/{number:03}.png" for number in range(60)), "a/1.png", "b/1.png", "c/1.png"])
    choose(find, reach, "the first folders")
    qtbot.waitUntil(lambda: not find(QLabel, "plan.groups.unmet").isHidden())
    unmet = words(find, "plan.groups.unmet")
    assert "The shares came out as train 97 % instead of 80 %" in unmet
    assert "The group big has 60 of 63 pictures" in unmet
    assert "--" not in unmet
    qtbot.waitUntil(lambda: app.controller.screen.problems.of_kind("large-group") is not None)


def test_a_column_of_a_list_is_offered_and_then_read(show, app, find, reach):
    texts = Paths.from_names(path[4:7] for path in PATIENTS)
    values = ListValues((), np.zeros((len(PATIENTS), 0), np.float32), ("patient",), (texts,))
    show(PATIENTS, list_columns=("file", "patient"), values=values)
    choose(find, reach, "the column “patient”")
    assert words(find, "plan.groups.line").startswith("20 groups from the column “patient”")
    assert app.controller.screen.scan_options.keep_columns == ("patient",)


def test_a_pattern_may_find_groups_alone(show, app, find, reach, qtbot):
    show(PATIENTS)
    choose(find, reach, "by example…")
    field = find(QLineEdit, "labels.pattern")
    labels = app.controller.screen.options.labels
    field.setText("{group}_*")
    field.editingFinished.emit()
    qtbot.waitUntil(lambda: str(app.controller.screen.options.group_by) == "name:{group}_*")
    assert app.controller.screen.options.labels == labels
    field.setText("")
    field.editingFinished.emit()
    qtbot.waitUntil(lambda: app.controller.screen.options.group_by == Groups.NONE)
