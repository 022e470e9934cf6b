"""The facts about decoding each format that planning needs.

Formats are declared in `stackgui.imaging`, which core does not import; importing it passes these facts on.
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
    """Costs and properties of decoding a format.

    Attributes
    ----------
    copies : int
        Copies of a sample's pixels in memory during decoding. With 1, the decoder writes directly into the
        target array.
    can_draft : bool
        Whether decoding at a reduced size is cheaper.
    access : Access
        How a file of many pixels is read.
    is_sealed : bool
        Whether one checksum covers all samples of a file, so that the whole file is read before the first.
    keeps_numbers : bool
        Whether it is a picture format that stores numbers exactly, as masks need.
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
    """Set the facts about all formats, by name."""
    global _declared  # noqa: PLW0603 - set once, when imaging is imported
    _declared = MappingProxyType(dict(formats))


def decoding_of(format_: str) -> Decoding:
    """Return the facts about a format; the usual ones for ``""`` and for formats of other versions.

    Raises
    ------
    RuntimeError
        When no formats have been declared, because imaging has not been imported.
    """
    if not _declared:
        raise RuntimeError("formats are declared by stackgui.imaging, which has not been imported")
    return _declared.get(format_, _UNKNOWN)
