"""What can go wrong between bytes and pixels, and the one place that puts it into plain words."""

from __future__ import annotations

from collections.abc import Iterable

from stackgui.core.errors import SampleError


class NotAPicture(SampleError):  # noqa: N818 - a finding of the scan, not always a fault
    """The content is of no format known here."""

    def __init__(self, reason: str = "it is not a picture") -> None:
        super().__init__(reason)


class ArrayNotChosen(SampleError):  # noqa: N818 - a question to the person, not a fault of the file
    """A file holds several arrays, and none of them was chosen.

    Parameters
    ----------
    reason
    names
        Of the arrays that could be chosen.
    """

    def __init__(self, reason: str, names: Iterable[str]) -> None:
        super().__init__(reason)
        self.names = tuple(names)


class MoreBytesNeeded(Exception):  # noqa: N818 - a request to the caller, not a fault of the file
    """The start of the file is not enough to tell its header: probe again with the whole file."""


_ENDS_EARLY = ("truncat", "premature end", "not enough", "too small", "end of file", "unexpected end")
_DETAIL_CHARACTERS = 80
_OF_THE_CODE = (UnicodeError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError)
"""What their messages say is of the decoder's code, and nothing of the picture."""

_OUT_OF_MEMORY = "it needs more memory than is allowed"


def as_sample_error(error: BaseException) -> SampleError:
    """Put whatever a decoder raised into one plain sentence fragment.

    Parameters
    ----------
    error : BaseException
        Any exception. A `SampleError` is returned as it is.

    Returns
    -------
    SampleError
        Its reason keeps the decoder's own short message in parentheses, for those who know the format.
    """
    if isinstance(error, SampleError):
        return error
    if isinstance(error, MemoryError):
        return SampleError(_OUT_OF_MEMORY)
    detail = "" if isinstance(error, _OF_THE_CODE) else _short(str(error))
    lowered = detail.lower()
    if isinstance(error, EOFError) or any(words in lowered for words in _ENDS_EARLY):
        reason = "the file ends in the middle of the picture"
    else:
        reason = "the picture is damaged"
    return SampleError(f"{reason} ({detail})" if detail else reason)


def _short(message: str) -> str:
    first_line = message.strip().splitlines()[0] if message.strip() else ""
    # Pillow puts the repr of a buffer, with its address, into messages: noise, and never twice the same.
    if " object at 0x" in first_line:
        return ""
    printable = "".join(c for c in first_line if c.isprintable())
    return printable if len(printable) <= _DETAIL_CHARACTERS else printable[: _DETAIL_CHARACTERS - 1] + "…"
