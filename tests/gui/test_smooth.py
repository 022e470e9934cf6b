"""The window never stutters: what takes long is done in jobs, once, or in pieces."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QMargins, QObject
from PySide6.QtWidgets import QApplication, QLabel, QTabWidget, QWidget

from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.catalog.statistics import describe
from stackgui.core.options.options import Options
from stackgui.core.plan import glance, listing
from stackgui.core.plan.listing import Order, Wanted
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control import problems, transitions
from stackgui.gui.control.running import Running
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts import overview_texts
from stackgui.gui.widgets.parts import column
from stackgui.gui.widgets.short_tabs import ShortTabBar
from stackgui.gui.widgets.size_plot import SizePlot
from stackgui.gui.widgets.steady import Steady
from stackgui.gui.widgets.theme import Wrapped

LONG = ((glance, "example_samples"), (glance, "largest_row"), (listing, "_reasons"))
"""Questions whose answers take as long as there are samples."""


class Events(QObject):
    """Notes the kinds of events that a widget gets."""

    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self.kinds: list[QEvent.Type] = []
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.kinds.append(event.type())
        return False


@pytest.fixture
def asked(monkeypatch):
    """The long questions that are asked, each with whether the window's thread did."""
    noted: list[tuple[str, bool]] = []

    def note(module, name):
        ask = getattr(module, name)

        def asking(*args, **kwargs):
            noted.append((name, threading.current_thread() is threading.main_thread()))
            return ask(*args, **kwargs)

        monkeypatch.setattr(module, name, asking)

    for module, name in LONG:
        note(module, name)
    return noted


def settle() -> None:
    """Let everything happen that was posted."""
    for _ in range(10):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def test_what_takes_as_long_as_there_are_samples_is_asked_by_jobs(asked, ready):
    by_window = {name for name, in_window in asked if in_window}
    assert {name for name, _ in asked} >= {"example_samples", "largest_row"}
    assert not by_window - {"_reasons"}, "the last of them finds its answer, and needs no work"


def test_nothing_long_is_asked_again_while_a_size_is_dragged(ready, app, asked, monkeypatch):
    derived = []
    monkeypatch.setattr(problems, "problems_of", lambda known: derived.append(known) or problems.NO_PROBLEMS)
    plan = app.controller.screen.plan
    for side in (90, 91, 92):
        app.controller.choose_size(side, side)
        assert app.controller.screen.plan is not plan
        assert app.controller.screen.options.size == Size.exact(side, side)
    assert {name for name, _ in asked} <= {"_reasons"}
    assert not derived


def test_a_drag_lays_nothing_out_where_its_figures_need_no_more_room(ready, app, find, monkeypatch):
    window, sources = app.window, []
    app.controller.choose_size(90, 90)
    settle()
    events = [
        Events(each) for each in (window, window.right.widget(), window.memory, window.plan, window.save)
    ]
    shape = find(QLabel, "memory.shape")
    before = shape.text()
    monkeypatch.setattr(window.sources, "present", sources.append)
    monkeypatch.setattr(window, "show_savings", lambda _found: None)  # they come when the drag has ended
    app.controller.choose_size(90, 91)
    settle()
    assert shape.text() != before
    assert "91" in shape.text()
    assert not sources
    assert not [each.parent() for each in events if QEvent.Type.LayoutRequest in each.kinds]


def test_a_text_that_holds_still_asks_for_room_when_it_needs_more(qtbot):
    label = Wrapped("short")
    held = QWidget()
    qtbot.addWidget(held)
    layout = column(held)
    layout.addWidget(Steady(label))
    layout.addStretch(1)
    held.resize(200, 300)
    held.show()
    settle()
    events, line_px = Events(held), label.height()
    label.setText("brief")
    settle()
    assert QEvent.Type.LayoutRequest not in events.kinds
    label.setText("many words, which need several lines, as there is little room for each of them")
    settle()
    assert label.height() >= 2 * line_px
    label.setText("one_word_that_is_wider_than_what_it_is_in_and_has_no_place_to_end_a_line")
    settle()
    assert label.width() >= label.minimumSizeHint().width() > 200


def test_fields_that_no_size_changes_know_the_new_size_all_the_same(ready, app):
    app.controller.choose_size(90, 91)
    app.window.plan._details._of_the_stack["dtype"].widget.activated.emit(1)
    app.window.found.masks._tell("ignore_value", 7)
    options = app.controller.screen.options
    assert options.size == Size.exact(90, 91)
    assert options.ignore_value == 7


def test_a_list_is_not_made_anew_while_a_size_is_dragged(ready, app, monkeypatch):
    shown = []
    monkeypatch.setattr(app.window, "show_listing", shown.append)
    monkeypatch.setattr(app.controller.listing, "_show", shown.append)
    app.controller.choose_size(90, 90)
    assert not shown
    app.controller.listing.want(Wanted(order=Order.NAME))
    app.controller.listing.want(Wanted())
    assert [list(samples) for samples in shown] == [[0, 1, 2, 3]]


