"""Running a job while the terminal shows its progress."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from stackgui.cli.printing import print_to_stream
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_count, format_duration, format_rate
from stackgui.core.run.cluster import ClusterHealth, health_line, what_is_amiss
from stackgui.core.run.progress import FillProgress, Phase, ScanProgress
from stackgui.ending import listening
from stackgui.engine import Control

ResultT = TypeVar("ResultT")

POLL_S = 0.1


Glance = Callable[[], ClusterHealth | None]
"""Returns at once what is known of how a cluster is doing; None without one."""


def run(job: Callable[[Control[Any]], ResultT], title: str, glance: Glance = lambda: None) -> ResultT:
    """Run `job` in a thread, show its progress if stderr is a terminal, and cancel it on a request to end.

    Below the progress stands how the cluster is doing. Where there is no terminal, something is written about
    it whenever something else is amiss.

    Raises
    ------
    Cancelled
        After Ctrl-C or another request to end.
    """
    control: Control[Any] = Control()
    outcome: list[ResultT] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(job(control))
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            errors.append(error)

    thread = threading.Thread(target=work, name=title)
    with listening(control.cancel), _shown(title) as show:
        thread.start()
        while thread.is_alive():
            thread.join(POLL_S)
            show(control.snapshot, glance())
    if errors:
        raise errors[0]
    return outcome[0]


@contextlib.contextmanager
def _shown(title: str) -> Iterator[Callable[[Any, ClusterHealth | None], None]]:
    if not sys.stderr.isatty():
        yield _Teller().tell
        return
    progress = _bar()
    task = progress.add_task(title, total=None, figures="")

    def show(snapshot: ScanProgress | FillProgress | None, health: ClusterHealth | None) -> None:
        if isinstance(snapshot, ScanProgress):
            done, total = snapshot.stage
            figures = f"{format_count(snapshot.samples_found, 'file')} found"
            if snapshot.masks:
                figures = f"looking through {format_count(snapshot.masks, 'mask')}"
            progress.update(task, completed=done, total=total or None, figures=figures)
        elif snapshot:
            progress.update(
                task,
                description=snapshot.phase.value if snapshot.phase is not Phase.FILLING else title,
                completed=snapshot.rows_done,
                total=snapshot.rows,
                figures=_figures(snapshot),
            )
        progress.below = "" if health is None else health_line(health)
        with _terminal_may_go():
            progress.refresh()

    with _terminal_may_go():
        progress.start()
    try:
        yield show
    finally:
        with _terminal_may_go():
            progress.stop()


def _terminal_may_go() -> contextlib.suppress:
    """Ignore that the terminal was closed, since the job should still end properly."""
    return contextlib.suppress(OSError)


class _Teller:
    """Writes what is amiss with a cluster, where nobody watches a bar."""

    def __init__(self) -> None:
        self._told: tuple[object, ...] = ()

    def tell(self, _snapshot: object, health: ClusterHealth | None) -> None:
        """Write it, unless the same was written before."""
        if health is None or (what := what_is_amiss(health)) == self._told:
            return
        self._told = what
        if what:
            with _terminal_may_go():
                print_to_stream(printable(health_line(health)), sys.stderr)


def _bar() -> Any:  # noqa: ANN401 - made of what is imported here
    from rich.console import Console, RenderableType  # noqa: PLC0415 - rich costs more than a small job takes
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    class Bar(Progress):
        """A bar with a line below it."""

        below = ""

        def get_renderables(self) -> Iterator[RenderableType]:
            yield from super().get_renderables()
            if self.below:
                yield Text(printable(self.below))

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[figures]}", markup=False),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
    )


def _figures(snapshot: FillProgress) -> str:
    parts = [f"{format_rate(snapshot.rows_per_s, 'row')}", format_bytes(snapshot.memory_bytes)]
    if snapshot.seconds_left is not None:
        parts.insert(1, f"{format_duration(snapshot.seconds_left)} left")
    if snapshot.failed:
        parts.append(f"{snapshot.failed:,} failed")
    return ", ".join(parts)
