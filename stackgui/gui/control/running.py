"""What is being made, and what waits for it, apart from what is on the screen."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.project.queue import Queue, WhenDone
from stackgui.core.run.progress import FillProgress


@dataclass(frozen=True, eq=False, slots=True)
class Running:
    """The run that is under way, whatever is being prepared meanwhile.

    Attributes
    ----------
    destination : str
        Absolute path of its stack.
    progress : FillProgress
    paused : bool
    retrying : bool
        Whether it retries the failed rows of a finished stack.
    job : int
        Its number in the queue; 0 if it is not from the queue.
    """

    destination: str
    progress: FillProgress
    paused: bool = False
    retrying: bool = False
    job: int = 0

    @property
    def name(self) -> str:
        """Name of its stack, as a person may read it."""
        return printable(os.path.basename(self.destination))

    @property
    def busy(self) -> str:
        """Why its stack cannot be made now, as a sentence."""
        if self.retrying:
            return say("Failed rows of “{name}” are being retried.", name=self.name)
        if self.paused:
            return say(
                "“{name}” is paused. Change something to prepare another stack meanwhile.", name=self.name
            )
        return say(
            "“{name}” is being made. Change something to prepare another stack meanwhile.", name=self.name
        )

    @property
    def closing_question(self) -> str:
        """What to ask before the window is closed."""
        if self.job:
            return say(
                "“{name}” is being made. Stop the queue and close? It can go on next time.", name=self.name
            )
        if self.retrying:
            return say("Failed rows are being retried. Stop and close? The rows retried so far are kept.")
        if self.paused:
            return say("“{name}” is paused. Stop it and close? You can resume it next time.", name=self.name)
        return say("“{name}” is being made. Stop it and close? You can resume it next time.", name=self.name)

    @property
    def percent(self) -> int:
        """Share of the rows that are done."""
        return 100 * self.progress.rows_done // max(1, self.progress.rows)


@dataclass(frozen=True, slots=True)
class QueueState:
    """The queue, as this window sees it.

    Attributes
    ----------
    queue : Queue
    is_going : bool
        Whether this window begins the waiting jobs one after another.
    is_run_elsewhere : bool
        Whether another window or a terminal does.
    when_done : WhenDone
    """

    queue: Queue = field(default_factory=Queue)
    is_going: bool = False
    is_run_elsewhere: bool = False
    when_done: WhenDone = WhenDone.NOTIFY

    @property
    def places(self) -> frozenset[str]:
        """The destinations of jobs that are still to make their stacks."""
        return frozenset(job.destination for job in self.queue.pending)
