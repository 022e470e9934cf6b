"""Keeps the window's line about the cluster up to date, if the settings choose one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from stackgui.core.base.errors import StackguiError
from stackgui.core.run.cluster import ClusterHealth, Link
from stackgui.engine import Control, Engine
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.app.settings import Settings, Where
from stackgui.gui.control.jobs import Ending, Jobs

LOOK_MS = 2000
"""How often the cluster is asked how it is doing."""

JOB = "cluster"


class ClusterWatch(QObject):
    """Tells the engine which cluster to use, and the window how that is doing.

    Parameters
    ----------
    window
    engine
    settings
        Returns the settings.
    is_busy
        Returns whether a job is under way that must keep the cluster with which it began.
    """

    def __init__(
        self,
        window: MainWindow,
        engine: Engine,
        settings: Callable[[], Settings],
        is_busy: Callable[[], bool],
    ) -> None:
        super().__init__(window)
        self._line, self._engine, self._settings, self._is_busy = window.cluster, engine, settings, is_busy
        self._jobs = Jobs()
        self._used: str | None = None
        self._is_away = self._has_begun = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._line.page_wanted.connect(window.desktop.open_link)

    @property
    def is_asking(self) -> bool:
        """Whether an answer is awaited."""
        return self._jobs.is_active(JOB)

    def poll(self) -> None:
        """Obey the settings, and show what the cluster has answered; called ten times a second."""
        settings = self._settings()
        wanted = settings.cluster if settings.where is Where.CLUSTER else None
        if wanted != self._used and not self._is_busy():
            self._use(wanted)
        self._jobs.poll()

    def _use(self, address: str | None) -> None:
        """Let the next jobs use the cluster at `address`, or this computer without one."""
        self._used, self._is_away = address, False
        self._line.present(None if address is None else ClusterHealth(address))
        engine, place, has_begun = self._engine, address or "", self._has_begun
        if not has_begun:  # at once, for the search with which the window opens; nothing has to be closed yet
            self._has_begun = True
            with contextlib.suppress(StackguiError):
                engine.use_cluster(place)

        def work(control: Control[None]) -> ClusterHealth | None:
            if has_begun or engine.cluster_glance() is None:
                engine.use_cluster(place)
            return engine.cluster_health(control) if place else None

        self._jobs.start(JOB, work, self._tell)
        if place:
            self._timer.start()
        else:
            self._timer.stop()

    def look(self) -> None:
        """Ask the cluster how it is doing, or show what is known as long as it has yet to answer."""
        if not self.is_asking:
            self._jobs.start(JOB, self._engine.cluster_health, self._tell)
        elif not self._is_away and (known := self._engine.cluster_glance()) is not None:
            self._line.present(known)

    def _tell(self, ending: Ending[ClusterHealth | None]) -> None:
        self._is_away = ending.result is None
        if ending.result is not None:
            self._line.present(ending.result)
        elif ending.text and self._used:
            self._line.present(ClusterHealth(self._used, Link.AWAY, problem=ending.text))

    def close(self, timeout_s: float) -> None:
        """Ask no more."""
        self._timer.stop()
        self._jobs.close(timeout_s)
