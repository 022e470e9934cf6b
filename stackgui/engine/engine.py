"""The interface of the engine: every job, over one pool of workers.

Methods import what they need on first use, because the imports load all decoders: the window appears sooner
if it does not wait for them. Each takes its turn, by `FIRST_USE`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from stackgui.core.advice.estimate import Resources
from stackgui.core.advice.health import Checks
from stackgui.core.base.voice import ENGLISH, Voice
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.lists.list_look import ListLook, ListOffer, look_of
from stackgui.core.options.update_options import PLAINLY, HowToUpdate
from stackgui.core.plan.plan import Plan
from stackgui.core.project.queue import Queue, QueuedJob, QueuedReport
from stackgui.core.run.cluster import ClusterHealth
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.edits import Edit
from stackgui.core.run.export import ExportChoice, ExportReport
from stackgui.core.run.found_pictures import FoundPicture, FoundPictures
from stackgui.core.run.loading import Loadable
from stackgui.core.run.progress import FillProgress, Phase, RowThumb, ScanProgress
from stackgui.core.run.report import Report, RetryReport, Unfinished, no_page
from stackgui.core.run.run_options import Limits, RunOptions
from stackgui.core.run.update_report import UpdateReport
from stackgui.core.run.verify import VerifyReport
from stackgui.core.viewing.opened import Reading
from stackgui.engine.cluster.on_use import ClusterOnUse
from stackgui.engine.first_use import FIRST_USE
from stackgui.engine.workers.control import Control

if TYPE_CHECKING:
    from stackgui.engine.cluster.connecting import Cluster
    from stackgui.engine.running.elsewhere import Elsewhere
    from stackgui.engine.scanning.scan_cache import Rememberer
    from stackgui.engine.viewing.rows import ViewedRows
    from stackgui.engine.workers.workers import Workers

    Lent: TypeAlias = tuple[Workers, Rememberer | None, Elsewhere | None]


class Engine:
    """Scans, previews and converts with one pool of workers; every method may be called from any thread.

    Parameters
    ----------
    workers
        Number of worker processes; by default one for each processor.
    limits
        Limits for one sample.
    voice
        Language of the reports of stacks.
    cluster
        Cluster that does the work of conversions; by default this computer alone does.
    gives_way
        Whether the workers let the window go first.
    """

    def __init__(
        self,
        workers: int | None = None,
        limits: Limits | None = None,
        voice: Voice = ENGLISH,
        cluster: ClusterAddress | None = None,
        *,
        gives_way: bool = False,
    ) -> None:
        self._asked, self._gives_way, self._voice = (workers, limits), gives_way, voice
        self._lock = threading.Lock()
        self._loaded: tuple[Workers, Rememberer] | None = None
        self._cluster = ClusterOnUse(cluster)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _load(self) -> tuple[Workers, Rememberer]:
        with FIRST_USE:
            from stackgui.engine.scanning.scan_cache import Rememberer
            from stackgui.engine.workers.workers import Workers
        with self._lock:
            self._loaded = self._loaded or (Workers(*self._asked, gives_way=self._gives_way), Rememberer())
            return self._loaded

    @property
    def _workers(self) -> Workers:
        return self._load()[0]

    @property
    def _rememberer(self) -> Rememberer:
        return self._load()[1]

    def cluster(self, control: Control[Any]) -> Cluster | None:
        """Return the cluster that does the work, if there is one; see `ClusterOnUse.connected`."""
        return self._cluster.connected(control)

    def use_cluster(self, address: str) -> None:
        """Let later jobs use the cluster at `address`; this computer for ``""`` and after UsageError."""
        self._cluster.close()
        self._cluster = ClusterOnUse(None)
        if address:
            self._cluster = ClusterOnUse(ClusterAddress.parse(address))

    def cluster_health(self, control: Control[Any]) -> ClusterHealth:
        """Return how the cluster is doing, which may take a while; raises StackguiError if it is away."""
        return self._cluster.health(control)

    def cluster_glance(self) -> ClusterHealth | None:
        """Return what is known of how the cluster is doing, at once; None without a cluster."""
        return self._cluster.glance()

    def _crew(self, control: Control[Any], *, cache: bool = False) -> tuple[Workers, Rememberer | None]:
        """Return the workers of the cluster, or those of this computer, which alone may use the `cache`."""
        crew = self._cluster.workers(control, self._asked[1], self._workers)
        return crew, self._rememberer if cache and crew is self._workers else None

    @contextmanager
    def _lent(self, control: Control[Any], *, cache: bool = False) -> Iterator[Lent]:
        """Lend `_crew`, and what makes the rows of one run on the cluster, or None without one."""
        crew, rememberer = self._crew(control, cache=cache)
        with self._cluster.rows(control, self._asked[1]) as elsewhere:
            yield crew, rememberer, elsewhere

    def warm_up(self) -> None:
        """Start the workers in the background, and import what the first jobs need."""
        self._workers.warm_up()
        with FIRST_USE:
            from stackgui.engine.running import fill  # noqa: F401 - the jobs use it
            from stackgui.engine.scanning import scan  # noqa: F401 - as above

    def scan(
        self,
        sources: Sequence[str],
        control: Control[ScanProgress],
        options: ScanOptions = DEFAULT,
        *,
        cache: bool = True,
        overview: bool = False,
        without_missing: bool = False,
    ) -> Catalog:
        """Search `sources`; see `stackgui.engine.scanning.scan.scan`. A cluster uses no cache."""
        with FIRST_USE:
            from stackgui.engine.scanning.scan import scan

        crew, rememberer = self._crew(control, cache=cache)
        return scan(
            sources, crew, control, options,
            rememberer=rememberer, overview=overview, without_missing=without_missing,
        )  # fmt: skip

    def convert(self, plan: Plan, run: RunOptions, control: Control[FillProgress]) -> Report:
        """Carry out `plan`; see `stackgui.engine.running.fill.fill`."""
        with FIRST_USE:
            from stackgui.engine.running.fill import fill

        with self._lent(control) as (crew, _cache, elsewhere):
            report = fill(plan, run, crew, control, elsewhere)
        return self._with_page(report, run, control)

    def save_plan(self, plan: Plan, file: str) -> None:
        """Save `plan`; see `stackgui.stores.format.plan_file.save_plan`."""
        with FIRST_USE:
            from stackgui.stores.format.plan_file import save_plan

        save_plan(plan, file)

    def unfinished(self, destination: str) -> Unfinished | None:
        """Return the unfinished conversion to `destination` to be resumed, or None; cheap for a folder."""
        with FIRST_USE:
            from stackgui.stores.remote.anywhere import unfinished_at

        return unfinished_at(destination)

    def resume(
        self,
        partial: str,
        control: Control[FillProgress],
        *,
        redo_changed: bool = False,
        pause_on_trouble: bool = False,
        cache: bool = True,
    ) -> Report:
        """Resume an unfinished conversion; see `stackgui.engine.running.resume.resume`."""
        with FIRST_USE:
            from stackgui.engine.running.resume import resume
            from stackgui.stores.remote.anywhere import run_and_rows_of

        run, _rows = run_and_rows_of(partial, redo_changed=redo_changed)
        with self._lent(control, cache=cache) as (crew, rememberer, elsewhere):
            report = resume(
                partial, crew, control,
                redo_changed=redo_changed, pause_on_trouble=pause_on_trouble,
                rememberer=rememberer, elsewhere=elsewhere,
            )  # fmt: skip
        return self._with_page(report, run, control)

    def check_queued(self, job: QueuedJob, queue: Queue) -> tuple[str, ...]:
        """Check a job for the queue; see `stackgui.engine.running.queued.check_queued`."""
        with FIRST_USE:
            from stackgui.engine.running.queued import check_queued

        return check_queued(job, queue)

    def run_queued(
        self, job: QueuedJob, control: Control[FillProgress], *, pause_on_trouble: bool = False
    ) -> QueuedReport:
        """Run a job of the queue; see `stackgui.engine.running.queued.run_queued`."""
        with FIRST_USE:
            from stackgui.engine.running.queued import run_queued

        with self._lent(control, cache=True) as (crew, rememberer, elsewhere):
            done = run_queued(
                job, crew, control,
                pause_on_trouble=pause_on_trouble, rememberer=rememberer, elsewhere=elsewhere,
            )  # fmt: skip
        report = self._with_page(done.report, job.project.run, control)
        return replace(done, report=report, notes=(*done.notes, *filter(None, (report.page_problem,))))

    def rows_of(self, stack: str) -> Plan:
        """Read what each row of a finished stack is; see `stackgui.stores.stack.rows.rows_of`."""
        with FIRST_USE:
            from stackgui.stores.stack.rows import rows_of

        return rows_of(stack)

    def edit_stack(self, stack: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Edit rows of a finished stack; return what takes it back; see `stackgui.stores.stack.edit`."""
        with FIRST_USE:
            from stackgui.stores.stack.edit import edit_stack

        return edit_stack(stack, edits)

    def verify(self, stack: str, control: Control[FillProgress], *, deep: int | None = 0) -> VerifyReport:
        """Check a finished stack; see `stackgui.engine.running.verify.verify`."""
        with FIRST_USE:
            from stackgui.engine.running.verify import verify

        return verify(stack, self._crew(control)[0], control, deep=deep)

    def view(self, path: str, reading: Reading, control: Control[Any]) -> ViewedRows:
        """Open a stack or another array to look at; see `stackgui.engine.viewing.rows.view_rows`."""
        with FIRST_USE:
            from stackgui.engine.viewing.rows import view_rows

        return view_rows(path, reading, control)

    def report(self, stack: str, target: str, control: Control[Any]) -> str:
        """Write the report of a finished stack; see `stackgui.engine.viewing.report.write_report`."""
        with FIRST_USE:
            from stackgui.engine.viewing.report import write_report

        return write_report(stack, target, self._workers, self._voice, control)

    def _with_page(self, report: Report, run: RunOptions, control: Control[FillProgress]) -> Report:
        """Write the page about a stack that has just been made, if it is wanted, and say how that went."""
        if not run.report:
            return report
        if (done := control.snapshot) is not None:
            control.publish(replace(done, phase=Phase.REPORTING))
        try:
            return replace(report, page=self.report(report.stack, "", control))
        except Exception as error:  # noqa: BLE001 - the stack is complete, whatever becomes of a page about it
            return replace(report, page_problem=no_page(error))

    def export(
        self,
        stack: str,
        exporter: str,
        target: str,
        control: Control[FillProgress],
        announce: Callable[[Sequence[str]], object] = lambda _notes: None,
    ) -> ExportReport:
        """Write a finished stack for other programs; see `stackgui.engine.running.export.export`."""
        with FIRST_USE:
            from stackgui.engine.running.export import export

        return export(stack, exporter, target, control, announce, far=self._cluster.far(control))

    def export_choices(self, stack: str) -> tuple[ExportChoice, ...]:
        """Return what can be made of a finished stack; see `export_choices`."""
        with FIRST_USE:
            from stackgui.engine.running.exporters import export_choices

        return export_choices(stack)

    def loadable(self, stack: str) -> Loadable:
        """Return what code that loads a finished stack has to know of it."""
        with FIRST_USE:
            from stackgui.engine.running.loading import loadable

        return loadable(stack)

    def retry_failed(
        self, stack: str, control: Control[FillProgress], *, pause_on_trouble: bool = False
    ) -> RetryReport:
        """Retry the failed rows of a finished stack; see `stackgui.engine.running.retry.retry`."""
        with FIRST_USE:
            from stackgui.engine.running.retry import retry

        with self._lent(control) as (crew, _cache, elsewhere):
            return retry(stack, crew, control, pause_on_trouble=pause_on_trouble, elsewhere=elsewhere)

    def update(
        self,
        stack: str,
        control: Control[FillProgress],
        how: HowToUpdate = PLAINLY,
        *,
        cache: bool = True,
    ) -> UpdateReport:
        """Bring a finished stack up to date; see `stackgui.engine.running.update.update`."""
        with FIRST_USE:
            from stackgui.engine.running.update import update

        with self._lent(control, cache=cache) as (crew, rememberer, elsewhere):
            return update(stack, crew, control, how, rememberer, elsewhere=elsewhere)

    def found_pictures(
        self, found: FoundPictures, indices: Sequence[int], side_px: int, control: Control[Any]
    ) -> tuple[FoundPicture, ...]:
        """Show what an update has found; see `stackgui.engine.viewing.changed.found_pictures`."""
        with FIRST_USE:
            from stackgui.engine.viewing.changed import found_pictures

        return found_pictures(found, indices, side_px, self._workers, control)

    def previews(
        self,
        plan: Plan,
        samples: Sequence[int],
        side_px: int,
        control: Control[Any],
        *,
        uncut: bool = False,
    ) -> tuple[RowThumb, ...]:
        """Preview rows before they are written; see `stackgui.engine.running.preview.previews`."""
        with FIRST_USE:
            from stackgui.engine.running.preview import previews

        return previews(plan, samples, side_px, self._workers, control, uncut=uncut)

    def look_at_list(self, options: ScanOptions, catalog: Catalog, control: Control[Any]) -> ListLook:
        """Tell what the list of labels in `options` would give the samples of `catalog`."""
        with FIRST_USE:
            from stackgui.engine.scanning.list_match import match_list

        return look_of(match_list(options, catalog, self._workers, control), options, catalog)

    def lists_among(self, catalog: Catalog, control: Control[Any]) -> list[ListOffer]:
        """Return files among the pictures that may be lists of their labels, the likeliest first."""
        with FIRST_USE:
            from stackgui.engine.scanning.list_match import lists_among

        return lists_among(catalog, self._workers, control)

    def check_samples(self, plan: Plan, control: Control[FillProgress]) -> Checks:
        """Check all samples before they are converted; see `stackgui.engine.running.check_samples`."""
        with FIRST_USE:
            from stackgui.engine.running.check_samples import check_samples

        return check_samples(plan, self._crew(control)[0], control)

    def check_destination(self, sources: Sequence[str], run: RunOptions) -> None:
        """Raise UsageError if the stack cannot be written to that folder or address; a server may be slow."""
        with FIRST_USE:
            from stackgui.stores.remote.anywhere import check_destination

        check_destination(sources, run)

    def resources(self, destination: str) -> Resources:
        """Return the memory and disk space that are free now; `destination` may be ``""``."""
        with FIRST_USE:
            from stackgui.engine.running.resources import measure

        return measure(destination, self._workers.count)

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            if self._loaded is not None:
                workers, rememberer = self._loaded
                workers.close()
                rememberer.close()
        self._cluster.close()
