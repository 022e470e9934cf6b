"""The place where a stack will be saved, and what is in the way of that."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.advice.estimate import Estimate, Verdict
from stackgui.core.base.addresses import is_address
from stackgui.core.base.choices import Storage
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan
from stackgui.core.run.in_bucket import bucket_problem
from stackgui.core.run.report import Unfinished
from stackgui.core.run.run_options import RunOptions


@dataclass(frozen=True, slots=True)
class Destination:
    """Findings about the place where the stack will be saved.

    Attributes
    ----------
    problem : str
        Why the stack cannot be written there, as a sentence, or ``""``.
    replaceable : bool
        Whether the problem is an older stack, which the person may allow to be replaced.
    unfinished : Unfinished or None
        Unfinished conversion to the same place, unless another process is working on it.
    free : str
        A place to which the stack can be saved instead, or ``""`` if there is no problem.
    """

    problem: str = ""
    replaceable: bool = False
    unfinished: Unfinished | None = None
    free: str = ""


def space_problem(
    run: RunOptions, plan: Plan | None, estimate: Estimate | None, destination: Destination | None
) -> str:
    """Return why a stack cannot be saved where it shall be, or that this is being found out, or ``""``."""
    goes_to_bucket = is_address(run.destination)
    if goes_to_bucket and plan is not None and (problem := bucket_problem(plan)):
        return problem
    if goes_to_bucket and destination is None:
        return say("Asking whether it can be saved at {place}.", place=printable(run.destination))
    if plan is None or estimate is None or destination is None:
        return say("Checking the folder where the stack will be saved.")
    return destination.problem or _room_problem(run, estimate)


def _room_problem(run: RunOptions, estimate: Estimate) -> str:
    if estimate.verdict is Verdict.DOES_NOT_FIT:
        return estimate.reason
    if run.storage is Storage.MEMORY and estimate.verdict is Verdict.USE_A_FILE:
        return say(
            "The array is too large to fill in memory ({free} are free). Choose “a file” or “automatic”.",
            free=format_bytes(estimate.free_memory_bytes),
        )
    return ""
