"""Errors raised while decoding, and the translation of library errors into plain sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import joined, say


class NotAPicture(SampleError):  # noqa: N818 - a finding of the scan, not always a fault
    """The content is in no format that can be read here.

    Parameters
    ----------
    reason
    instead
        The kind of file if it was recognised, for example ``"a drawing (SVG)"``.
    """

    def __init__(self, reason: str = "it is not a picture", instead: str = "") -> None:
        super().__init__(reason)
        self.instead = instead


class ArrayNotChosen(SampleError):  # noqa: N818 - a question to the person, not a fault of the file
    """A file holds several arrays, and none of them was chosen.

    Parameters
    ----------
    reason
    names
        Names of the arrays to choose from.
    """

    def __init__(self, reason: str, names: Iterable[str]) -> None:
        super().__init__(reason)
        self.names = tuple(names)


class MoreBytesNeeded(Exception):  # noqa: N818 - a request to the caller, not a fault of the file
    """The prefix does not contain the whole header: probe again with the whole file."""


ENDS_EARLY = say("the file ends in the middle of the picture")
_SAYS_SO = (
    "truncat", "premature end", "not enough", "too small", "end of file", "unexpected end", "need_more_input",
    "expected to read", "requires a buffer",
)  # fmt: skip
_DETAIL_CHARACTERS = 80
_OF_THE_CODE = (UnicodeError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError)
"""Messages of these exceptions describe the decoder's code, not the picture, so they are not shown."""

_OF_THE_FORMAT = re.compile(
    r"Corrupt JPEG data|Premature end|Bogus |Invalid (JPEG|SOS|component|progressive)|Unknown Adobe|"
    r"Inconsistent progression|(Huffman|Quantization) table|Unsupported (marker|JPEG|BMP|SGI)|Bad CRC|"
    r"[A-Za-z]{4}: |bad adaptive filter|Not enough image data|Unknown Value Representation|"
    r"[Tt]runcated|image file is truncated"
)
"""Starts of messages that describe the file in its format's own terms. All others describe code."""

_MEANINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"crc|checksum|filter returned failure", say("a checksum is wrong")),
        (
            r"reshape|out\.shape|broadcast|buffer (is not large|overrun)|extents|tile dimensions",
            say("its pixels do not fit the size that it claims"),
        ),
        (r"invalid literal|token too long|channel value", say("not every number in it is one")),
        (r"^unknown|^unsupported|not implemented", say("it is of a kind that its decoder does not know")),
        (r"header|BMFF|image item|configuration", say("its header makes no sense")),
        (
            r"decompress|broken data stream|decod(e|er|ing)\b|next frame|stream contents",
            say("its packed pixels make no sense"),
        ),
    )
)
"""Plain-English meanings of the remaining decoder messages; the first match applies."""

_UNKNOWN = say("its decoder gave up")
_OUT_OF_MEMORY = say(
    "it needs more memory than is allowed (--sample-memory allows more; --draft with a smaller --size needs "
    "less for JPEG)"
)
_ASKED = re.compile(r"Unable to allocate ([0-9.]+ [KMGT]i?B)")


def as_sample_error(error: BaseException) -> SampleError:
    """Turn any exception from a decoder into a `SampleError` with a plain reason.

    Parameters
    ----------
    error : BaseException
        Any exception. A `SampleError` is returned as it is.

    Returns
    -------
    SampleError
        Its reason ends with a detail in parentheses: the decoder's own short message if that uses the
        format's terms, otherwise the meaning of the message. The original exception is kept as the cause,
        for debugging.
    """
    if isinstance(error, SampleError):
        return error
    found = SampleError(_too_much(error) if isinstance(error, MemoryError) else _reason(error))
    found.__cause__ = error
    return found


def _too_much(error: MemoryError) -> str:
    asked = _ASKED.search(str(error))
    at_once = say("; it asked for {asked} at once", asked=asked[1]) if asked else ""
    return joined("", (_OUT_OF_MEMORY, at_once))


def _reason(error: BaseException) -> str:
    message = "" if isinstance(error, _OF_THE_CODE) else _short(str(error))
    detail = message if _OF_THE_FORMAT.match(message) else ""
    if isinstance(error, EOFError) or any(words in message.lower() for words in _SAYS_SO):
        reason = ENDS_EARLY
    else:
        reason = say("the picture is damaged")
        if message and not detail:
            detail = next((meaning for pattern, meaning in _MEANINGS if pattern.search(message)), _UNKNOWN)
    return f"{reason} ({detail})" if detail else reason


def _short(message: str) -> str:
    first_line = message.strip().splitlines()[0] if message.strip() else ""
    # Pillow puts the repr of a buffer into messages. Its address is noise and differs from run to run.
    if " object at 0x" in first_line:
        return ""
    printable = "".join(c for c in first_line if c.isprintable())
    return printable if len(printable) <= _DETAIL_CHARACTERS else printable[: _DETAIL_CHARACTERS - 1] + "…"
