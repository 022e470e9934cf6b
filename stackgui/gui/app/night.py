"""Work through the night: the window of the queue, what follows it, and a computer that stays awake."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize

from stackgui.core.base.wording import say
from stackgui.core.project.queue import WhenDone
from stackgui.engine import power
from stackgui.engine.awake import Awake
from stackgui.engine.power import Power
from stackgui.gui.app.countdown import Countdown
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.app.notices import Notices
from stackgui.gui.app.settings import Settings
from stackgui.gui.app.side_window import SideWindow
from stackgui.gui.app.task_bar import TaskBar
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.screen import Kind, Screen
from stackgui.gui.panels.queue.queue import QueuePanel
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme

SIZE_PX = QSize(940, 420)

STAYS_ON = say("The computer stays on, because another stack is being made.")

_POWERS = {WhenDone.SLEEP: Power.SLEEP, WhenDone.SHUT_DOWN: Power.SHUT_DOWN}


class Night:
    """Opens the window of the queue, and does what is wanted when the queue is done.

    Parameters
    ----------
    window
    controller
    settings
        Returns the settings.
    notices
        Tells people who look elsewhere.
    """

    def __init__(
        self,
        window: MainWindow,
        controller: Controller,
        settings: Callable[[], Settings],
        notices: Notices | None = None,
    ) -> None:
        self._window = window
        self._controller = controller
        self._settings = settings
        self._notices = notices or Notices()
        self._awake = Awake()
        self._task_bar = TaskBar(lambda: int(window.winId()))
        self._shown: Screen | None = None
        self._queue: SideWindow | None = None
        self._panel: QueuePanel | None = None
        self._countdown: Countdown | None = None
        controller.queueing.preset = lambda: window.presets.chosen
        controller.queueing.done = self._done
        window.save.queue_wanted.connect(controller.queueing.add)
        window.save.show_queue_wanted.connect(self.show_queue)

    def poll(self) -> None:
        """Follow the screen; called ten times a second."""
        screen = self._controller.screen
        if screen is self._shown:
            return
        before, self._shown = self._shown, screen
        running = screen.running
        self._awake.hold(wanted=running is not None and not running.paused)
        self._task_bar.show(running.percent if running else None)
        if before is not None and before.running and not running and self._settings().sounds:
            self._notices.sound()
        if self._panel is not None:
            self._panel.present(screen)

    def show_queue(self) -> None:
        """Open the window of the queue."""
        if self._queue is None:
            self._queue = self._made_window()
        self._queue.bring()

    def _made_window(self) -> SideWindow:
        made = SideWindow(self._window, "queueWindow", tr("Queue"), SIZE_PX)
        panel = self._panel = QueuePanel()
        made.hold(panel)
        does = self._controller.queueing
        panel.start_wanted.connect(does.start)
        panel.hold_wanted.connect(does.hold)
        panel.clear_wanted.connect(does.clear)
        panel.shift_wanted.connect(does.shift)
        panel.pause_wanted.connect(lambda number, wanted: does.pause(number, wanted=wanted))
        panel.retry_wanted.connect(does.retry)
        panel.remove_wanted.connect(does.remove)
        panel.cancel_wanted.connect(self._controller.runs.cancel)
        panel.open_wanted.connect(made.desktop.open)
        panel.when_done_changed.connect(does.choose_when_done)
        panel.present(self._controller.screen)
        self._controller.errands.begin_quietly("powers", lambda _: _allowed(), self._offer)
        return made

    def _offer(self, allowed: tuple[WhenDone, ...]) -> None:
        assert self._panel is not None
        for each in allowed:
            self._panel.offer(each)

    def _done(self, text: str, place: str, wanted: WhenDone) -> None:
        match wanted:
            case WhenDone.NOTIFY:
                self._notices.notify(tr(text), theme.app_icon())
            case WhenDone.SOUND:
                self._notices.sound()
            case WhenDone.OPEN_FOLDER:
                if place:
                    self._window.desktop.open(place)
            case WhenDone.SLEEP | WhenDone.SHUT_DOWN:
                if self._countdown is None:
                    self._countdown = Countdown(self._window)
                    self._countdown.over.connect(self._use)
                self._countdown.begin(_POWERS[wanted])
            case WhenDone.NOTHING:
                pass

    def _use(self, wanted: Power) -> None:
        if self._controller.screen.running:
            self._window.show_message(Kind.INFO, STAYS_ON)
            return
        self._controller.errands.begin_quietly("power", lambda _: power.use(wanted), lambda _: None)

    def close(self) -> None:
        """Let the computer sleep again, and take back what the desktop shows."""
        self._awake.release()
        self._task_bar.show(None)
        self._notices.hide()
        if self._countdown is not None:
            self._countdown.close()


def _allowed() -> tuple[WhenDone, ...]:
    return tuple(wanted for wanted, each in _POWERS.items() if power.can(each))
