"""The look of the window: spacing, colours that follow the palette, and icons recoloured to match.

No colour is kept beyond one paint event, so switching between light and dark needs no bookkeeping.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QWidget

from stackgui import resources


class Space(IntEnum):
    """The spacings used everywhere, in logical pixels."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24


class Role(StrEnum):
    """The meaning of a colour."""

    ACCENT = "accent"
    SECOND = "second"
    MUTED = "muted"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


# Okabe & Ito, "Color Universal Design" (2008): told apart by colour-blind eyes. Blue is too dark for a dark
# background; their sky blue stands in for it there.
_ON_LIGHT = {
    Role.SECOND: "#CC79A7",
    Role.INFO: "#0072B2",
    Role.SUCCESS: "#009E73",
    Role.WARNING: "#E69F00",
    Role.ERROR: "#D55E00",
}
_ON_DARK = _ON_LIGHT | {Role.INFO: "#56B4E9"}

ICON_PX = 18


def is_dark(palette: QPalette) -> bool:
    """Return whether `palette` has light text on a dark window."""
    text, window = palette.windowText().color(), palette.window().color()
    return text.lightness() > window.lightness()


def mix(colour: QColor, other: QColor, share: float) -> QColor:
    """Mix `share` (0 to 1) of `other` into `colour`."""
    keep = 1.0 - share
    return QColor.fromRgbF(
        colour.redF() * keep + other.redF() * share,
        colour.greenF() * keep + other.greenF() * share,
        colour.blueF() * keep + other.blueF() * share,
    )


MIN_CONTRAST = 0.15
"""Minimum difference of lightness (0 to 1) between the accent colour and its background."""


def colour(role: Role, palette: QPalette) -> QColor:
    """Return the colour of `role` that suits `palette`."""
    if role is Role.ACCENT:
        accent = palette.color(QPalette.ColorRole.Accent)
        # In some themes the accent is as dark, or as light, as its background.
        contrast = abs(accent.lightnessF() - palette.base().color().lightnessF())
        return accent if contrast >= MIN_CONTRAST else colour(Role.INFO, palette)
    if role is Role.MUTED:
        return mix(palette.windowText().color(), palette.window().color(), 0.5)
    return QColor((_ON_DARK if is_dark(palette) else _ON_LIGHT)[role])


def tint(role: Role, palette: QPalette) -> QColor:
    """Return a background in the colour of `role` on which text stays readable."""
    return mix(palette.window().color(), colour(role, palette), 0.14)


def outline(palette: QPalette) -> QColor:
    """Return the colour of an unobtrusive separator line."""
    return mix(palette.window().color(), palette.windowText().color(), 0.22)


def soft_text(palette: QPalette) -> QColor:
    """Return the colour of secondary text, which must stay readable."""
    return mix(palette.windowText().color(), palette.window().color(), 0.3)


@lru_cache(maxsize=256)
def _renderer(name: str, colour_name: str) -> QSvgRenderer:
    drawing = resources.path("icons", f"{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(drawing.replace(b"currentColor", colour_name.encode())))


def paint_icon(painter: QPainter, area: QRectF, name: str, ink: QColor) -> None:
    """Draw the icon `name` into `area` in one colour."""
    _renderer(name, ink.name()).render(painter, area)


class _PaletteIcon(QIconEngine):
    """Draws an icon in the current colour of the palette."""

    def __init__(self, name: str, role: Role | None) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def _ink(self, mode: QIcon.Mode) -> QColor:
        palette = QApplication.palette()
        if mode is QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
        if mode is QIcon.Mode.Selected:
            return palette.color(QPalette.ColorRole.HighlightedText)
        return palette.buttonText().color() if self._role is None else colour(self._role, palette)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw into `rect`."""
        paint_icon(painter, QRectF(rect), self._name, self._ink(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Draw on a transparent background."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Return another engine for the same icon."""
        return _PaletteIcon(self._name, self._role)


def icon(name: str, role: Role | None = None) -> QIcon:
    """Return the icon ``resources/icons/<name>.svg`` in the colour of button text or of `role`.

    Parameters
    ----------
    name
        For example ``"folder-add"``.
    role
        Colour role; None for the colour of button text.

    Raises
    ------
    FileNotFoundError
        If there is no such icon.
    """
    resources.path("icons", f"{name}.svg")  # so that a misspelt name fails here, not when painted
    return QIcon(_PaletteIcon(name, role))


def app_icon() -> QIcon:
    """Return the program's icon in its own colours."""
    found = QIcon()
    for size_px in (16, 24, 32, 48, 64, 128, 256):
        found.addFile(str(resources.path("icons", "app", f"stackgui-{size_px}.png")))
    return found


def heading(text: str, parent: QWidget | None = None) -> QLabel:
    """Return a bold label that heads a group."""
    label = QLabel(text, parent)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


class SoftLabel(QLabel):
    """A label in the colour of secondary text; wraps."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)
        self._soften()

    def _soften(self) -> None:
        """Set the colour from the application's palette; its placeholder colour is too pale to read."""
        palette, soft = self.palette(), soft_text(QApplication.palette())
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, QPalette.ColorRole.WindowText, soft)
        self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        # Setting the label's palette calls this again, and then there is nothing left to change.
        soft = soft_text(QApplication.palette())
        if event.type() is QEvent.Type.PaletteChange and self.palette().windowText().color() != soft:
            self._soften()


def rule(parent: QWidget | None = None) -> QFrame:
    """Return a thin horizontal line between groups."""
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line
