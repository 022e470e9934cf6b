"""The palettes: the program's own, and the system's with every pair mended that is hard to read."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtGui import QColor, QPalette

from stackgui.gui.widgets.contrast import MARK, TEXT, mix, told_from

Role: TypeAlias = QPalette.ColorRole
Group: TypeAlias = QPalette.ColorGroup

TEXTS: tuple[tuple[Role, tuple[Role, ...]], ...] = (
    (Role.WindowText, (Role.Window,)),
    (Role.Text, (Role.Base, Role.AlternateBase)),
    (Role.PlaceholderText, (Role.Base, Role.AlternateBase)),
    (Role.ButtonText, (Role.Button,)),
    (Role.ToolTipText, (Role.ToolTipBase,)),
    (Role.Link, (Role.Window, Role.Base)),
    (Role.LinkVisited, (Role.Window, Role.Base)),
    # Selected text is mostly white, so that its background has to give way.
    (Role.Highlight, (Role.HighlightedText,)),
)
"""Roles that are text, or the background of selected text, and the roles that each has to stand out from."""

LIGHT = {
    Role.Window: "#f3f4f6", Role.WindowText: "#16181d", Role.Base: "#ffffff", Role.AlternateBase: "#f7f8fa",
    Role.Text: "#16181d", Role.Button: "#fafbfc", Role.ButtonText: "#16181d", Role.BrightText: "#ffffff",
    Role.Light: "#ffffff", Role.Midlight: "#e4e6ea", Role.Mid: "#b5b9c1", Role.Dark: "#9498a1",
    Role.Shadow: "#6b6f78", Role.Highlight: "#0a66b5", Role.HighlightedText: "#ffffff",
    Role.Accent: "#0a66b5", Role.Link: "#0a5ba3", Role.LinkVisited: "#6b3fa0",
    Role.ToolTipBase: "#ffffff", Role.ToolTipText: "#16181d", Role.PlaceholderText: "#656a73",
}  # fmt: skip
DARK = {
    Role.Window: "#1f2125", Role.WindowText: "#eceef1", Role.Base: "#2d3036", Role.AlternateBase: "#32353b",
    Role.Text: "#eceef1", Role.Button: "#3d4148", Role.ButtonText: "#eceef1", Role.BrightText: "#ffffff",
    Role.Light: "#565b64", Role.Midlight: "#484c54", Role.Mid: "#34373d", Role.Dark: "#17181b",
    Role.Shadow: "#000000", Role.Highlight: "#1f6fb8", Role.HighlightedText: "#ffffff",
    Role.Accent: "#5aa9e6", Role.Link: "#7cbcf0", Role.LinkVisited: "#c3a5ea",
    Role.ToolTipBase: "#3d4148", Role.ToolTipText: "#eceef1", Role.PlaceholderText: "#a7abb3",
}  # fmt: skip
DISABLED_SHARE = 0.55


def own(*, dark: bool) -> QPalette:
    """Return the program's own light or dark palette."""
    return _made(DARK if dark else LIGHT)


def high_contrast(*, dark: bool) -> QPalette:
    """Return a palette of black and white, with one strong colour for what is selected."""
    ground, ink = ("#000000", "#ffffff") if dark else ("#ffffff", "#000000")
    strong, on_strong = ("#ffff00", "#000000") if dark else ("#00008b", "#ffffff")
    grounds = {Role.Window, Role.Base, Role.AlternateBase, Role.Button, Role.ToolTipBase}
    names = {role: ground if role in grounds else ink for role in LIGHT}
    names |= dict.fromkeys((Role.Highlight, Role.Accent, Role.Link, Role.LinkVisited), strong)
    return _made(names | {Role.HighlightedText: on_strong})


def _made(names: dict[Role, str]) -> QPalette:
    palette = QPalette()
    for role, name in names.items():
        palette.setColor(role, QColor(name))
    for text, ground in (
        (Role.WindowText, Role.Window),
        (Role.Text, Role.Base),
        (Role.ButtonText, Role.Button),
    ):
        grey = mix(palette.color(text), palette.color(ground), DISABLED_SHARE)
        palette.setColor(Group.Disabled, text, grey)
    grey = mix(palette.color(Role.Highlight), palette.color(Role.Window), DISABLED_SHARE)
    palette.setColor(Group.Disabled, Role.Highlight, grey)
    # The light that styles draw below disabled text would make it double.
    palette.setColor(Group.Disabled, Role.Light, palette.color(Role.Window))
    return palette


def of_boxes(palette: QPalette, ground: QColor | None = None) -> QPalette:
    """Return the colours of boxes that are ticked, and of those of which one is chosen.

    Styles derive their edges from the window's colour by making that darker, which nobody sees on a dark
    window: there the inside has to stand out.

    Parameters
    ----------
    palette
    ground
        What they lie on; None if that is the window.

    Returns
    -------
    QPalette
        Has only the roles set that differ from `palette`.
    """
    changes = QPalette()
    window, ink = palette.window().color(), palette.windowText().color()
    if ink.lightness() > window.lightness():
        inside = told_from(palette.base().color(), ground or window, least=MARK)
        for group in (Group.Active, Group.Inactive):
            changes.setColor(group, Role.Base, inside)
            changes.setColor(group, Role.Text, told_from(QColor("white"), inside, least=MARK))
    return changes


def mended(palette: QPalette) -> QPalette:
    """Return the colours that `palette` needs instead of its own where text could not be read.

    Returns
    -------
    QPalette
        Has only these roles set, so that all others go on following the system.
    """
    changes = QPalette()
    for group in (Group.Active, Group.Inactive):
        for role, grounds in (*TEXTS, (Role.Accent, (Role.Window, Role.Base))):
            opaque = [_opaque(palette.color(group, ground), palette, group) for ground in grounds]
            colour = _opaque(palette.color(group, role), palette, group)
            least = MARK if role is Role.Accent else TEXT
            moved = told_from(colour, *opaque, least=least)
            if moved != palette.color(group, role):
                changes.setColor(group, role, moved)
    return changes


def _opaque(colour: QColor, palette: QPalette, group: Group) -> QColor:
    """Return `colour` as it appears on the background of text."""
    return mix(palette.color(group, Role.Base), colour, colour.alphaF())
