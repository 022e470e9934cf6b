"""The place where a stack will be saved, and what is in the way of that."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stackgui.core.advice.estimate import Estimate, Verdict
from stackgui.core.base.addresses import BUCKETS, address_in, is_address, is_on_web
from stackgui.core.base.choices import Storage
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan
from stackgui.core.run.in_bucket import bucket_problem
from stackgui.core.run.report import Unfinished
from stackgui.core.run.run_options import RunOptions
from stackgui.core.run.sharding import SUFFIX


def own_parent() -> Path:
    """Return the folder in which stacks are saved until another is chosen."""
    return Path.home() / "stacks"


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


def proposed_address(sources: Sequence[str], destination: str) -> tuple[str, str]:
    """Propose an address for a stack: its start, and its name, like that of its present `destination`.

    The bucket is that of the present address, or else that of the first source that lies in one; if there is
    none either, the start ends behind the scheme.
    """
    name = os.path.basename(destination).removesuffix(SUFFIX) or "stack"
    for known in (destination, *sources):
        if is_address(known) and not is_on_web(known):
            start = address_in(known)
            return f"{start}{known[len(start) :].partition('/')[0]}/", name + SUFFIX
    return f"{BUCKETS[0]}://", name + SUFFIX
