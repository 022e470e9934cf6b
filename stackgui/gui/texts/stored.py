"""Texts that came back from a file or a process as plain English, said in the window's language.

Why a picture cannot be read is kept in columns, caches and journals, which hold nothing but text. Its
template is found again among the translated ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from stackgui.core.base.system_errors import reason_of_text
from stackgui.core.base.voice import Voice
from stackgui.core.base.wording import Wording, say, say_many
from stackgui.gui.texts import language
from stackgui.gui.texts.language import tr

LEAST_CHARACTERS = 6
"""Characters with which a template has to begin or to end outside its fields, so that few are compared."""

LEAST_WITHIN = 12
"""Characters that one with fields at both ends has to have between two of them, so that it says enough."""

_Edge = tuple[str, str]
_Part = tuple[str, str | None, str | None, str | None]
_DETAIL = re.compile(r"(?P<reason>[^(]+) \((?P<detail>.+)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Template:
    """A template with fields, its singular and plural if there are two, and the pattern of what it says."""

    text: str
    one: str
    many: str
    within: str
    numbers: frozenset[str]
    pattern: re.Pattern[str]

    def said(self, text: str) -> str | None:
        """Return `text` in the window's language if this template can have said it, else None."""
        found = self.pattern.fullmatch(text) if self.within in text else None
        if found is None:
            return None
        fields: dict[str, object] = {}
        for name, value in found.groupdict().items():
            try:
                fields[name] = _number(value) if name in self.numbers else tr_stored(value)
            except ValueError:
                return None
        if not self.many:
            return tr(say(self.text, **fields))
        # Any number above one will do for a sentence that does not tell it.
        count = fields.pop("count", 1 if self.text == self.one else 2)
        return tr(say_many(count, self.one, self.many, **fields)) if isinstance(count, int) else None


def tr_stored(text: str) -> str:
    """Return a stored English text in the window's language; as it is if it is no text of the program."""
    said = tr(text)
    if said != text or not text or isinstance(text, Wording):
        return said
    edges = ((text[:LEAST_CHARACTERS], ""), ("", text[-LEAST_CHARACTERS:]))
    recalled = _recalled(text, edges) or _both(text) or _recalled(text, [("", "")])
    if recalled is not None:
        return recalled
    if found := _DETAIL.fullmatch(text):
        return _with_detail(found["reason"], found["detail"])
    return tr(reason_of_text(text))


def voice() -> Voice:
    """Return the window's language, for pages that are written."""
    return Voice(language.locale().name().replace("_", "-"), tr, tr_stored)


def _recalled(text: str, edges: Sequence[_Edge]) -> str | None:
    """Return `text` in the window's language if a template at one of `edges` can have said it."""
    known = _by_edge(language.templates())
    said = (template.said(text) for edge in edges for template in known.get(edge, ()))
    return next((each for each in said if each is not None), None)


def _both(text: str) -> str | None:
    """Return what is joined by "and", if both parts are texts of the program; else None."""
    first, _, last = text.rpartition(" and ")
    if not first or (told := tr_stored(first)) == first or (more := tr_stored(last)) == last:
        return None
    return tr(say("{first} and {last}", first=told, last=more))


def _with_detail(reason: str, detail: str) -> str:
    """Return a reason with a detail, and say whose words that is in where it is not the window's language."""
    told, more = tr_stored(reason), tr_stored(detail)
    if more == detail and told != reason:
        return tr("{reason} (the decoder says: “{detail}”)", reason=told, detail=detail)
    return f"{told} ({more})"


def _number(text: str) -> int | float:
    plain = text.replace(",", "")
    return int(plain) if plain.isdecimal() else float(plain)


@lru_cache(maxsize=1)
def _by_edge(templates: tuple[tuple[str, str], ...]) -> Mapping[_Edge, tuple[_Template, ...]]:
    """Return the templates with fields by their beginning, else by their end, those that say most first."""
    found: dict[_Edge, list[_Template]] = {}
    texts = [(text, pair) for pair in templates for text in pair if "{" in text]
    for text, pair in sorted(texts, key=lambda each: len(each[0]), reverse=True):
        parts = list(Formatter().parse(text))
        beginning = parts[0][0][:LEAST_CHARACTERS] if parts else ""
        end = parts[-1][0][-LEAST_CHARACTERS:] if parts and parts[-1][1] is None else ""
        edge = (beginning, "") if len(beginning) == LEAST_CHARACTERS else ("", end)
        within = max((words for words, *_ in parts), key=len)
        if len("".join(edge)) == LEAST_CHARACTERS:
            found.setdefault(edge, []).append(_template(text, pair, within, parts))
        elif len(within) >= LEAST_WITHIN:
            found.setdefault(("", ""), []).append(_template(text, pair, within, parts))
    return {edge: tuple(each) for edge, each in found.items()}


def _template(text: str, pair: tuple[str, str], within: str, parts: Sequence[_Part]) -> _Template:
    written, seen, numbers = "", set[str](), set[str]()
    for words, name, spec, _ in parts:
        written += re.escape(words)
        if name:
            written += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
            seen.add(name)
            if spec:
                numbers.add(name)
    return _Template(text, *pair, within, frozenset(numbers), re.compile(written, re.DOTALL))
