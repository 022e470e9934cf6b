"""The look of the window: spacing, colours that follow the palette, and icons recoloured to match.

`use_theme` chooses the palette. No colour is kept beyond one paint event, so switching between light and dark
needs no bookkeeping.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QStyle, QWidget

from stackgui import resources
from stackgui.core.base.choices import Choice
from stackgui.gui.texts import language
from stackgui.gui.widgets import palettes
from stackgui.gui.widgets.contrast import MARK, is_black_on_white, least_contrast, mix, soft, told_from


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

TINT = 0.14
"""Share of a role's colour in a tinted background."""

ICON_PX = 18


class Theme(Choice):
    """The themes that can be chosen."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
)
_SCHEMES = {Theme.LIGHT: Qt.ColorScheme.Light, Theme.DARK: Qt.ColorScheme.Dark}
OWN_STYLE = "fusion"
CONTRAST_STYLE = "windows"
"""Draws every edge in a colour of the palette; others derive edges from the background, black from black."""


class _Appearance(QObject):
    """The theme and the motion that were chosen, and what the system prefers."""

    def __init__(self, qt: QApplication) -> None:
        super().__init__(qt)
        self.theme = Theme.SYSTEM
        self.motion = True
        self.system_motion = True
        self._native_style = qt.style().name()
        self._effects = {effect: QApplication.isEffectEnabled(effect) for effect in _EFFECTS}
        self._hints = qt.styleHints()
        self._hints.colorSchemeChanged.connect(self.apply)
        # Qt knows since 6.10 whether the system asks for more contrast.
        self._accessibility = self._hints.accessibility() if hasattr(self._hints, "accessibility") else None
        if self._accessibility is not None:
            self._accessibility.contrastPreferenceChanged.connect(self.apply)

    def allow_motion(self, *, wanted: bool) -> None:
        self.motion = wanted
        for effect, is_native in self._effects.items():
            QApplication.setEffectEnabled(effect, is_native and wanted)

    def choose(self, theme: Theme) -> None:
        self.theme = theme
        self._hints.setColorScheme(_SCHEMES.get(theme, Qt.ColorScheme.Unknown))
        self.apply()

    def apply(self) -> None:
        """Show the theme; anew whenever the system's changes."""
        QApplication.setPalette(QPalette())
        self._show_style(self._native_style)
        palette = QApplication.palette()
        dark = is_dark(palette)
        asks_contrast = self.theme is Theme.CONTRAST or (self.theme is Theme.SYSTEM and self._asks_contrast())
        if asks_contrast and not is_high_contrast(palette):
            self._show_style(CONTRAST_STYLE)
            QApplication.setPalette(palettes.high_contrast(dark=dark))
        elif self.theme in _SCHEMES and dark is not (self.theme is Theme.DARK):
            # Where the system leaves colours to Qt, they are light.
            self._show_style(OWN_STYLE)
            QApplication.setPalette(palettes.own(dark=not dark))
        else:
            QApplication.setPalette(palettes.mended(palette))

    def _asks_contrast(self) -> bool:
        wanted = Qt.ContrastPreference.HighContrast
        return self._accessibility is not None and self._accessibility.contrastPreference() is wanted

    @staticmethod
    def _show_style(name: str) -> None:
        if QApplication.style().name() != name:
            QApplication.setStyle(name)


def _appearance() -> _Appearance:
    qt = QApplication.instance()
    assert isinstance(qt, QApplication)
    return qt.findChild(_Appearance) or _Appearance(qt)


def use_theme(theme: Theme) -> None:
    """Show all windows in `theme`, and follow the system where it leaves that open."""
    _appearance().choose(theme)


def use_motion(*, wanted: bool) -> None:
    """Allow or forbid motion. What moves asks `has_motion` as it begins: the system may forbid it too."""
    _appearance().allow_motion(wanted=wanted)


def follow_motion(*, wanted: bool) -> None:
    """Follow the system's setting, which forbids motion where it is not `wanted`."""
    _appearance().system_motion = wanted


def has_motion() -> bool:
    """Return whether anything may move that the person does not move: neither they nor the system object."""
    duration_ms = QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
    appearance = _appearance()
    return appearance.motion and appearance.system_motion and duration_ms > 0


def is_dark(palette: QPalette) -> bool:
    """Return whether `palette` has light text on a dark window."""
    text, window = palette.windowText().color(), palette.window().color()
    return text.lightness() > window.lightness()


def is_high_contrast(palette: QPalette) -> bool:
    """Return whether the text of `palette` is black on white or the reverse."""
    return is_black_on_white(palette.windowText().color(), palette.window().color())


def colour(role: Role, palette: QPalette) -> QColor:
    """Return the colour of `role`, which stands out from the backgrounds of `palette`."""
    seen = (palette.windowText(), palette.window(), palette.base(), palette.accent())
    return QColor(_colour(role, *(brush.color().rgb() for brush in seen)))


@lru_cache(maxsize=256)  # whatever is painted asks for it, several times
def _colour(role: Role, *seen: int) -> str:
    text, window, base, accent = map(QColor.fromRgb, seen)
    if role is Role.ACCENT:
        # In some themes the accent is as dark, or as light, as its background.
        is_told = least_contrast(accent, (window, base)) >= MARK
        found = accent if is_told else QColor(_colour(Role.INFO, *seen))
    elif role is Role.MUTED:
        found = text if is_black_on_white(text, window) else mix(text, window, 0.5)
    else:
        found = QColor((_ON_DARK if text.lightness() > window.lightness() else _ON_LIGHT)[role])
    # A little more than is needed, since the tint changes with the colour.
    return told_from(found, window, base, mix(window, found, TINT), least=1.05 * MARK).name()


def tint(role: Role, palette: QPalette) -> QColor:
    """Return a background in the colour of `role` on which text stays readable."""
    if is_high_contrast(palette):
        return palette.window().color()
    return mix(palette.window().color(), colour(role, palette), TINT)


def outline(palette: QPalette) -> QColor:
    """Return the colour of an unobtrusive separator line."""
    if is_high_contrast(palette):
        return palette.windowText().color()
    return mix(palette.window().color(), palette.windowText().color(), 0.22)


def soft_text(palette: QPalette) -> QColor:
    """Return the colour of secondary text, which must stay readable."""
    text, window, base = (each.color() for each in (palette.windowText(), palette.window(), palette.base()))
    return soft(text, window, base)


def focus_colour(palette: QPalette) -> QColor:
    """Return the colour of the frame around what has the keyboard."""
    return colour(Role.ACCENT, palette)


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


_OPPOSITE = {"chevron-left": "chevron-right", "undo": "redo"}
_MIRRORED = _OPPOSITE | {after: before for before, after in _OPPOSITE.items()}
"""Icons that point to where reading goes on or comes from, each with the one that points the other way."""


def icon(name: str, role: Role | None = None) -> QIcon:
    """Return the icon ``resources/icons/<name>.svg`` in the colour of button text or of `role`.

    What points forward or back points the other way where people read from right to left.

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
    if QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        name = _MIRRORED.get(name, name)
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


class Wrapped(QLabel):
    """A label that wraps, but not between a number and its unit; its text keeps plain spaces."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        self.setWordWrap(True)
        self.setText(text)

    def text(self) -> str:
        """Return the text as it was set."""
        return self._said

    def setText(self, text: str) -> None:
        """Show `text`."""
        self._said = text
        super().setText(language.unbroken(text))

    def clear(self) -> None:
        """Show nothing."""
        self.setText("")


class SoftLabel(Wrapped):
    """A label in the colour of secondary text; wraps."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
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