def test_the_icon_of_a_tab_is_set_when_it_is_another(ready, app, monkeypatch):
    panel, changed = app.window.found, []
    monkeypatch.setattr(panel._tabs, "setTabIcon", lambda tab, _icon: changed.append(tab))
    screen = app.controller.screen
    assert screen.problems.serious
    panel.present(screen)
    panel.present(replace(screen))
    assert not changed
    panel.present(replace(screen, problems=problems.NO_PROBLEMS))
    assert len(changed) == 1


def test_a_plan_of_a_job_brings_its_answers(catalog, asked):
    made = transitions.foreseen(transitions.make_plan(Options(), catalog))
    count = len(asked)
    assert count
    plan, _problem = made
    assert glance.folder_levels(plan) == 1
    assert glance.largest_found(plan) == (300, 200)
    assert len(asked) == count


def test_the_next_progress_lays_nothing_out_around_it(ready, app):
    screen = app.controller.screen
    progress = FillProgress(Phase.FILLING, 1000, 9000, 0, 900.0, 8.0, 2.0)
    running = Running(RunOptions("/stacks/pets").destination, progress)
    app.window.present(replace(screen, running=running))
    settle()
    window, found = Events(app.window), Events(app.window.found)
    for done in (2000, 3000):
        later = replace(progress, rows_done=done, elapsed_s=done / 500)
        app.window.present(replace(screen, running=replace(running, progress=later)))
        settle()
    assert f"{done:,}" in app.window.progress._line.text()
    assert QEvent.Type.LayoutRequest not in window.kinds
    assert QEvent.Type.Paint not in found.kinds
    app.window.present(screen)


def test_nothing_is_painted_before_it_has_its_room(ready, app):
    window = app.window
    window.resize(window.minimumSize())
    window.memory.hide()
    settle()
    right = window.right.widget()
    window.memory.show()
    layout = right.layout()
    needed_px = layout.minimumHeightForWidth(right.width())
    assert right.height() < needed_px, "or there would be nothing to lay out"
    QApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))
    assert right.height() >= layout.minimumHeightForWidth(right.width())


def test_the_tour_comes_to_the_front_once(app):
    app.beside.begin_tour()
    settle()
    tour = app.beside._tour
    events = Events(tour)
    app.window.resize(app.window.size().shrunkBy(QMargins(0, 0, 40, 40)))
    QApplication.sendEvent(app.window, QEvent(QEvent.Type.LayoutRequest))
    settle()
    assert tour.isVisible()
    assert QEvent.Type.ZOrderChange not in events.kinds
    tour._frame.raise_()
    QApplication.sendEvent(app.window, QEvent(QEvent.Type.LayoutRequest))
    assert QEvent.Type.ZOrderChange in events.kinds, "something lay over it"
    tour.end()


def test_tabs_are_measured_when_something_changes_that_matters(ready, app, monkeypatch):
    bar = app.window.found._tabs.bar
    measured = []
    fit_now = ShortTabBar._fit_now
    monkeypatch.setattr(ShortTabBar, "_fit_now", lambda self: measured.append(self) or fit_now(self))
    bar.repaint()
    bar.setCurrentIndex(0)
    settle()
    assert not measured
    app.window.found._tabs.set_title(0, "Quite another title of a tab", "")
    settle()
    assert len(measured) == 1


def test_the_plot_is_made_in_pieces_and_without_menus(qtbot):
    plot = SizePlot()
    qtbot.addWidget(plot)
    assert len(list(plot.in_pieces())) >= 4
    canvas = plot.prepare()
    for each in (canvas._across, canvas._plot, canvas._down):
        assert each.vb.menu is None
        assert not each.getAxis("bottom").autoSIPrefix
    assert not list(plot.in_pieces())[1:]


def test_a_plot_that_waits_draws_what_came_before_it_was_ready(qtbot, catalog):
    plot = SizePlot(waits=True)
    qtbot.addWidget(plot)
    sizes = describe(catalog).sizes
    plot.set_sizes(sizes)
    assert plot._canvas is None
    assert plot.accessibleDescription() == "3 pictures of 3 sizes"
    for _ in plot.in_pieces():
        pass
    assert plot._canvas._sizes is sizes


def test_a_hidden_overview_is_filled_when_it_is_seen(ready, app, find, monkeypatch):
    written = []
    overview = overview_texts.overview
    monkeypatch.setattr(overview_texts, "overview", lambda *given: written.append(given) or overview(*given))
    screen = app.controller.screen
    for _ in range(10):
        app.window.present(replace(screen, statistics=replace(screen.statistics)))
    assert not written
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "overview"))
    assert len(written) == 1


def test_a_tab_behind_learns_of_a_size_when_it_comes_to_the_front(ready, app, find, monkeypatch):
    found = app.window.found
    shown = []
    present = type(found.fits).present
    monkeypatch.setattr(
        type(found.fits), "present", lambda self, screen: shown.append(screen) or present(self, screen)
    )
    app.controller.choose_size(90, 91)
    app.controller.choose_size(90, 92)
    assert not shown
    find(QTabWidget, "found.tabs").setCurrentWidget(found.fits)
    assert shown == [app.controller.screen]
    app.controller.choose_size(90, 93)
    assert shown[-1] is app.controller.screen
    app.controller.choose_options(replace(app.controller.screen.options, fit=Fit.CROP))
    find(QTabWidget, "found.tabs").setCurrentWidget(found.sizes)
    assert len(shown) == 3
