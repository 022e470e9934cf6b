"""Lets a cluster make the rows of a run: hands out ranges, and collects what came of them."""

from __future__ import annotations

import contextlib
import secrets
from collections import deque
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import Self

from distributed import Future, KilledWorker

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.errors import ClusterAwayError, RunError, SourceGoneError, StoreError
from stackgui.core.base.wording import joined, say
from stackgui.core.plan.part import part_of
from stackgui.core.plan.row_marks import marks_of_rows
from stackgui.core.run.ranges import Pace, Range, ranges
from stackgui.core.run.run_options import Limits
from stackgui.engine.cluster.connecting import Cluster
from stackgui.engine.cluster.crew import Crew
from stackgui.engine.cluster.handing import Handing
from stackgui.engine.cluster.hands import Hands, refusals
from stackgui.engine.cluster.parcels import pack
from stackgui.engine.cluster.tasks import FillTask, fill_part
from stackgui.engine.running.elsewhere import Made, Work
from stackgui.stores.recovery.lease import LeaseEndedError, Permit
from stackgui.stores.remote.anywhere import aligned_to

AHEAD = 3
"""Ranges that are handed out for each decoder: one that ends, one in work, and one that is there then."""


class ClusterRows:
    """Makes rows on a cluster; it is an `Elsewhere`, for one run.

    Parameters
    ----------
    cluster
    limits
        Limits for one sample.
    """

    def __init__(self, cluster: Cluster, limits: Limits) -> None:
        self._cluster = cluster
        self._limits = limits
        self._name = f"stackgui-{secrets.token_hex(8)}"
        self._crew = Crew(cluster)
        self._lease: Permit | None = None
        self._was_stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the workers forget the run."""
        if self._lease is not None:
            self._lease.end()
        self._cluster.take_back(self._name)

    def prepare(
        self, versions: Mapping[str, str], formats: Sequence[str], cancellation: Cancellation
    ) -> None:
        """Refuse workers with other versions, as `Elsewhere.prepare` says."""
        cancellation.check()
        self._cluster.give(Hands(self._name, self._limits, versions, formats), cancellation)
        if refused := refusals(self._cluster.client, self._name):
            raise RunError(joined(" ", refused))

    def rows(self, work: Work) -> Generator[Made, None, None]:
        """Make rows, as `Elsewhere.rows` says."""
        self._lease = work.lend()
        self._crew.look()
        pace = Pace()
        aligned = aligned_to(work.plan, work.run.destination)
        todo = _Todo(ranges(work.plan, work.wanted, self._crew.decoders, aligned=aligned, pace=pace))
        handing = _Handing(self._cluster, work, self._lease, self._name, pace)
        try:
            while todo or handing.pending:
                work.steering.check()
                self._crew.look()
                while todo and not work.steering.paused and handing.count < AHEAD * self._crew.decoders:
                    # One for each at first, so that nobody waits while others get what they need later.
                    handing.hand_out(todo.next(self._crew.decoders))
                yield from self._collected(handing, todo, work)
        finally:
            self._was_stopped = bool(handing.pending)
            handing.stop()

    def _collected(self, handing: _Handing, todo: _Todo, work: Work) -> Generator[Made, None, None]:
        """Yield the next range that is done, if one is done soon; put one that has to be made again back."""
        found = handing.next_done()
        if found is None:
            return
        future, each = found
        try:
            yield handing.made(future, each)
        except CancelledError as error:
            todo.put_back(each, *handing.lost())
            self._regain(work, error)
        except KilledWorker as error:
            raise RunError(
                say("Workers of the cluster keep ending while they make rows, perhaps for want of memory.")
            ) from error
        except (StoreError, SourceGoneError) as error:
            todo.put_back(each)
            work.patience.wait(error, str(error), lambda: False)
        except LeaseEndedError as error:
            raise RunError(say("Another run has taken over the unfinished stack.")) from error

    def _regain(self, work: Work, error: BaseException) -> None:
        """Connect again to a scheduler that was lost, as soon as it is there.

        Raises
        ------
        ClusterAwayError
            When it is not there for too long, and the run must not wait.
        """
        lost = ClusterAwayError(
            say(
                "The scheduler of the cluster at {address} was lost. Start it again, with its workers, and "
                "resume the conversion.",
                address=str(self._cluster.address),
            )
        )
        if not self._cluster.regain(work.steering):
            work.patience.wait(lost, str(lost), lambda: False)
            self._cluster.connect_again(work.steering)
        self._crew.forget()
        try:
            self._cluster.give_again()
        except RunError:
            raise lost from error

    def settle(self, cancellation: Cancellation) -> None:
        """Wait for workers that vanished or were stopped, as far as they may be writing."""
        if self._lease is not None:
            self._lease.end()
            self._crew.settle(self._name, cancellation, ask=self._was_stopped)


class _Todo:
    """The ranges that nobody has yet; each is cut when it is needed."""

    def __init__(self, source: Iterable[Range]) -> None:
        self._source = iter(source)
        self._waiting: deque[Range] = deque()

    def __bool__(self) -> bool:
        if not self._waiting:
            self._waiting.extend(islice(self._source, 1))
        return bool(self._waiting)

    def next(self, count: int) -> list[Range]:
        """Take the next ranges, at most `count`."""
        return [self._waiting.popleft() for _ in range(count) if self]

    def put_back(self, *again: Range) -> None:
        """Hand out ranges once more, before all others."""
        self._waiting.extendleft(again)


class _Handing(Handing[Range]):
    """The ranges that the scheduler has."""

    def __init__(self, cluster: Cluster, work: Work, lease: Permit, hands: str, pace: Pace) -> None:
        super().__init__(cluster)
        self._work = work
        self._lease = lease
        self._hands = hands
        self._pace = pace
        self._number = 0
        self._fetched: dict[Future, Made] = {}

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.pending)

    def hand_out(self, some: Sequence[Range]) -> None:
        """Give ranges to the scheduler, by one message."""
        tasks = [pack(self._task(each)) for each in some]
        numbers = range(self._number, self._number + len(some))
        self._number += len(some)
        keys = [f"fill_part-{self._lease.token}-{number}" for number in numbers]
        hands = [self._hands] * len(some)
        futures = self._cluster.client.map(fill_part, tasks, hands, key=keys, pure=False)
        for future, each in zip(futures, some, strict=True):
            self.await_it(future, each)

    def _task(self, each: Range) -> FillTask:
        work, plan = self._work, self._work.plan
        first = plan.first_rows[each.bucket]
        return FillTask(
            part_of(plan, each.bucket, each.begin, each.end),
            work.form,
            work.wanted[first + each.begin : first + each.end],
            work.run.destination,
            self._lease,
        )

    def lost(self) -> list[Range]:
        """Return all ranges, none of which the scheduler has any more; forget what was fetched of them."""
        self._fetched.clear()
        return super().lost()

    def made(self, future: Future, each: Range) -> Made:
        """Return what came of a range that is done, or raise what went wrong."""
        if future not in self._fetched and future.status == "finished":
            # One request for all that are done by now.
            done = [future, *(other for other in self.pending if other.status == "finished")]
            with contextlib.suppress(Exception):  # each will tell what it is
                self._fetched.update(zip(done, self._cluster.client.gather(done), strict=True))
        made = self._fetched.pop(future, None) or future.result()
        self._pace.learn(each.expected_s, made.seconds)
        return self._counted(made, each)

    def _counted(self, made: Made, each: Range) -> Made:
        """Return `made` with the numbers that rows have in the whole plan."""
        plan = self._work.plan
        first = plan.first_rows[each.bucket] + each.begin
        rows = [replace(rows, first=rows.first + first) for rows in made.rows]
        bucket, at = plan.buckets[each.bucket], each.begin + made.thumb.row
        (marks,) = marks_of_rows(plan, bucket, bucket.samples[at : at + 1])
        thumb = replace(made.thumb, row=first + made.thumb.row, marks=marks)
        return made._replace(rows=rows, thumb=thumb)

    def stop(self) -> None:
        """Take back what was handed out, and the right to write it; never raises."""
        if self.pending:
            self._lease.end()
        super().stop()
