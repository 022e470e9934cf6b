"""What the program is made of, in words of the window."""

from __future__ import annotations

from stackgui.gui.app.faults import about_program
from stackgui.gui.texts.language import tr
from stackgui.made_of import Component, components


def licence_of(part: Component) -> str:
    """Return the name of a licence."""
    return part.licence or tr("see its text")


def text_of(part: Component) -> str:
    """Return a licence in full, or say that the part came without."""
    return part.text() or tr(
        "{name} came without the text of its licence, {licence}. See {page}",
        name=part.name,
        licence=part.licence,
        page=part.page,
    )


def versions() -> str:
    """Return the versions of everything as lines of text, to be copied into a message."""
    return about_program() + "".join(f"{each.name} {each.version}\n" for each in components()[2:])
