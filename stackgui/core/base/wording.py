"""Sentences that remember how they were put together, so that the window can say them in another language.

The text itself is English everywhere: in files, fingerprints, at the terminal and between processes. Only
the window translates, at the last moment. A sentence is a template with named fields, as for `str.format`,
because a translator has to see it whole and may have to move the fields around.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from string import Formatter
from types import MappingProxyType
from typing import Self

CAPITAL = "capital"
"""Format of a field that begins with a capital letter."""

_NONE: Mapping[str, object] = MappingProxyType({})


class Wording(str):
    """An English text that knows its template and its fields.

    It is an ordinary string in every respect, and compares and is saved as such. Joining or cutting it gives
    a plain string, which can no longer be translated; use `joined` to put sentences together.

    Attributes
    ----------
    template : str
        The template; the key of its translation.
    many : str
        The template for other counts than one, or ``""`` if the template names no count.
    number : int
        The count that decides between the two.
    fields : mapping of str to object
        Values of the fields. A plain `str` among them is a name or another piece of data, and is never
        translated; a `Wording` is.
    """

    __slots__ = ("fields", "many", "number", "template")
    template: str
    many: str
    number: int
    fields: Mapping[str, object]

    def __new__(
        cls, text: str, template: str, fields: Mapping[str, object] = _NONE, many: str = "", number: int = 1
    ) -> Self:
        """Create a text that already knows its template; use `say` instead."""
        made = super().__new__(cls, text)
        made.template, made.fields, made.many, made.number = template, fields, many, number
        return made

    def __str__(self) -> str:
        """Return the text itself: an error gives its message by `str`, and must not lose what it knows."""
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return Wording, (self[:], self.template, dict(self.fields), self.many, self.number)


class English(Formatter):
    """Fills templates in English; subclasses say numbers and wordings in another language."""

    def vformat(self, format_string: str, args: Sequence[object], kwargs: Mapping[str, object]) -> str:
        """Fill a template, of which the window fills hundreds whenever something changes."""
        parts = _parts(format_string)
        if not parts:
            return str(super().vformat(format_string, args, kwargs))
        fill = self.format_field
        return "".join(
            [
                f"{text}{fill(kwargs[name], spec.format_map(kwargs) if '{' in spec else spec)}"
                if name
                else text
                for text, name, spec in parts
            ]
        )

    def format_field(self, value: object, format_spec: str) -> str:
        """Format one field; the format `CAPITAL` writes its first letter as a capital."""
        if format_spec == CAPITAL:
            return _with_capital(self.format_field(value, ""))
        return str(super().format_field(value, format_spec))


@lru_cache(maxsize=4096)
def _parts(template: str) -> tuple[tuple[str, str, str], ...]:
    """Return texts, the field after each or ``""``, and the format of that; nothing for a rare template."""
    parts = [*Formatter().parse(template)]
    for _text, name, _spec, conversion in parts:
        if conversion or not (name is None or name.isidentifier()):
            return ()
    return tuple((text, name or "", spec or "") for text, name, spec, _ in parts)


_ENGLISH = English()


def say(template: str, /, **fields: object) -> Wording:
    """Return the sentence of a template, for example ``say("“{file}” is not a picture.", file=name)``.

    The template has to be a literal, since the list of what is to be translated is read from the source code.
    """
    return Wording(_ENGLISH.vformat(template, (), fields) if "{" in template else template, template, fields)


def say_many(count: int, one: str, many: str, /, **fields: object) -> Wording:
    """Return the sentence that suits `count`, which both templates may use as the field ``count``.

    Parameters
    ----------
    count : int
    one, many : str
        Literal templates for a count of one, and for any other.
    """
    known: dict[str, object] = {"count": count, **fields}
    return Wording(_ENGLISH.vformat(one if count == 1 else many, (), known), one, known, many, count)


def counted(one: str, many: str, /, **fields: object) -> Callable[[int], Wording]:
    """Return what says the sentence that suits a count: see `say_many`."""
    return lambda count: say_many(count, one, many, **fields)


def joined(separator: str, parts: Iterable[str]) -> Wording:
    """Return `parts` with `separator` between them; empty ones are left out.

    A separator with words has to be a `Wording`.
    """
    kept = [part for part in parts if part]
    template = "{separator}".join(f"{{part{i}}}" for i in range(len(kept)))
    return say(template, separator=separator, **{f"part{i}": part for i, part in enumerate(kept)})


def capital(sentence: str) -> Wording:
    """Return `sentence` with a capital first letter."""
    return say("{sentence:capital}", sentence=sentence)


def _with_capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
