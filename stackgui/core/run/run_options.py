"""How to carry out a plan, and what a single sample may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stackgui.core.base import choice_table
from stackgui.core.base.choice_table import FlagSpelling, Group, Spelling, Unspelled, choice
from stackgui.core.base.choices import Choice, OnError, Storage
from stackgui.core.base.kinds import Flag, OneOf, Place, Quantity, megabytes, pixels, seconds


class IfUnfinished(Choice):
    """What to do if there is an unfinished conversion to the same destination.

    ``refuse``: end at once. ``resume``: continue it, if it is the same job. ``redo``: continue it, and redo
    files that have changed since. ``restart``: discard what it made. Without one, all behave the same.
    """

    REFUSE = "refuse"
    RESUME = "resume"
    REDO = "redo"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to carry out a plan; none of these choices changes a pixel of the result."""

    destination: str = choice(
        "", Place("STACK"), "destination",
        "The folder that will hold the stack; it is made for you.",
        Spelling("--out", is_required=True),
        group=Group.RUN, decides_contents=False, caption="Save as", is_saved=False,
        is_passing=True,
    )  # fmt: skip
    storage: Storage = choice(
        Storage.AUTO, OneOf(Storage), "storage",
        "Where the array is while it grows. In a file it may be larger than memory.",
        Spelling("--storage"), group=Group.RUN, decides_contents=False, caption="Fill it",
    )  # fmt: skip
    on_error: OnError = choice(
        OnError.BLANK, OneOf(OnError), "what a failure means",
        "What happens when a picture cannot be read.",
        Spelling("--on-error"), group=Group.RUN, decides_contents=False, caption="If one fails",
        more="`blank` leaves its place empty and goes on.",
    )  # fmt: skip
    replace: bool = choice(
        False, Flag(), "replacing",
        "The stack of that name stays as it is until the new one is complete, and is then replaced.",
        FlagSpelling("--replace", True, "Replace the stack of that name, once the new one is complete."),
        group=Group.RUN, decides_contents=False, caption="Replace the stack that is there",
        is_passing=True,
    )  # fmt: skip
    report: bool = choice(
        False, Flag(), "reporting",
        "A page in the folder tells all about the stack, to be shown in a browser or printed.",
        FlagSpelling("--report", True, "Write a page about the stack, as report.html in its folder."),
        group=Group.RUN, decides_contents=False, caption="Write a report", is_later=True,
    )  # fmt: skip
    unfinished: IfUnfinished = choice(
        IfUnfinished.REFUSE, OneOf(IfUnfinished), "what becomes of an unfinished conversion",
        "What happens to an unfinished conversion to the same place.",
        FlagSpelling("--resume", IfUnfinished.RESUME, "Continue an unfinished conversion, if there is one."),
        FlagSpelling("--restart", IfUnfinished.RESTART,
            "Discard what an unfinished conversion made, and convert again."),
        group=Group.RUN, decides_contents=False, is_saved=False, is_passing=True,
    )  # fmt: skip
    pause_on_trouble: bool = choice(
        False, Flag(), "pausing on trouble",
        "Whether a full or failing disk pauses the run, which tries again when it is resumed, instead of "
        "ending it.",
        Unspelled("Only the window can wait for a person; either way nothing is lost."),
        group=Group.RUN, decides_contents=False, is_saved=False, is_passing=True,
    )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Return the options that an unfinished run keeps, as JSON values."""
        return choice_table.to_json(self)

    @classmethod
    def from_json(cls, value: object, destination: str, unfinished: IfUnfinished) -> RunOptions:
        """Rebuild options from `to_json`, for a run to `destination`; raises UsageError."""
        return choice_table.from_json(cls, value, destination=destination, unfinished=unfinished)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sample may take before it counts as damaged; 0 for memory means half of the machine's."""

    sample_s: float = choice(
        20.0, Quantity(seconds, "S"), "seconds for one picture",
        "Seconds that one picture may take before it counts as damaged.",
        Spelling("--sample-seconds", default="20"),
        group=Group.LIMITS, decides_contents=False, is_saved=False,
    )  # fmt: skip
    sample_bytes: int = choice(
        0, Quantity(megabytes, "MB"), "memory for one picture",
        "Megabytes of memory that one picture may take, beyond what a worker needs anyway.",
        Spelling("--sample-memory", default="half of the machine's"),
        group=Group.LIMITS, decides_contents=False, is_saved=False,
    )  # fmt: skip
    sample_px: int = choice(
        2**28, Quantity(pixels), "pixels of one picture",
        "Height times width that a picture's header may claim, for example 400000000 or 2G.",
        Spelling("--sample-pixels", default="268M"),
        group=Group.LIMITS, decides_contents=False, is_saved=False,
    )  # fmt: skip
