"""Contrast between colours as WCAG 2.2 measures it, and colours moved until they can be told apart."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

TEXT = 4.5
"""Least contrast of text with its background (WCAG 2.2, 1.4.3)."""

MARK = 3.0
"""Least contrast of a mark or focus frame with what surrounds it (WCAG 2.2, 1.4.11)."""

BLACK_ON_WHITE = 19.0
"""A palette whose text has at least this contrast is one of high contrast; the highest possible is 21."""

STEPS = 50
LINEAR_BELOW = 0.04045


def luminance(colour: QColor) -> float:
    """Return the relative luminance of `colour`, 0 to 1."""
    red, green, blue = (
        value / 12.92 if value <= LINEAR_BELOW else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: QColor, ground: QColor) -> float:
    """Return the contrast of two opaque colours, 1 to 21."""
    one, other = luminance(colour), luminance(ground)
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def mix(colour: QColor, other: QColor, share: float) -> QColor:
    """Mix `share` (0 to 1) of `other` into `colour`."""
    keep = 1.0 - share
    return QColor.fromRgbF(
        colour.redF() * keep + other.redF() * share,
        colour.greenF() * keep + other.greenF() * share,
        colour.blueF() * keep + other.blueF() * share,
    )


def least_contrast(colour: QColor, grounds: tuple[QColor, ...]) -> float:
    """Return the contrast of `colour` with the ground that it is closest to."""
    return min(contrast(colour, ground) for ground in grounds)


def is_black_on_white(text: QColor, ground: QColor) -> bool:
    """Return whether text is black on white or the reverse."""
    return contrast(text, ground) >= BLACK_ON_WHITE


def soft(text: QColor, *grounds: QColor) -> QColor:
    """Return the colour of secondary text, mixed of `text` and the first of `grounds`."""
    return QColor(_soft(text.name(), tuple(ground.name() for ground in grounds)))


@lru_cache(maxsize=64)
def _soft(name: str, ground_names: tuple[str, ...]) -> str:
    # It is asked for each text that is painted, and takes longer to find than the text to paint.
    text, grounds = QColor(name), tuple(map(QColor, ground_names))
    if is_black_on_white(text, grounds[0]):
        return name
    return told_from(mix(text, grounds[0], 0.3), *grounds, least=TEXT).name()


def told_from(colour: QColor, *grounds: QColor, least: float) -> QColor:
    """Return `colour`, darkened or lightened no more than is needed to stand out from all `grounds`.

    Parameters
    ----------
    colour
        Opaque.
    *grounds
        Opaque; at least one. They should be alike: nothing stands out from black and from white.
    least
        Least contrast, such as `TEXT` or `MARK`.
    """
    return QColor(_told_from(colour.name(), tuple(ground.name() for ground in grounds), least))


@lru_cache(maxsize=1024)
def _told_from(name: str, ground_names: tuple[str, ...], least: float) -> str:
    colour, grounds = QColor(name), tuple(map(QColor, ground_names))
    end = max((QColor("black"), QColor("white")), key=lambda ink: least_contrast(ink, grounds))
    for step in range(STEPS + 1):
        moved = QColor(mix(colour, end, step / STEPS).name())
        if least_contrast(moved, grounds) >= least:
            return moved.name()
    return end.name()
