"""What planning has to know about how each format is decoded.

Formats are declared in `stackgui.imaging`, which core does not import. It hands these facts over when it is
imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Access(Enum):
    """How a file of many pixels is read."""

    WHOLE = "read into memory"
    MAPPED = "mapped"
    LINES = "mapped, and lines are taken out as they are needed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoding:
    """What decoding a format takes, and what it means for the pixels.

    Attributes
    ----------
    copies : int
        Copies of a sample's pixels in memory while it is decoded. With 1, it is decoded straight into the
        array that it is meant for.
    can_draft : bool
        Whether it can be decoded to a smaller size at less cost.
    access : Access
    is_sealed : bool
        Whether one checksum covers all samples of a file, so that all of it is read before the first.
    keeps_numbers : bool
        Whether it is a kind of picture that stores numbers exactly, as masks need.
    is_medical : bool
        Whether its folders are likely to be patients or examinations.
    """

    copies: int = 2
    can_draft: bool = False
    access: Access = Access.WHOLE
    is_sealed: bool = False
    keeps_numbers: bool = False
    is_medical: bool = False


_UNKNOWN = Decoding()
_declared: Mapping[str, Decoding] = {}


def declare(formats: Mapping[str, Decoding]) -> None:
    """Hand over the facts about all formats, by name."""
    global _declared  # noqa: PLW0603 - set once, when imaging is imported
    _declared = MappingProxyType(dict(formats))


def decoding_of(format_: str) -> Decoding:
    """The facts about a format; the usual ones for ``""`` and for formats of other versions.

    Raises
    ------
    RuntimeError
        When no formats have been declared: imaging has not been imported.
    """
    if not _declared:
        raise RuntimeError("formats are declared by stackgui.imaging, which has not been imported")
    return _declared.get(format_, _UNKNOWN)
