"""What a decoder does: the functions behind every format."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sized
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.imaging.base.data import Data, Readable

SourceT_co = TypeVar("SourceT_co", bound=Sized, covariant=True)
SourceT_contra = TypeVar("SourceT_contra", bound=Sized, contravariant=True)
"""What is decoded: `Data`, or a `Folder` where a folder takes the place of a file."""

Pixels: TypeAlias = tuple[NDArray[Any], int]
"""Pixels of shape (h, w, c) in native dtype, and the EXIF orientation that is still to be applied."""


class Start(NamedTuple, Generic[SourceT_co]):
    """A file whose header is wanted.

    Attributes
    ----------
    data
        The start of the file, or all of it; all of it where the format's declaration asks for that.
    format : str
        The name that the header carries.
    file_bytes : int
        Size of the whole file.
    scan : ScanOptions
    """

    data: SourceT_co
    format: str
    file_bytes: int
    scan: ScanOptions = DEFAULT

    @property
    def is_whole(self) -> bool:
        """Whether `data` is all of the file."""
        return len(self.data) >= self.file_bytes


class Sample(NamedTuple, Generic[SourceT_co]):
    """A sample whose pixels are wanted.

    Attributes
    ----------
    data
        The whole file.
    member : int
        Which of the samples in it, from 0.
    scan : ScanOptions
        What was chosen when they were counted.
    channels : int or None
        An offer: a decoder that can give so many channels at no cost does; None for the sample's own.
    out : ndarray or None
        An offer: where nothing is left to convert, a decoder that can fills and returns it.
    at_least : (int, int) or None
        Height and width that suffice, of the upright picture. A decoder that can draft gives a picture of
        this size or larger.
    """

    data: SourceT_co
    member: int = 0
    scan: ScanOptions = DEFAULT
    channels: int | None = None
    out: NDArray[Any] | None = None
    at_least: tuple[int, int] | None = None


class Decoder(Protocol[SourceT_contra]):
    """Turns files of one format into headers and pixels.

    A decoder imports its library inside these methods. Whatever they raise becomes a sentence; a
    `SampleError` already is one.
    """

    @abstractmethod
    def headers(self, start: Start[SourceT_contra]) -> Header:
        """The header of the first sample, with those of further samples in `Header.others`.

        Raises
        ------
        MoreBytesNeeded
            When the start of the file does not tell.
        """

    @abstractmethod
    def decode(self, sample: Sample[SourceT_contra]) -> Pixels:
        """The sample's pixels."""

    def readable(self, sample: Sample[SourceT_contra]) -> Readable | None:  # noqa: ARG002 - for those that can
        """Upright pixels that are read part by part, or None where only the whole can be decoded."""
        return None

    def profile(self, sample: Sample[SourceT_contra]) -> bytes | None:  # noqa: ARG002 - likewise
        """The embedded colour profile."""
        return None

    def inks(self, sample: Sample[SourceT_contra]) -> Pixels:  # noqa: ARG002 - likewise
        """Amounts of cyan, magenta, yellow and black, of a sample whose colour profile is one of inks."""
        raise SampleError("its colour profile is one of inks, but its pixels are not")

    def indices(self, sample: Sample[SourceT_contra]) -> Pixels | None:  # noqa: ARG002 - likewise
        """Indices into the sample's palette, or None where it has none."""
        return None

    def meaning(self, sample: Sample[SourceT_contra]) -> str:  # noqa: ARG002 - likewise
        """What the channels are, where their number does not say it; see `stackgui.core.catalog.meaning`."""
        return ""

    def is_cut_off(self, data: Data) -> bool:
        """Whether a whole file ends before its outermost parts do."""
        return self.lacks_end_mark(data)

    def lacks_end_mark(self, data: Data) -> bool:  # noqa: ARG002 - likewise
        """Whether a whole file lacks the mark that the format has at its end, or a part of it."""
        return False
