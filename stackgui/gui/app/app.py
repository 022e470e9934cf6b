"""Assembles and runs the window; the only module that knows all of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from stackgui import ending
from stackgui.core.catalog.selection import Selection
from stackgui.core.project.recents import Recent, RecentKind
from stackgui.engine import Control, Engine
from stackgui.gui.app import dialogs
from stackgui.gui.app.application import application, speak
from stackgui.gui.app.beside import Beside
from stackgui.gui.app.cluster import ClusterWatch
from stackgui.gui.app.faults import Faults, about_program
from stackgui.gui.app.files import Files
from stackgui.gui.app.garbage import Garbage
from stackgui.gui.app.hand_over import HandOver
from stackgui.gui.app.label_lists import LabelLists
from stackgui.gui.app.loading import load_in_pieces
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.app.mask_files import MaskFiles
from stackgui.gui.app.night import Night
from stackgui.gui.app.opening import Opening
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.app.presets_menu import PresetsMenu
from stackgui.gui.app.stack_updates import StackUpdates
from stackgui.gui.app.stack_windows import StackWindows
from stackgui.gui.control import transitions
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.jobs import FAULT_TEXT, Job
from stackgui.gui.control.log import LogFile, logger
from stackgui.gui.control.runs import CLOSE_S
from stackgui.gui.control.screen import Kind
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import voice
from stackgui.gui.widgets import theme

POLL_MS = 100

BEGIN_REST_MS = 100
"""Delay after which the window has been painted."""


class App(QObject):
    """A window, its controller, and the timer that polls the controller's jobs."""

    def __init__(self, engine: Engine, preferences: Preferences) -> None:
        window = MainWindow()
        super().__init__(window)  # deleting the window deletes this too
        self.window: MainWindow = window
        self._engine = engine
        self._starting: Job[None, None] | None = None
        self._preparing = self._prepare()
        self._preferences = preferences
        choices = preferences.choices()
        shelf = PresetsMenu(window)
        self.controller: Controller = Controller(
            engine,
            self.window,
            choices.run,
            shelf.first_options(choices.options),
            choices.parent,
            memory=preferences,
            first_options=shelf.first_options,
        )
        self.faults = Faults()
        self._make_helpers()
        self._garbage, self._log = Garbage(), LogFile()
        self._closed = False
        self.told_to_end = False
        shelf.connect(self.controller)
        open_plan = partial(shelf.open_plan, self.controller)
        self.opening: Opening = Opening(self, self.controller, self.stacks, open_plan)
        self._connect_adding()
        self._connect_panels()
        self._connect_found()
        self._label_lists = LabelLists(self, engine)
        window.menus.connect(self)
        self.window.may_close = self._may_close
        self.window.take_shape(*preferences.window())
        if machine := preferences.machine():
            self.window.memory.other.set_machine(machine)
        if preferences.problem:
            self.window.show_message(Kind.WARNING, preferences.problem)
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)

    def _make_helpers(self) -> None:
        window, does = self.window, self.controller
        self.files: Files = Files(window, does)
        self.beside: Beside = Beside(window, does, self._preferences)
        self.night: Night = Night(window, does, lambda: self.beside.settings)
        self.cluster: ClusterWatch = ClusterWatch(
            window,
            self._engine,
            lambda: self.beside.settings,
            lambda: bool(does.screen.running or does.screen.scan),
        )
        self.hand_over: HandOver = HandOver(window, does)
        self.stack_updates: StackUpdates = StackUpdates(window, does)
        self.stacks: StackWindows = StackWindows(
            window, does, self._engine, self.hand_over.show, self.stack_updates.show
        )
        self.stack_updates.updated.connect(self.stacks.reload)

    def start(self, paths: Sequence[str] = ()) -> None:
        """Show the window with what is in `paths`, or with the project of the last session."""
        self._log.open()
        logger.info("Begun: %s", about_program().strip())
        self.faults.install()
        self._garbage.install()
        self.cluster.poll()
        left = self.opening.begin(paths)
        self.window.show()
        self._timer.start()
        self.opening.open(left)
        self._garbage.spare_what_is_there()

    def begin_rest(self) -> None:
        """Start the workers, and all else that can wait until the empty window is visible."""

        def start(_control: Control[None]) -> None:
            self._engine.warm_up()

        if not self._closed:
            self._starting = Job(0, "start", start)
            self.beside.follow_system()
            self.beside.check_updates_if_wanted()
            self.beside.begin_tour_once()

    def _prepare(self) -> Iterator[None]:
        """Load and create the rest of the window, one piece per step."""
        yield from load_in_pieces()
        self._garbage.spare_what_is_there()  # the modules
        yield from self.window.found.prepare()
        self._garbage.spare_what_is_there()

    def _connect_adding(self) -> None:
        window, does = self.window, self.controller
        for adds in (window.sources, window.found.welcome):
            adds.add_wanted.connect(self.files.add_folder)
            adds.files_wanted.connect(self.files.add_files)
            adds.addresses_wanted.connect(lambda: window.type_into(window.addresses))
        window.addresses.add_wanted.connect(does.add_sources)
        window.open_place.open_wanted.connect(self.stacks.open)
        window.found.welcome.samples_wanted.connect(self.files.add_samples)
        window.folders_dropped.connect(self.stacks.drop_on_main)
        window.sources.remove_wanted.connect(does.remove_sources)

    def _connect_panels(self) -> None:
        window, does = self.window, self.controller
        for chooses in (window.sources, window.plan, window.found.annotations, window.found.masks):
            chooses.scan_changed.connect(does.choose_scan)
        MaskFiles(self)  # kept as a child
        window.plan.labels.example_wanted.connect(window.found.choose_labels)
        window.plan.options_changed.connect(does.choose_options)
        window.plan.run_changed.connect(does.choose_run)
        window.memory.options_changed.connect(does.choose_options)
        window.memory.run_changed.connect(does.choose_run)
        window.save.destination_changed.connect(does.choose_destination)
        window.save.change_wanted.connect(self.files.change_destination)
        window.save.replace_changed.connect(does.choose_replace)
        window.save.convert_wanted.connect(does.convert)
        window.progress.pause_wanted.connect(does.runs.pause_or_resume)
        window.progress.cancel_wanted.connect(does.runs.cancel)
        window.result.new_wanted.connect(does.projects.start_new)
        for shows in (window.recent, window.found.welcome):
            shows.recent_wanted.connect(self._use_recent)
        window.recent.clear_wanted.connect(does.projects.recents.clear)
        window.recent.aboutToShow.connect(does.projects.recents.look)
        window.result.dismissed.connect(does.dismiss)
        for ways_on in (window.result.ways_on, window.unfinished.ways_on):
            ways_on.resume_wanted.connect(lambda redo: does.left_over.resume(redo_changed=redo))
            ways_on.restart_wanted.connect(does.left_over.start_again)
        window.result.verify_wanted.connect(does.stacks.verify)
        window.result.look_wanted.connect(self.stacks.open)
        for offers in (window.result, window.check):
            offers.hand_over_wanted.connect(self.hand_over.show)
        window.result.retry_wanted.connect(does.runs.retry_failed)
        window.check.deep_wanted.connect(lambda stack: does.stacks.verify(stack, deep=True))
        window.check.closed.connect(does.stacks.end_check)
        window.unfinished.dismissed.connect(does.left_over.leave)
        window.activated.connect(does.look_again)

    def _connect_found(self) -> None:
        found, does = self.window.found, self.controller
        found.scan.stop_wanted.connect(does.searching.stop)
        found.pictures_wanted.connect(does.pictures.want)
        found.fits_wanted.connect(does.pictures.want_fits)
        found.curve_wanted.connect(does.curves.want)
        found.options_changed.connect(does.choose_options)
        found.sizes.size_dragged.connect(does.choose_size)
        found.sizes.plot.range_picked.connect(does.pick_sizes)
        found.sizes.plot.save_wanted.connect(self.files.save_plot)
        found.exclude_wanted.connect(does.exclude)
        found.problems.retry_wanted.connect(does.runs.retry_failed)
        found.problems.mend_wanted.connect(does.mend)
        for offers_search in (found.problems, found.trouble):
            offers_search.search_wanted.connect(does.searching.again)
        found.problems.remove_wanted.connect(does.remove_sources)
        for offers in (found.problems, found.pictures):
            offers.exclude_wanted.connect(does.exclude)
        found.problems.health.check_wanted.connect(does.health.begin)
        found.problems.health.stop_wanted.connect(does.health.stop)
        found.pictures.wanted_changed.connect(does.listing.want)
        found.pictures.look_wanted.connect(does.large.want)
        found.pictures.first_wanted.connect(self._put_first)
        found.pictures.filter.as_list.clicked.connect(lambda: does.table.open_plan(does.screen.known_plan))
        self.window.result.list_wanted.connect(does.table.open_stack)
        self.window.check.list_wanted.connect(does.table.open_stack)
        self.window.result.python_wanted.connect(self.hand_over.copy_python)
        found.list.wanted_changed.connect(does.table.want)
        found.list.save_wanted.connect(self.files.save_table)
        found.list.closed.connect(found.close_list)
        found.list.closed.connect(does.table.close)
        found.picked.connect(does.pick)
        found.selection_dropped.connect(lambda: does.pick(None))
        found.list_wanted.connect(self.files.save_list)
        found.tables_wanted.connect(self.beside.show_tables)

    def end_soon(self) -> None:
        """Close at the next tick of the timer, without asking.

        A signal handler may do no more: it can run between any two lines of Python, whatever locks they hold.
        """
        self.told_to_end = True

    def _poll(self) -> None:
        if self.told_to_end:
            self.close()
            self.window.close()
            return
        if details := self.faults.take():
            self.window.show_message(Kind.ERROR, FAULT_TEXT, details)
            self.controller.runs.recover()
        self.controller.poll()
        self.night.poll()
        self.stack_updates.poll()
        self.beside.poll()
        self.cluster.poll()
        # The event loop looks for what people do in between.
        QTimer.singleShot(0, self, self._use_time)

    def _use_time(self) -> None:
        """Do a little of what has to be done some time."""
        if self._closed:
            return
        if self._starting is not None:
            if self._starting.ending is None:
                return  # what is being imported is no garbage, but a lot to go through
            if next(self._preparing, self) is not self:
                # The sooner, the less there is beside it; the event loop looks for what people do in between.
                QTimer.singleShot(0, self, self._use_time)
                return
        self._garbage.collect()

    def _use_recent(self, recent: Recent) -> None:
        match recent.kind:
            case RecentKind.PROJECT:
                self.controller.projects.open(recent.path)
            case RecentKind.SOURCE:
                self.controller.add_sources([recent.path])
            case RecentKind.STACK:
                self.stacks.open(recent.path)

    def _put_first(self, wanted: bool, selection: Selection) -> None:
        does = self.controller
        does.choose_options(transitions.with_first(does.screen, selection, wanted=wanted))

    def _may_close(self) -> bool:
        if not self._closed and self._question() and not self._agrees_to_stop():
            return False
        self.close()
        return True

    def _question(self) -> str:
        running = self.controller.screen.running
        return running.closing_question if running else self.hand_over.closing_question

    def _agrees_to_stop(self) -> bool:
        """Ask whether the run is to be stopped; when it is over meanwhile, there is nothing to answer."""
        while question := self._question():
            answer = dialogs.ask(
                self.window, question, tr("Stop and close"), tr("Go on"), lambda: self._question() == question
            )
            if answer is not None:
                return answer
        return False

    def stop_for_logout(self) -> None:
        """Stop a run without asking, because the desktop session ends; the run can be resumed.

        The window stays open, since another program may still prevent the logout.
        """
        if not self._closed:
            self._keep_preferences()
            self.controller.queueing.stop()

    def _keep_preferences(self) -> None:
        self._preferences.keep_parent(self.controller.saved_in)
        self._preferences.keep_machine(self.window.memory.other.machine())
        self._preferences.keep_window(*self.window.shape())

    def close(self) -> None:
        """Save the preferences and stop everything; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._timer.stop()
        self._keep_preferences()
        self.stacks.close()
        if self._starting is not None:
            self._starting.join(CLOSE_S)
        self.controller.close()
        self.cluster.close(CLOSE_S)
        self.night.close()
        self._preferences.release()
        self._garbage.uninstall()
        self.faults.uninstall()
        logger.info("Ended")
        self._log.close()


def main(paths: Sequence[str] = ()) -> int:
    """Show the window until it is closed.

    Parameters
    ----------
    paths
        What to open: a project, a plan file, stacks, arrays, or pictures of any kind; as `Opening` says.

    Returns
    -------
    int
        Exit status: 130 if a request to end closed the window.
    """
    qt = application()
    qt.setApplicationName("stackgui")
    qt.setApplicationDisplayName("StackGUI")
    qt.setDesktopFileName("stackgui")
    qt.setWindowIcon(theme.app_icon())
    preferences = Preferences()
    settings = preferences.settings()
    speak(qt, settings.language)
    app = App(Engine(settings.workers or None, settings.limits, voice(), gives_way=True), preferences)
    # Direct, so that the run has stopped before the session manager continues.
    qt.commitDataRequest.connect(app.stop_for_logout, Qt.ConnectionType.DirectConnection)
    with ending.listening(app.end_soon):
        try:
            app.start(paths)
            QTimer.singleShot(BEGIN_REST_MS, app, app.begin_rest)
            status = qt.exec()
        finally:
            app.close()
            qt.commitDataRequest.disconnect(app.stop_for_logout)
            app.window.deleteLater()
            qt.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return ending.EXIT_STATUS if app.told_to_end else status
