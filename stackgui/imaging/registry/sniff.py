"""Format detection from a file's content, never from its suffix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.declaration import Format, Rank
from stackgui.imaging.base.errors import NotAPicture
from stackgui.imaging.base.unsupported import NO_PICTURES, REFUSED, Unsupported
from stackgui.imaging.registry.declared import FORMATS

SNIFF_BYTES = 352
"""Number of bytes from the start of a file that `sniff` examines."""

_KEY_BYTES = 2
_Matches = Sequence[tuple[Callable[[bytes], object], str]]


def _by_start(formats: Iterable[Format]) -> dict[bytes, list[tuple[bytes, str]]]:
    """Index the signatures and their formats by the first bytes of the signature."""
    found: dict[bytes, list[tuple[bytes, str]]] = {}
    for format_ in formats:
        for magic in format_.magic:
            found.setdefault(magic[:_KEY_BYTES], []).append((magic, format_.name))
    return found


def _ranked(formats: Iterable[Format], ranks: Iterable[Rank]) -> _Matches:
    """Return the patterns of the given ranks, in the order in which they are tried."""
    wanted = sorted((format_.rank, format_.name, format_) for format_ in formats if format_.rank in ranks)
    return tuple((format_.pattern.match, name) for _, name, format_ in wanted if format_.pattern is not None)


_BEFORE_MAGIC = frozenset({Rank.COMMONEST, Rank.AROUND_OTHERS, Rank.KIND_OF_ANOTHER})
_SURE = _ranked(FORMATS, _BEFORE_MAGIC)
_MAGIC = _by_start(FORMATS)
_WEAK = _ranked(FORMATS, frozenset(Rank) - _BEFORE_MAGIC)


def sniff(data: bytes) -> str:
    """Name the format of a file from its first bytes.

    Parameters
    ----------
    data : bytes
        At least `SNIFF_BYTES` from the start, or the whole file when it is shorter.

    Returns
    -------
    str
        Name of the format, as `stackgui.imaging.registry.registry.decode` takes it.

    Raises
    ------
    SampleError
        When it is a picture in an unsupported format; the reason names the format.
    NotAPicture
        When the format is unknown or is not that of a picture; the reason names it if it is known.
    """
    for match, name in _SURE:
        if match(data):
            return name
    for magic, name in _MAGIC.get(data[:_KEY_BYTES], ()):
        if data.startswith(magic):
            return name
    # Before the remaining patterns, since some of them are weak.
    if title := _first(REFUSED, data):
        raise SampleError(say("{title} pictures are not supported", title=title))
    for match, name in _WEAK:
        if match(data):
            return name
    if title := _first(NO_PICTURES, data):
        raise NotAPicture(say("it is not a picture but {title}", title=title), title)
    raise NotAPicture(say("the file is empty") if not data else say("it is not a picture of a known kind"))


def _first(kinds: Iterable[Unsupported], data: bytes) -> str:
    return next((kind.title for kind in kinds if kind.pattern.match(data)), "")
