"""Labels, and what goes where."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QTableView, QTabWidget

from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.plan.split_table import split_table
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.widgets.label_bars import LabelBars
from tests.gui.acting import words


@pytest.fixture
def page(ready, app, find):
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "labels"))
    return find(Tab, "labels")


@pytest.fixture
def split(app):
    def choose(text: str, **others) -> None:
        options = app.controller.screen.options
        app.controller.choose_options(replace(options, split=Split.parse(text), **others))

    return choose


def cells(find) -> list[list[str]]:
    model = find(QTableView, "labels.table").model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_table_says_what_goes_where(page, app, find, split):
    assert find(QTableView, "labels.table").isHidden()
    assert words(find, "labels.split.line").startswith("The rows are not split")
    split("50/25/25")
    assert find(QTableView, "labels.table").isVisible()
    assert words(find, "labels.split.line").startswith("Parts: train ")
    assert words(find, "labels.split.line").endswith(
        "by the shares 50/25/25, from each file's name and the seed 0."
    )
    table = split_table(app.controller.screen.plan)
    assert len(table.labels) > 1
    expected = [
        [label, *map(str, rows)] for label, rows in zip(table.labels, table.rows.tolist(), strict=True)
    ]
    assert cells(find) == [*expected, ["all", *map(str, table.rows.sum(axis=0).tolist())]]
    split("none")
    assert find(QTableView, "labels.table").isHidden()


def test_without_labels_the_table_has_the_whole_page(page, app, find, split):
    split("50/25/25", labels=Labels.NONE)
    assert [row[0] for row in cells(find)] == ["all"]
    assert page.findChild(LabelBars).isHidden()
    split("none", labels=Labels.NONE)
    assert not page.findChild(LabelBars).isHidden(), "something has to keep the lines at the top"


def test_what_changed_while_nobody_looked_is_counted_when_somebody_does(ready, app, find, split):
    split("50/25/25")
    assert cells(find) == []
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "labels"))
    assert cells(find)


def test_the_table_has_the_room_of_the_bars_where_names_would_be_cut_off(
    page, behaviour, app, find, split, qtbot, reach
):
    paths = [f"{breed}_with_a_longer_name/1.png" for breed in ("beagle", "poodle", "tabby", "terrier")]
    behaviour.catalog = replace(behaviour.catalog, path=type(behaviour.catalog.path).from_names(paths))
    app.controller.choose_scan(ScanOptions(array="x"))
    reach(State.READY)
    split("50/25/25")
    table, bars = find(QTableView, "labels.table"), page.findChild(LabelBars)
    app.window.resize(2400, 900)
    qtbot.waitUntil(bars.isVisible)
    app.window.resize(960, 600)
    qtbot.waitUntil(bars.isHidden)
    header = table.horizontalHeader()
    qtbot.waitUntil(lambda: header.length() <= table.viewport().width())
    assert all(header.sectionSize(at) >= header.sectionSizeHint(at) for at in range(header.count()))
    split("none")
    assert bars.isVisible(), "without a table they are all there is"
