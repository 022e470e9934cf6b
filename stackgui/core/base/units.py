"""Numbers, sizes, times and counts formatted for people."""

from __future__ import annotations

from collections.abc import Sequence

UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
TEN_SECONDS = 10
TWO = 2


def format_bytes(count: int) -> str:
    """Format bytes with three significant digits and a decimal unit, for example ``"95.4 GB"``."""
    if abs(count) < 1000:  # noqa: PLR2004
        return f"{count} {'byte' if count == 1 else 'bytes'}"
    value = float(count)
    for unit in UNITS[1:]:
        value /= 1000
        # 999.5 would be rounded to 1000.
        if abs(value) < 999.5 or unit == UNITS[-1]:  # noqa: PLR2004
            break
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0  # noqa: PLR2004
    return f"{value:,.{digits}f} {unit}"


def format_count(count: int, one: str, many: str | None = None) -> str:
    """Format a count with its noun, for example ``"1 picture"`` or ``"8,110 pictures"``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def agree(count: int, one: str, many: str) -> str:
    """Return the form of a word that goes with `count` things, for example ``"is"`` or ``"are"``."""
    return one if count == 1 else many


def enumerated(parts: Sequence[str]) -> str:
    """Join `parts` with commas and "and", for example ``"5 of 8 bits, 2 of 12 bits and 1 of 16 bits"``."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def format_part(part: int, whole: int, one: str, many: str | None = None) -> str:
    """Format a part of a whole, for example ``"1 of 2 pictures"``, ``"the picture"`` or ``"both pictures"``.

    Use `agree_part` for the verb, which is singular after one or none.
    """
    if not part:
        return f"no {one}"
    if part < whole:
        return f"{part:,} of {format_count(whole, one, many)}"
    if whole <= TWO:
        return f"the {one}" if whole == 1 else f"both {many or one + 's'}"
    return f"all {format_count(whole, one, many)}"


def agree_part(part: int, one: str, many: str) -> str:
    """Return the form of a word that goes with `format_part`, for example ``"is"`` or ``"are"``."""
    return one if part <= 1 else many


def format_rate(per_s: float, one: str, many: str | None = None) -> str:
    """Format a rate, for example ``"1 picture a second"`` or ``"0.5 pictures a second"``."""
    shown = f"{per_s:,.0f}" if per_s >= TEN_SECONDS else f"{per_s:.1f}".removesuffix(".0")
    return f"{shown} {one if shown == '1' else many or one + 's'} a second"


def format_seconds(seconds: float) -> str:
    """Format a measured time, for example ``"1 second"`` or ``"12.5 seconds"``."""
    shown = f"{seconds:,.1f}".removesuffix(".0")
    return f"{shown} {agree(1 if shown == '1' else 2, 'second', 'seconds')}"


def capital(sentence: str) -> str:
    """Return `sentence` with a capital first letter."""
    return f"{sentence[:1].upper()}{sentence[1:]}"


def format_times(ratio: float) -> str:
    """Format a ratio with two significant digits, for example ``"3.2"`` or ``"2,000"``."""
    rounded = float(f"{ratio:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.1f}"  # noqa: PLR2004


def format_duration(seconds: float) -> str:
    """Format a rough time, for example ``"about 4 minutes"``."""
    if seconds < TEN_SECONDS:
        return "a few seconds"
    if seconds < 1.5 * MINUTE_S:
        return f"about {round(seconds / TEN_SECONDS) * TEN_SECONDS} seconds"
    if seconds < 1.5 * HOUR_S:
        return f"about {format_count(round(seconds / MINUTE_S), 'minute')}"
    if seconds < 1.5 * DAY_S:
        return f"about {format_count(round(seconds / HOUR_S), 'hour')}"
    return f"about {format_count(round(seconds / DAY_S), 'day')}"


def format_share(share: float) -> str:
    """Format a share from 0 to 1 as per cent; ``0 %`` and ``100 %`` stand for exactly 0 and 1 only."""
    if 0 < share < 0.01:  # noqa: PLR2004
        return "< 1 %"
    if 0.99 < share < 1:  # noqa: PLR2004
        return f"{min(share * 100, 99.9):.1f} %"
    return f"{share * 100:.0f} %"
