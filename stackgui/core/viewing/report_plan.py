"""The plan of a stack in words, for its report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_share
from stackgui.core.base.voice import Voice
from stackgui.core.base.wording import joined, say, say_many
from stackgui.core.options.option_words import told_options
from stackgui.core.options.options import Options
from stackgui.core.plan.taken import GROUPS


def plan_words(header: Mapping[str, Any], voice: Voice) -> Iterator[tuple[str, str]]:
    """Yield what was decided for the stack with this header, and how.

    Parameters
    ----------
    header
        As read from ``stack.json``.
    voice
        Recalls what was said when the stack was made.
    """
    plan = header["plan"]
    sources = list(map(str, plan.get("sources", ())))
    yield say("Folders"), joined(", ", map(printable, sources))
    known = [name for name in _TOLD_BY if (header.get(name) or {}).get("told_by")]
    groups = header.get(GROUPS) or {}
    known += ["group_by"] if groups else []
    known += [name for name, counts in _COUNTED_AS.items() if any(plan.get(count) for count in counts)]
    try:
        yield from told_options(Options.from_json(plan.get("options", {})), without=known)
    except UsageError:  # an option of a newer program
        yield from ((printable(str(name)), printable(str(told))) for name, told in plan["options"].items())
    for name, words in _TOLD_BY.items():
        if told := (header.get(name) or {}).get("told_by"):
            yield words, joined("", (printable(voice.recall(str(told))),))
    if groups:
        told = printable(voice.recall(str(groups.get("told_by", ""))))
        yield (
            say("Kept together"),
            say_many(
                int(groups.get("count", 0)),
                "{count:,} group from {told_by}",
                "{count:,} groups from {told_by}",
                told_by=joined("", (told,)),
            ),
        )
    for name, words in _PICTURES.items():
        if count := plan.get(name):
            yield words, format_count(int(count), "picture")
    if "waste" in plan:
        yield say("Share of padding"), format_share(float(plan["waste"]))
    if times := (header.get("updated") or {}).get("times"):
        yield say("Updated since"), say_many(int(times), "{count:,} time", "{count:,} times")
    yield say("Fingerprint"), printable(str(plan.get("fingerprint", "")))


_TOLD_BY = {"labels": say("Labels come from"), "split": say("The split comes from")}
"""Members of the header that say where something comes from."""

_PICTURES = {
    "scaled_down": say("Made smaller"),
    "scaled_up": say("Made larger"),
    "cropped": say("Cropped"),
    "excluded": say("Without a row"),
}
"""Members of the plan that count pictures."""

_COUNTED_AS = {"shrink": ("scaled_down", "cropped"), "exclude": ("excluded",)}
"""Options that name pictures, and the members of the plan that say how many became what these options ask."""
