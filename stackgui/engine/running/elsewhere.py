"""What makes the rows of a run elsewhere than in the workers of this computer."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.plan.plan import Plan
from stackgui.core.run.progress import RowThumb
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.decoding.render import Form
from stackgui.engine.running.pause_on_error import PauseOnError
from stackgui.engine.workers.control import Steering
from stackgui.stores.recovery.lease import Permit

Lend: TypeAlias = Callable[[], Permit]


@dataclass(frozen=True, eq=False, slots=True)
class Work:
    """The rows to make.

    Attributes
    ----------
    plan, run, form
    wanted : bool, shape (rows,)
    steering : Steering
    patience : PauseOnError
        Decides whether the run waits when something is in the way.
    lend : callable
        Returns the right to write rows, which other hosts need; raises StoreError.
    """

    plan: Plan
    run: RunOptions
    form: Form
    wanted: NDArray[np.bool_]
    steering: Steering
    patience: PauseOnError
    lend: Lend


class Made(NamedTuple):
    """Rows that have been made and written, and are durable.

    Attributes
    ----------
    rows : sequence of RowsDone
    thumb : RowThumb
        A thumbnail of one of them.
    seconds : float
        How long it took.
    """

    rows: Sequence[RowsDone]
    thumb: RowThumb
    seconds: float


class Elsewhere(Protocol):
    """Makes rows, and writes them into the files of an unfinished stack."""

    def prepare(
        self, versions: Mapping[str, str], formats: Sequence[str], cancellation: Cancellation
    ) -> None:
        """Get ready for samples in `formats`, before anything is written.

        Raises
        ------
        RunError
            When there is nobody who has these versions.
        Cancelled
        """

    def rows(self, work: Work) -> Generator[Made, None, None]:
        """Make rows, in any order.

        Raises
        ------
        RunError, Cancelled
        """

    def settle(self, cancellation: Cancellation) -> None:
        """Return once nobody writes any more, also after `rows` was ended early; raises Cancelled."""
