"""XML of annotation files, which nobody vouches for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from stackgui.core.base.wording import Wording, say
from stackgui.imaging.annotations.text import decoded

MAX_DEPTH = 20
"""Deepest nesting of elements; no format needs half of it."""

_PART_BYTES = 2**18
"""Bytes to parse at a time; their elements take up to ten times as much."""

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,30})["']""")
_DECLARATION = re.compile(r"\s*<\?xml.*?\?>", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*)[\s/>]")
_ASIDE = re.compile(r"\s+|\ufeff|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL)

# The usual ones, and those of old programs. Some others that Python knows take for ever.
_OWN = re.compile(rb"utf-?8|us-ascii", re.IGNORECASE)
_OTHER = re.compile(
    rb"(?:gb|hz|big5|euc|shift|sjis|iso|latin|windows|cp[0-9]|koi8|mac|ks|utf-32)", re.IGNORECASE
)


class XmlError(ValueError):
    """Says in a sentence for people why XML is not read."""

    def __init__(self, sentence: Wording) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def root_name(start: bytes) -> str:
    """Return the name of the outermost element from the start of a file, or ``""`` if there is none."""
    text, place = decoded(start), 0
    while aside := _ASIDE.match(text, place):
        place = aside.end()
    found = _ROOT.match(text, place)
    return found[1] if found else ""


def root_element(data: bytes, max_bytes: int) -> Element:
    """Parse a small file as a whole.

    Raises
    ------
    XmlError
    """
    if len(data) > max_bytes:
        raise XmlError(say("The file is too large to be about one picture."))
    target = _Target()
    if any(_parse(data, target)):
        raise XmlError(say("The file is damaged, or ends too early."))
    root = target.root
    root.extend(target.children)
    return root


def child_elements(data: bytes) -> Iterator[Element]:
    """Return the children of the outermost element one by one, without keeping them.

    Raises
    ------
    XmlError
        At the place from which the file cannot be read.
    """
    target = _Target()
    for is_wrong in _parse(data, target):
        yield from target.children
        target.children.clear()
        if is_wrong:
            raise XmlError(say("The file is damaged, or ends too early, and was read up to that place."))


def _parse(data: bytes, target: _Target) -> Iterator[bool]:
    """Let `target` see a file part by part; return after each part whether the rest cannot be read."""
    parser = DefusedXMLParser(target=target)
    readable = memoryview(_readable(data))
    try:
        for place in range(0, len(readable), _PART_BYTES):
            parser.feed(readable[place : place + _PART_BYTES])
            yield False
        parser.close()
        yield False
    except DefusedXmlException:
        raise _with_entities() from None
    except (ParseError, ValueError, LookupError):
        yield True


class _Target:
    """Makes elements of what the parser sees, and keeps the children of the outermost one apart from it."""

    def __init__(self) -> None:
        self.root = Element("")
        self.children: list[Element] = []
        self._open: list[Element] = []
        self._texts: list[list[str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        element = Element(tag, attributes)
        if not self._open:
            self.root = element
        elif len(self._open) > MAX_DEPTH:
            raise ParseError
        elif len(self._open) > 1:
            self._open[-1].append(element)
        self._open.append(element)
        self._texts.append([])

    def data(self, text: str) -> None:
        """Take text of the element that is open."""
        self._texts[-1].append(text)

    def end(self, tag: str) -> None:
        """Close the element that is open."""
        del tag
        element, texts = self._open.pop(), self._texts.pop()
        element.text = "".join(texts)
        if len(self._open) == 1:
            self.children.append(element)

    def close(self) -> None:
        """End the file."""


def _with_entities() -> XmlError:
    return XmlError(
        say("The file defines entities, which annotations do without and attacks do not, and is not read.")
    )


def _readable(data: bytes) -> bytes:
    """Return the same XML in UTF-8 and without a declaration that says otherwise."""
    declared = _DECLARED.match(data)
    is_other = declared is not None and not _OWN.fullmatch(declared[1])
    if data.isascii() and not is_other:
        return data.lstrip()
    try:
        is_known = declared is not None and _OTHER.match(declared[1]) is not None
        text = data.decode(declared[1].decode(), "replace") if declared and is_known else decoded(data)
    except LookupError:
        text = decoded(data)
    text = text.lstrip("\ufeff")
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    return text.lstrip().encode("utf-8", "replace")
