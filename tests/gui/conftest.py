"""A stand-in for the engine, and values that the window shows, made without decoding anything."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import create_autospec

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from stackgui.core.advice.estimate import Resources
from stackgui.core.advice.health import Checks
from stackgui.core.base.choices import Storage
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import DestinationError, OtherJobError, StackguiError, UnfinishedError
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.catalog.statistics import describe
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.resolve import resolve
from stackgui.core.project.queue import QueuedReport
from stackgui.core.run.cluster import ClusterHealth, Link
from stackgui.core.run.findings import Damage
from stackgui.core.run.loading import Loadable
from stackgui.core.run.progress import FillProgress, Phase, RowThumb, ScanProgress
from stackgui.core.run.report import Failure, Report, RetryReport, Status, Unfinished
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.core.run.verify import VerifyReport
from stackgui.engine import Control, Engine
from stackgui.engine.viewing.rows import view_rows
from stackgui.gui.app import adding, dialogs
from stackgui.gui.app.app import App
from stackgui.gui.app.application import speak
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.control.screen import State
from stackgui.gui.texts import language
from stackgui.gui.texts.language import Language
from tests.making import make_catalog

REASON = "the file ends in the middle of the picture"
RESOURCES = Resources(16 * 10**9, 8 * 10**9, 200 * 10**9, 2)


@pytest.fixture
def catalog() -> Catalog:
    """Four pictures in two folders, one of which cannot be read, and two skipped files."""
    return make_catalog(
        [(100, 200), (300, 150), (0, 0), (120, 160)],
        sources=("/pets/cats", "/pets/dogs"),
        source=np.array([0, 0, 1, 1], np.int32),
        path=["tabby/1.jpg", "tabby/2.jpg", "terrier/3.jpg", "terrier/4.jpg"],
        channels=np.array([3, 3, 0, 1], np.int32),
        dtype=["uint8", "uint8", "", "uint8"],
        format=["jpeg", "jpeg", "", "png"],
        orientation=np.array([1, 6, 1, 1], np.uint8),
        problem=["", "", REASON, ""],
        skipped=Skipped(
            Paths.from_names(["/pets/cats/notes.txt", "/pets/dogs/.DS_Store"]),
            Coded.from_values(["files that are no pictures", "hidden files"]),
            Coded.from_values(["it is text", ""]),
        ),
    )


def make_thumb(row: int) -> RowThumb:
    return RowThumb(row, f"{row}.jpg", np.full((10, 20, 3), 90, np.uint8), (30, 20), (0, 0, 10, 20))


def make_report(plan, run: RunOptions) -> Report:
    failures = tuple(
        Failure(int(sample), plan.catalog.file(int(sample)), plan.problem[int(sample)])
        for sample in np.flatnonzero(~plan.usable)
    )
    status = Status.COMPLETE_WITH_FAILURES if failures else Status.COMPLETE
    skipped = plan.catalog.skipped.kind.counts()
    return Report(
        status, run.destination, plan.rows, failures, skipped, plan.arrays, Storage.FILE, plan.fingerprint,
        1.5, 2.7, 300_000_000,
    )  # fmt: skip


def make_unfinished(destination: str, sources, options: Options | None = None) -> Unfinished:
    return Unfinished(
        partial=f"{destination}.partial",
        destination=destination,
        rows_done=2,
        rows=4,
        failed=0,
        sources=tuple(sources),
        scan_options=DEFAULT,
        options=options or Options(),
        when_s=0.0,
        in_use=False,
    )


class Behaviour:
    """What the stand-in does, with the signatures of the engine; a test changes it before it is asked.

    A scan or run goes on until its event is set, which it is unless a test clears it.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.page = self.page_problem = ""
        self.arrays: tuple[ArraySpec, ...] = ()
        self.scan_may_end, self.run_may_end = threading.Event(), threading.Event()
        self.check_may_end, self.server_may_answer = threading.Event(), threading.Event()
        for may_end in (self.scan_may_end, self.run_may_end, self.check_may_end, self.server_may_answer):
            may_end.set()
        self.checks = Checks(
            np.array([7, 7, 0, 8], np.uint64),
            np.array([0.5, 0.5, 0, 0.01], np.float32),
            np.array([0.2, 0.2, 0, 0.02], np.float32),
            Coded.constant("", 4),
        )
        self.error: Exception | None = None
        self.taken: set[str] = set()
        self.left: dict[str, Unfinished] = {}
        self.keeps_rows = True
        self.damage: tuple[Damage, ...] = ()
        self.trouble = ""
        self.refused: Exception | None = None
        self.notes: tuple[str, ...] = ()
        self.still_failing: tuple[Failure, ...] = ()

    def scan(self, sources, control: Control, options=DEFAULT, *, overview=False, **_) -> Catalog:
        control.publish(
            ScanProgress(
                samples_found=4,
                samples_read=1,
                searching=False,
                statistics=describe(self.catalog) if overview else None,
            )
        )
        self._wait(self.scan_may_end, control)
        return self._catalog_of(sources, options)

    def _catalog_of(self, sources, options: ScanOptions) -> Catalog:
        names, source = tuple(sources), self.catalog.source % len(sources)
        return replace(self.catalog, sources=names, folders=names, source=source, scan_options=options)

    def convert(self, plan, run: RunOptions, control: Control) -> Report:
        control.publish(
            FillProgress(Phase.FILLING, 2, plan.rows, 1, 50.0, 9.0, 1.0, 10**8, 10**9, (make_thumb(0),))
        )
        if self.trouble:
            control.pause()
            control.publish(FillProgress(Phase.PAUSED, 2, plan.rows, trouble=self.trouble))
            while control.paused:
                control.check()
                time.sleep(0.002)
            control.publish(FillProgress(Phase.FILLING, 3, plan.rows))
        try:
            self._wait(self.run_may_end, control)
        except (StackguiError, KeyError):
            if self.keeps_rows:
                sources, options = plan.catalog.sources, plan.options
                self.left[run.destination] = make_unfinished(run.destination, sources, options)
            raise
        self.left.pop(run.destination, None)
        return replace(make_report(plan, run), page=self.page, page_problem=self.page_problem)

    def check_queued(self, job, queue) -> tuple[str, ...]:
        if job.destination in {other.destination for other in queue.pending}:
            raise DestinationError(f"“{job.name}” is in the queue already.")
        return self.notes

    def run_queued(self, job, control: Control, *, pause_on_trouble: bool) -> QueuedReport:
        assert pause_on_trouble, "the window waits for a disk that is full"
        catalog = self._catalog_of(job.project.sources, job.project.scan_options)
        plan = resolve(job.project.options, catalog)
        return QueuedReport(self.convert(plan, job.project.run, control), self.notes)

    def unfinished(self, destination: str) -> Unfinished | None:
        return self.left.get(destination)

    def resume(self, partial: str, control: Control, *, redo_changed: bool, pause_on_trouble: bool) -> Report:
        assert pause_on_trouble, "the window waits for a disk that is full"
        assert redo_changed is isinstance(self.refused, OtherJobError)
        self.refused = self.error
        left = self.left[partial.removesuffix(".partial")]
        control.publish(FillProgress(Phase.CHECKING, 1, left.rows))
        self._wait(self.run_may_end, control)
        del self.left[left.destination]
        plan = resolve(left.options, replace(self.catalog, sources=left.sources))
        return make_report(plan, RunOptions(left.destination))

    def verify(self, stack: str, control: Control, *, deep: int | None = 0) -> VerifyReport:
        control.publish(FillProgress(Phase.CHECKING, 1, 4))
        self._wait(self.run_may_end, control)
        return VerifyReport(stack, 4, min(deep, 4), self.damage)

    def retry_failed(self, stack: str, control: Control, *, pause_on_trouble: bool) -> RetryReport:
        assert pause_on_trouble, "the window waits for a disk that is full"
        control.publish(FillProgress(Phase.FILLING, 1, 1))
        self._wait(self.run_may_end, control)
        status = Status.COMPLETE_WITH_FAILURES if self.still_failing else Status.COMPLETE
        return RetryReport(status, stack, ("/pets",), 1, self.still_failing, 1.0)

    def check_samples(self, plan, control: Control) -> Checks:
        control.publish(FillProgress(Phase.CHECKING, 1, plan.rows))
        self._wait(self.check_may_end, control)
        return self.checks

    def previews(self, plan, samples, side_px, control: Control, *, uncut=False) -> tuple[RowThumb, ...]:  # noqa: ARG002
        control.check()
        reasons = self.checks.problem  # what a check finds damaged, a preview cannot show either
        return tuple(
            replace(make_thumb(sample), reason=reasons[sample] if sample < len(reasons) else "")
            for sample in map(int, samples)
        )

    def check_destination(self, sources, run: RunOptions) -> None:  # noqa: ARG002
        assert self.server_may_answer.wait(20)
        if run.destination in self.taken and not run.replace:
            raise DestinationError(f"“{run.destination}” is there already.")
        if run.destination in self.left and run.unfinished is IfUnfinished.REFUSE:
            raise UnfinishedError("An unfinished conversion was found.")

    def _wait(self, may_end: threading.Event, control: Control) -> None:
        while not may_end.wait(0.002):
            control.check()
        control.check()
        if self.error:
            raise self.error


