"""Numbers, sizes, times and counts formatted for people."""

from __future__ import annotations

from collections.abc import Sequence

from stackgui.core.base.wording import Wording, joined, say, say_many

UNITS = (say("bytes"), say("kB"), say("MB"), say("GB"), say("TB"), say("PB"), say("EB"))
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
TEN_SECONDS = 10
TWO = 2
TIMES = "\N{MULTIPLICATION SIGN}"


def format_bytes(count: int) -> Wording:
    """Format bytes with three significant digits and a decimal unit, for example ``"95.4 GB"``."""
    if abs(count) < 1000:  # noqa: PLR2004
        return say_many(count, "{count} byte", "{count} bytes")
    value = float(count)
    for unit in UNITS[1:]:
        value /= 1000
        # 999.5 would be rounded to 1000.
        if abs(value) < 999.5 or unit == UNITS[-1]:  # noqa: PLR2004
            break
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0  # noqa: PLR2004
    return say("{value:,.{digits}f} {unit}", value=value, digits=digits, unit=unit)


def format_size(height: int, width: int) -> Wording:
    """Format a size in pixels with the width first, as picture programs do: ``"2,400 × 1,632"``."""
    return say("{width:,} × {height:,}", width=width, height=height)


def format_shape(shape: Sequence[int]) -> str:
    """Format the shape of an array in NumPy's order and spelling, for example ``"(120, 224, 224, 3)"``."""
    return str(tuple(shape))


def format_count(count: int, one: str, many: str | None = None) -> Wording:
    """Format a count with its noun, for example ``"1 picture"`` or ``"8,110 pictures"``."""
    return say_many(count, *count_templates(one, many or plural(one)))


def count_templates(one: str, many: str) -> tuple[str, str]:
    """Return the templates of `format_count` for a noun, which are translated as wholes."""
    return f"{{count:,}} {one}", f"{{count:,}} {many}"


def plural(one: str) -> str:
    """Return the regular plural of an English noun."""
    return one + "s"


def agree(count: int, one: str, many: str) -> Wording:
    """Return the form of a word that goes with `count` things, for example ``"is"`` or ``"are"``.

    It is for words that stand alone. A sentence that depends on a count is written out twice: see `say_many`.
    """
    return say_many(count, one, many)


def enumerated(parts: Sequence[str]) -> Wording:
    """Join `parts` with commas and "and", as in ``"5 of 8 bits, 2 of 12 bits and 1 of 16 bits"``."""
    if len(parts) <= 1:
        return joined("", parts)
    return say("{first} and {last}", first=joined(", ", parts[:-1]), last=parts[-1])


def format_part(part: int, whole: int, one: str, many: str | None = None) -> Wording:
    """Format a part of a whole, for example ``"1 of 2 pictures"``, ``"the picture"`` or ``"both pictures"``.

    Use `singular_part` for the verb, which is singular after one or none.
    """
    none, some, only, both, every = part_templates(one, many or plural(one))
    if not part:
        return say(none)
    if part < whole:
        return say(some, part=part, whole=whole)
    if whole <= TWO:
        return say(only if whole == 1 else both)
    return say(every, whole=whole)


def part_templates(one: str, many: str) -> tuple[str, ...]:
    """Return the templates of `format_part` for a noun, whose gender and case decide its words."""
    some = f"{{part:,}} of {{whole:,}} {many}"
    return f"no {one}", some, f"the {one}", f"both {many}", f"all {{whole:,}} {many}"


def format_done(done: int, whole: int, one: str, many: str | None = None) -> Wording:
    """Format how far a count has come, for example ``"0 of 1 picture"`` or ``"5 of 250 pictures"``."""
    return say_many(whole, *done_templates(one, many or plural(one)), done=done)


def done_templates(one: str, many: str) -> tuple[str, str]:
    """Return the templates of `format_done` for a noun, whose case depends on what stands before it."""
    return f"{{done:,}} of {{count:,}} {one}", f"{{done:,}} of {{count:,}} {many}"


def singular_part(part: int) -> int:
    """Return the count that a verb after `format_part` goes with: 1 after one or none."""
    return max(1, part)


def agree_part(part: int, one: str, many: str) -> Wording:
    """Return the form of a word that goes with `format_part`, for example ``"is"`` or ``"are"``."""
    return agree(singular_part(part), one, many)


def format_rate(per_s: float, one: str, many: str | None = None) -> Wording:
    """Format a rate, for example ``"1 picture a second"`` or ``"0.5 pictures a second"``."""
    shown = round(per_s) if per_s >= TEN_SECONDS else _tenths(per_s)
    return say_many(1 if shown == 1 else TWO, *rate_templates(one, many or plural(one)), rate=shown)


def rate_templates(one: str, many: str) -> tuple[str, str]:
    """Return the templates of `format_rate` for a noun."""
    return f"{{rate:,}} {one} a second", f"{{rate:,}} {many} a second"


def format_seconds(seconds: float) -> Wording:
    """Format a measured time, for example ``"1 second"`` or ``"12.5 seconds"``."""
    shown = _tenths(seconds)
    return say_many(1 if shown == 1 else TWO, "{seconds:,} second", "{seconds:,} seconds", seconds=shown)


def _tenths(value: float) -> int | float:
    """Return `value` rounded to tenths, as an integer if it is one."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def format_times(ratio: float) -> Wording:
    """Format a ratio with two significant digits, for example ``"3.2"`` or ``"2,000"``."""
    rounded = float(f"{ratio:.2g}")
    return say("{ratio:,.0f}" if rounded >= 10 else "{ratio:.1f}", ratio=rounded)  # noqa: PLR2004


def format_duration(seconds: float) -> Wording:
    """Format a rough time, for example ``"about 4 minutes"``."""
    if seconds < TEN_SECONDS:
        return say("a few seconds")
    if seconds < 1.5 * MINUTE_S:
        tens = round(seconds / TEN_SECONDS) * TEN_SECONDS
        return say_many(tens, "about {count:,} second", "about {count:,} seconds")
    if seconds < 1.5 * HOUR_S:
        return say_many(round(seconds / MINUTE_S), "about {count:,} minute", "about {count:,} minutes")
    if seconds < 1.5 * DAY_S:
        return say_many(round(seconds / HOUR_S), "about {count:,} hour", "about {count:,} hours")
    return say_many(round(seconds / DAY_S), "about {count:,} day", "about {count:,} days")


def format_share(share: float) -> Wording:
    """Format a share from 0 to 1 as per cent; ``0 %`` and ``100 %`` stand for exactly 0 and 1 only."""
    if 0 < share < 0.01:  # noqa: PLR2004
        return say("< 1 %")
    if 0.99 < share < 1:  # noqa: PLR2004
        return say("{percent:.1f} %", percent=min(share * 100, 99.9))
    return say("{percent:.0f} %", percent=share * 100)
