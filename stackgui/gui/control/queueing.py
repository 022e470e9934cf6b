"""The queue in the window: adding and arranging jobs, and beginning them one after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from stackgui.core.base.errors import ClusterAwayError
from stackgui.core.base.wording import Wording, joined, say
from stackgui.core.project.queue import JobState, Queue, QueuedJob, WhenDone
from stackgui.core.project.queue_words import outcome_words
from stackgui.engine import Engine
from stackgui.engine.queue_file import QueueFile
from stackgui.gui.control.jobs import Ending, Outcome
from stackgui.gui.control.running import QueueState
from stackgui.gui.control.runs import Runs
from stackgui.gui.control.screen import Kind, RunEnd, Screen, State
from stackgui.gui.control.view import View
from stackgui.gui.control.wish import Wish
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.ways_out import told

ResultT = TypeVar("ResultT")
_Errand = tuple[Callable[[], Any], Callable[[Any], None], Callable[[], None]]
"""Something slow, what to do with its result, and what to do if it fails."""

_Found = tuple[Queue, bool, tuple[int, int]]
"""The queue, whether another program runs it, and the stamp of the file that was read."""

POLLS = 10
"""How many polls pass between two looks at whether another program has changed the queue."""

ELSEWHERE = say("The queue is already running, in another window or at a terminal.")

_STATES = {
    State.FINISHED: JobState.DONE,
    State.FAILED: JobState.FAILED,
    State.CANCELLED: JobState.CANCELLED,
}


class Queueing:
    """Keeps the queue on the screen up to date, changes it, and runs it.

    Parameters
    ----------
    engine, view, runs
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.

    Attributes
    ----------
    preset : callable
        Returns the name of the preset that equals the present choices, or ``""``.
    done : callable
        Called when the queue is done, with its outcome in words, the last stack's place, and what is wanted
        then.
    """

    def __init__(
        self,
        engine: Engine,
        view: View,
        runs: Runs,
        *,
        screen: Callable[[], Screen],
        show: Callable[[Screen], None],
    ) -> None:
        self._engine = engine
        self._jobs = runs.jobs
        self._view = view
        self._runs = runs
        self._screen = screen
        self._show = show
        self._wish = Wish(screen)
        self._file = QueueFile()
        self._stamp = (0, 0)
        self._polls = 0
        self._errands: list[_Errand] = []
        self._leaving = False
        self._last_made = ""
        self._ran: set[int] = set()
        self.preset: Callable[[], str] = lambda: ""
        self.done: Callable[[str, str, WhenDone], None] = lambda _text, _place, _wanted: None

    def begin(self) -> None:
        """Show the queue of the last session, and offer what it left unfinished."""

        def work() -> tuple[_Found, str]:
            if not self._file.is_run_elsewhere and self._file.read().running and self._file.own():
                self._file.release()
            return self._look(), self._file.told()

        def found(result: tuple[_Found, str]) -> None:
            looked, problem = result
            self._took(looked)
            queue = looked[0]
            if problem:
                self._view.show_message(Kind.WARNING, tr(problem))
            elif interrupted := [job for job in queue.waiting if job.attempts]:
                self._view.show_message(Kind.INFO, tr(_interrupted(interrupted[0])))

        self._do(work, found)

    def poll(self) -> None:
        """Do what waits, and see whether another program has changed the queue; called every 0.1 s."""
        self._wish.poll()
        self._polls = (self._polls + 1) % POLLS
        if self._polls or self._jobs.is_active("queue"):
            return
        if self._screen().queue.is_run_elsewhere or self._file.stamp() != self._stamp:
            self._do(self._look, self._took)

    def _look(self) -> _Found:
        stamp = self._file.stamp()  # before it is read, so that no later change is missed
        return self._file.read(), self._file.is_run_elsewhere, stamp

    def _took(self, found: _Found) -> None:
        queue, is_run_elsewhere, self._stamp = found
        self._put(queue=queue, is_run_elsewhere=is_run_elsewhere)

    # Changes

    def add(self) -> None:
        """Add what has been prepared, once it has been checked, unless there is an obstacle."""
        self._wish.when_checked(lambda: self._add(goes=False))

    def _add(self, *, goes: bool) -> None:
        """Add what has been prepared, unless there is an obstacle; `goes` starts the queue too."""
        screen = self._screen()
        plan, needed = screen.plan, screen.estimate
        if screen.obstacle or plan is None or needed is None:
            return
        job = QueuedJob.of(plan, screen.run, needed.stack_bytes, self.preset())
        notes: list[str] = []

        def edit(queue: Queue) -> Queue:
            notes[:] = self._engine.check_queued(job, queue)
            return queue.added(job)

        def added(queue: Queue) -> None:
            self._put(queue=queue)
            text = _added(job, self._screen(), goes=goes)
            self._view.show_message(Kind.WARNING if notes else Kind.SUCCESS, tr(joined(" ", (text, *notes))))
            if goes:
                self.start()

        self._do(lambda: self._file.change(edit), added)

    def convert(self) -> None:
        """Convert what has been prepared, once it has been checked, unless there is an obstacle.

        During a run, add it to the queue instead, and start that.
        """
        self._wish.when_checked(self._convert)

    def _convert(self) -> None:
        if self._screen().running:
            self._add(goes=True)
        else:
            self._runs.convert()

    def _change(self, edit: Callable[[Queue], Queue]) -> None:
        self._do(lambda: self._file.change(edit), lambda queue: self._put(queue=queue))

    def remove(self, number: int) -> None:
        """Take a job out of the queue."""
        self._change(lambda queue: queue.removed(number))

    def shift(self, number: int, by: int) -> None:
        """Move a job by some places."""
        self._change(lambda queue: queue.shifted(number, by))

    def pause(self, number: int, *, wanted: bool) -> None:
        """Pass a waiting job over, or no longer; pause or resume the one that is running."""
        running = self._screen().running
        if running and running.job == number:
            if running.paused is not wanted:
                self._runs.pause_or_resume()
            return
        self._change(lambda queue: queue.paused(number, wanted=wanted))

    def retry(self, number: int) -> None:
        """Let a job that did not succeed wait again."""
        self._change(lambda queue: queue.retried(number))

    def clear(self) -> None:
        """Take out the jobs that are done or were cancelled."""
        self._change(Queue.cleared)

    def choose_when_done(self, wanted: WhenDone) -> None:
        """Choose what happens when the queue is done."""
        self._put(when_done=wanted)

    # Running

    def start(self) -> None:
        """Begin the waiting jobs, one after another."""

        def owned(is_own: bool) -> None:
            if is_own:
                self._leaving = False
                self._ran.clear()
                self._view.forget_message()  # it may ask for what has just been done
                self._put(is_going=True, is_run_elsewhere=False)
                self.go_on()
            else:
                self._put(is_run_elsewhere=True)
                self._view.show_message(Kind.INFO, tr(ELSEWHERE))

        if not self._screen().queue.is_going:
            self._do(self._file.own, owned)

    def hold(self) -> None:
        """Begin no further job; the one that is running goes on."""
        self._put(is_going=False)
        self._release_unless_busy()

    def go_on(self) -> None:
        """Begin the next job, if the queue is going and nothing runs."""
        if self._screen().queue.is_going and not self._screen().running:
            self._do(self._take, self._taken, self.hold)

    def _take(self) -> tuple[QueuedJob | None, Queue]:
        return self._file.take(), self._file.read()

    def _taken(self, result: tuple[QueuedJob | None, Queue]) -> None:
        job, queue = result
        self._put(queue=queue)
        if job is not None:
            if self._screen().running:  # a person was faster
                self._change(Queue.interrupted)
                return
            self._ran.add(job.number)
            self._runs.begin_queued(
                job,
                lambda end, notes: self._ended(job, end, notes),
                lambda error: self._put_back(job, error),
            )
        elif self._screen().queue.is_going:
            self._finish(queue)

    def _ended(self, job: QueuedJob, end: RunEnd, notes: tuple[str, ...]) -> None:
        failed = len(end.report.failures) if end.report else 0
        if end.state is State.FINISHED:
            self._last_made = job.destination
        if self._leaving:
            self._change(Queue.interrupted)
            self._release_unless_busy()
            return
        self._change(lambda queue: queue.ended(job.number, _STATES[end.state], end.text, notes, failed))
        if not self._screen().queue.is_going:
            self._release_unless_busy()

    def _put_back(self, job: QueuedJob, error: ClusterAwayError) -> None:
        """Let a job wait whose cluster is away, and all after it, which would fare alike."""
        self._ran.discard(job.number)

        def edit(queue: Queue) -> Queue:
            has_begun = self._engine.unfinished(job.destination) is not None
            return queue.put_back(job.number, has_begun=has_begun)

        self._change(edit)
        self._put(is_going=False)
        if not self._leaving:
            text = say(
                "{why} The queue waits before “{name}”. Start it again when the cluster is there.",
                why=told(error),
                name=job.name,
            )
            self._view.show_message(Kind.WARNING, tr(text))
        self._release_unless_busy()

    def _finish(self, queue: Queue) -> None:
        wanted = self._screen().queue.when_done
        used_up = wanted in {WhenDone.SLEEP, WhenDone.SHUT_DOWN}
        self._put(is_going=False, when_done=WhenDone.NOTHING if used_up else wanted)
        self._release_unless_busy()
        ended = [job for job in queue.jobs if job.number in self._ran]
        text = tr(outcome_words(ended))
        states = {job.state for job in ended}
        kind = Kind.INFO if JobState.CANCELLED in states else Kind.SUCCESS
        self._view.show_message(Kind.WARNING if JobState.FAILED in states else kind, text)
        self.done(text, self._last_made, wanted)

    def _release_unless_busy(self) -> None:
        running = self._screen().running
        if running is None or not running.job:
            self._do(self._file.release, lambda _: None)

    def stop(self) -> None:
        """Begin no further job, and stop the run and wait for it; one of the queue waits again then."""
        self._leaving = True
        self._put(is_going=False)
        self._runs.stop()

    def close(self) -> None:
        """Let another program run the queue; the next one finds what was running, and goes on with it."""
        self._file.release()

    # The file, which may be slow: one thing after another, in a thread

    def _do(
        self,
        work: Callable[[], ResultT],
        done: Callable[[ResultT], None],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._errands.append((work, done, failed))
        self._begin_errand()

    def _begin_errand(self) -> None:
        if not self._errands or self._jobs.is_active("queue"):
            return
        work, done, failed = self._errands.pop(0)

        def ended(ending: Ending[Any]) -> None:
            if ending.outcome is Outcome.FINISHED:
                done(ending.result)
            elif ending.outcome is Outcome.FAILED:
                self._view.show_message(Kind.ERROR, tr(ending.text), ending.details)
                failed()
            self._begin_errand()

        self._jobs.start("queue", lambda _control: work(), ended)

    def _put(self, **changes: Any) -> None:  # noqa: ANN401 - fields of `QueueState`
        screen = self._screen()
        state: QueueState = replace(screen.queue, **changes)
        if state != screen.queue:
            self._show(replace(screen, queue=state))


def _added(job: QueuedJob, screen: Screen, *, goes: bool) -> Wording:
    if goes and screen.running:
        return say(
            "“{name}” is in the queue. It begins when “{running}” is done.",
            name=job.name,
            running=screen.running.name,
        )
    if screen.queue.is_going:
        return say("“{name}” is in the queue. It begins when its turn comes.", name=job.name)
    return say("“{name}” is in the queue. Start the queue when everything is in it.", name=job.name)


def _interrupted(job: QueuedJob) -> Wording:
    return say("“{name}” was interrupted. Start the queue, and it goes on where it stopped.", name=job.name)
