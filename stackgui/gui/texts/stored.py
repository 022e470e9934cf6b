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
from stackgui.core.base.wording import Wording, say
from stackgui.gui.texts import language
from stackgui.gui.texts.language import tr

LEAST_CHARACTERS = 6
"""Characters with which a template has to begin or to end outside its fields, so that few are compared."""

_Edge = tuple[str, str]
_Part = tuple[str, str | None, str | None, str | None]
_DETAIL = re.compile(r"(?P<reason>[^(]+) \((?P<detail>.+)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Template:
    """A template with fields, and the pattern of what it says."""

    text: str
    numbers: frozenset[str]
    pattern: re.Pattern[str]

    def said(self, text: str) -> str | None:
        """Return `text` in the window's language if this template can have said it, else None."""
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        fields: dict[str, object] = {}
        for name, value in found.groupdict().items():
            try:
                fields[name] = _number(value) if name in self.numbers else tr_stored(value)
            except ValueError:
                return None
        return tr(say(self.text, **fields))


def tr_stored(text: str) -> str:
    """Return a stored English text in the window's language; as it is if it is no text of the program."""
    said = tr(text)
    if said != text or not text or isinstance(text, Wording):
        return said
    known = _by_edge(language.templates())
    for edge in ((text[:LEAST_CHARACTERS], ""), ("", text[-LEAST_CHARACTERS:])):
        for template in known.get(edge, ()):
            if (recalled := template.said(text)) is not None:
                return recalled
    if found := _DETAIL.fullmatch(text):
        return _with_detail(found["reason"], found["detail"])
    return tr(reason_of_text(text))


def voice() -> Voice:
    """Return the window's language, for pages that are written."""
    return Voice(language.locale().name().replace("_", "-"), tr, tr_stored)


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
def _by_edge(templates: tuple[str, ...]) -> Mapping[_Edge, tuple[_Template, ...]]:
    """Return the templates with fields by their beginning, else by their end, those that say most first."""
    found: dict[_Edge, list[_Template]] = {}
    for text in sorted(templates, key=len, reverse=True):
        parts = list(Formatter().parse(text))
        beginning = parts[0][0][:LEAST_CHARACTERS] if parts else ""
        end = parts[-1][0][-LEAST_CHARACTERS:] if parts and parts[-1][1] is None else ""
        edge = (beginning, "") if len(beginning) == LEAST_CHARACTERS else ("", end)
        if "{" in text and len("".join(edge)) == LEAST_CHARACTERS:
            found.setdefault(edge, []).append(_template(text, parts))
    return {edge: tuple(each) for edge, each in found.items()}


def _template(text: str, parts: Sequence[_Part]) -> _Template:
    written, seen, numbers = "", set[str](), set[str]()
    for words, name, spec, _ in parts:
        written += re.escape(words)
        if name:
            written += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
            seen.add(name)
            if spec:
                numbers.add(name)
    return _Template(text, frozenset(numbers), re.compile(written, re.DOTALL))