@pytest.fixture
def behaviour(catalog: Catalog) -> Behaviour:
    return Behaviour(catalog)


@pytest.fixture(scope="session")
def stand_in() -> Engine:
    """It has what the engine has, and takes what the engine takes. Made once: most tests take less time."""
    return create_autospec(Engine, instance=True)


@pytest.fixture
def engine(stand_in, behaviour: Behaviour) -> Iterator[Engine]:
    """The stand-in, of which nobody has asked anything."""
    made = stand_in
    for name in (
        "scan",
        "convert",
        "check_queued",
        "run_queued",
        "previews",
        "check_samples",
        "check_destination",
        "unfinished",
        "resume",
        "verify",
        "retry_failed",
    ):
        getattr(made, name).side_effect = getattr(behaviour, name)
    made.view.side_effect = view_rows  # it reads files, and decodes nothing
    made.loadable.side_effect = lambda stack: Loadable(stack, behaviour.arrays)
    made.resources.return_value = RESOURCES
    made.cluster_glance.return_value = None
    made.cluster_health.return_value = ClusterHealth("tcp://host:8786", Link.REACHED, workers=2)
    yield made
    made.reset_mock(return_value=True, side_effect=True)


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    """Two folders that exist."""
    made = [tmp_path / "cats", tmp_path / "dogs"]
    for folder in made:
        folder.mkdir()
    return [str(folder) for folder in made]


