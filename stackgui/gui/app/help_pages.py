"""The help pages: their order, their titles, and what is found in them. No window."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtGui import QKeySequence, QTextDocument

from stackgui import resources
from stackgui.gui.app import actions
from stackgui.gui.app.beside import FIRST
from stackgui.gui.texts.language import resource, tr

KEYS = "<!-- keys -->"
"""In a page: the table of all keys, which differs between systems."""

PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""What Qt puts into the text for a picture."""

AROUND = 60
"""Characters of a snippet on each side of what was found."""


@dataclass(frozen=True)
class Page:
    """A help page.

    Attributes
    ----------
    name : str
        File name without ``.md``.
    markdown : str
    """

    name: str
    markdown: str

    @property
    def title(self) -> str:
        """Its first heading."""
        return self.markdown.lstrip().splitlines()[0].lstrip("# ").strip()

    @cached_property
    def text(self) -> str:
        """What a reader sees of it, without its title."""
        document = QTextDocument()
        document.setMarkdown(self.markdown)
        words = document.toPlainText().replace(PICTURE, " ")
        return " ".join(words.removeprefix(self.title).split())


@dataclass(frozen=True, slots=True)
class Match:
    """A page in which something was found.

    Attributes
    ----------
    page : Page
    count : int
        How often its text contains one of the words.
    snippet : str
        The text around the first place; the beginning of the page if only the title matches.
    """

    page: Page
    count: int
    snippet: str


def pages() -> tuple[Page, ...]:
    """Return the first page and then the others in the order in which it links to them.

    Each is in the window's language if it has been translated, and in English otherwise. A page that the
    translated first page does not know yet comes last.
    """
    first = _page(FIRST)
    english = resources.path("help", f"{FIRST}.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((?:\.\./)?([\w-]+)\.md\)", first.markdown + english)
    return (first, *map(_page, dict.fromkeys(links)))


def _page(name: str) -> Page:
    markdown = resource("help", f"{name}.md").read_text(encoding="utf-8")
    return Page(name, markdown.replace(KEYS, key_table()) if KEYS in markdown else markdown)


def key_table() -> str:
    """Return the shortcuts of all actions as a table in Markdown, spelled as on this system."""
    native = QKeySequence.SequenceFormat.NativeText
    keys = {tr(each.tip): QKeySequence(each.keys).toString(native) for each in actions.actions()}
    rows = (f"| {key} | {tip} |" for tip, key in keys.items() if key)
    return "\n".join((f"| {tr('Key')} | {tr('What it does')} |", "| --- | --- |", *rows))


def pattern(words: str) -> re.Pattern[str] | None:
    """Return what finds any of `words` at the beginning of a word; None if there are none."""
    parts = [re.escape(word) for word in words.split()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})", re.IGNORECASE) if parts else None


def search(found_in: Iterable[Page], words: str) -> tuple[Match, ...]:
    """Return the pages that contain every one of `words`, those first whose title does."""
    finders = [finder for word in words.split() if (finder := pattern(word))]
    if not finders:
        return ()
    matches = [match for page in found_in if (match := _match(page, finders, words))]
    titled = {match.page.name: all(find.search(match.page.title) for find in finders) for match in matches}
    return tuple(sorted(matches, key=lambda match: (not titled[match.page.name], -match.count)))


def _match(page: Page, finders: list[re.Pattern[str]], words: str) -> Match | None:
    if not all(find.search(page.text) or find.search(page.title) for find in finders):
        return None
    anywhere = pattern(words)
    places = [found.span() for found in anywhere.finditer(page.text)] if anywhere else []
    return Match(page, len(places), _snippet(page.text, places[0] if places else (0, 0)))


def _snippet(text: str, place: tuple[int, int]) -> str:
    begin = max(0, place[0] - AROUND)
    end = min(len(text), place[1] + AROUND)
    begin = text.find(" ", begin, place[0]) + 1 if begin else 0
    end = text.rfind(" ", place[1], end) if end < len(text) and " " in text[place[1] : end] else end
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def words_in(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield where `text` contains one of `words`, as first position and length."""
    if (find := pattern(words)) is not None:
        yield from ((found.start(), len(found[0])) for found in find.finditer(text))
