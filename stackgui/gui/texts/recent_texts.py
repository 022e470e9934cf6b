"""What is said of projects, sources and stacks that were used last."""

from __future__ import annotations

import os

from stackgui.core.base.text import printable
from stackgui.core.project.recents import Recent, Recents
from stackgui.gui.texts.language import tr


def titles(recents: Recents) -> dict[Recent, str]:
    """Return what each of `recents` is called; namesakes of a kind with what tells them apart."""
    found: dict[tuple[str, str], list[Recent]] = {}
    for each in recents:
        found.setdefault((each.kind, each.title), []).append(each)
    return {each: _title(each, found[each.kind, each.title]) for each in recents}


def _title(recent: Recent, namesakes: list[Recent]) -> str:
    # A title is a name, which stays as it is, unless it was made of several.
    title = tr("{title}", title=recent.title)
    if len(namesakes) > 1:
        title = tr("{title} ({where})", title=title, where=printable(_where(recent, namesakes)))
    return tr("{title} (missing)", title=title) if recent.is_missing else title


def _where(recent: Recent, namesakes: list[Recent]) -> str:
    """Return the name of its folder if that tells `recent` from its namesakes, else more of its path."""
    for part in (_folder_name, os.path.dirname):
        if len({part(each.path) for each in namesakes}) == len(namesakes):
            return part(recent.path)
    return os.path.splitext(os.path.basename(recent.path))[0]


def _folder_name(path: str) -> str:
    return os.path.basename(os.path.dirname(path))
