"""XML of annotation files, which nobody vouches for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

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
    root = Element("")
    for root, is_wrong in _parse(data):  # noqa: B007 - the last one is wanted
        if is_wrong:
            raise XmlError(say("The file is damaged, or ends too early."))
    return root


def child_elements(data: bytes) -> Iterator[Element]:
    """Return the children of the outermost element one by one, without keeping them.

    Raises
    ------
    XmlError
        At the place from which the file cannot be read.
    """
    root = Element("")
    for root, is_wrong in _parse(data):
        yield from root[:-1]
        del root[:-1]
        if is_wrong:
            raise XmlError(say("The file is damaged, or ends too early, and was read up to that place."))
    yield from root


def _parse(data: bytes) -> Iterator[tuple[Element, bool]]:
    """Yield the outermost element after each part of a file, and whether the rest cannot be read.

    Its last child may be incomplete then.
    """
    tree, roots = TreeBuilder(), [Element("")]
    # Without the parser's own detour for each element, which takes longer than making it.
    parser = DefusedXMLParser(target=tree)
    expat = parser.parser
    expat.ordered_attributes = False

    def start_root(tag: str, attributes: dict[str, str]) -> None:
        roots[0] = tree.start(tag, attributes)
        expat.StartElementHandler = tree.start

    expat.StartElementHandler = start_root
    expat.EndElementHandler, expat.CharacterDataHandler = tree.end, tree.data
    readable = memoryview(_readable(data))
    try:
        for place in range(0, len(readable), _PART_BYTES):
            parser.feed(readable[place : place + _PART_BYTES])
            _check_depth(roots[0])
            yield roots[0], False
        parser.close()
    except DefusedXmlException:
        raise _with_entities() from None
    except (ParseError, ValueError, LookupError, AssertionError):
        _mark_end(tree, roots[0])
        yield roots[0], True


def _mark_end(tree: TreeBuilder, root: Element) -> None:
    """Put an element where the file breaks off: into the child of `root` that is open, or after them all."""
    try:
        tree.start("", {})
    except ParseError:
        root.append(Element(""))


def _check_depth(root: Element) -> None:
    """Give up a file whose elements go deep; those that were closed within a part do no harm."""
    element = root
    for _level in range(MAX_DEPTH):
        if not len(element):
            return
        element = element[-1]
    raise ParseError


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