@pytest.fixture
def plan(catalog: Catalog):
    return resolve(Options(), catalog)


@pytest.fixture
def report(plan) -> Report:
    return make_report(plan, RunOptions("/stacks/pets"))


@pytest.fixture
def until() -> Callable[..., None]:
    """Poll until something is so; a test that waits in vain fails."""

    def wait(poll: Callable[[], object], so: Callable[[], object], timeout_s: float = 20.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not so():
            assert time.monotonic() < deadline, "waited in vain"
            poll()
            time.sleep(0.002)

    return wait


# The whole window on the stand-in


@pytest.fixture(autouse=True)
def english():
    """The window speaks English again after a test that chose another language."""
    yield
    if language.locale() != language.speech_of(Language.ENGLISH).locale:
        speak(QApplication.instance(), Language.ENGLISH)


@pytest.fixture
def app(qtbot, engine, tmp_path, monkeypatch):
    for name in ("ask", "ask_folder", "ask_stack", "ask_destination"):
        monkeypatch.setattr(dialogs, name, lambda *_, name=name: pytest.fail(f"unexpected dialog: {name}"))
    monkeypatch.setattr(adding, "ask_folders", lambda *_: pytest.fail("unexpected dialog: ask_folders"))
    made = App(engine, Preferences())
    made.start()
    yield made
    made.window.may_close = lambda: True
    made.window.close()
    made.close()
    made.window.deleteLater()
    assert made.faults.take() == ""


@pytest.fixture
def find(app):
    def look(kind: type[QWidget], name: str) -> QWidget:
        found = app.window.findChild(kind, name)
        assert found is not None, name
        return found

    return look


@pytest.fixture
def click(find, qtbot):
    def act(name: str) -> None:
        button = find(QAbstractButton, name)
        assert button.isVisible(), f"{name} is not visible"
        assert button.isEnabled(), f"{name} is locked"
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    return act


@pytest.fixture
def reach(app, qtbot):
    def arrived(state: State) -> bool:
        screen = app.controller.screen
        return screen.state is state and (state is not State.READY or screen.warned)

    def wait(state: State) -> None:
        qtbot.waitUntil(lambda: arrived(state), timeout=20_000)

    return wait


@pytest.fixture
def ready(app, folders, reach):
    app.controller.add_sources(folders)
    reach(State.READY)


@pytest.fixture
def finished(ready, app, reach):
    app.controller.convert()
    reach(State.FINISHED)
