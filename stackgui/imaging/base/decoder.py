"""The interface that every decoder implements."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sized
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.imaging.base.data import Data, Readable

SourceT = TypeVar("SourceT", bound=Sized)
SourceT_co = TypeVar("SourceT_co", bound=Sized, covariant=True)
SourceT_contra = TypeVar("SourceT_contra", bound=Sized, contravariant=True)
"""The input of a decoder: `Data`, or a `Folder` for formats that are stored as folders."""

Pixels: TypeAlias = tuple[NDArray[Any], int]
"""Pixels of shape (h, w, c) in native dtype, and the EXIF orientation still to be applied to them."""


Straight: TypeAlias = Callable[[SourceT, NDArray[Any]], bool]
"""Decodes the data of a sample to an array of a known shape; returns False, and may leave garbage in the
array, if the sample is not as simple as that."""


class Start(NamedTuple, Generic[SourceT_co]):
    """A request for the header of a file.

    Attributes
    ----------
    data
        The start of the file or the whole file. Always the whole file if the format has `needs_whole_file`.
    format : str
        Name of the format, to be stored in the header.
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
        """Return whether `data` is the whole file."""
        return len(self.data) >= self.file_bytes


class Sample(NamedTuple, Generic[SourceT_co]):
    """A request for the pixels of a sample.

    Attributes
    ----------
    data
        The whole file.
    member : int
        Index of the sample in the file, from 0.
    scan : ScanOptions
        The options under which the samples were counted.
    channels : int or None
        A hint: return this many channels if the decoder can do so at no extra cost. None for the sample's
        own.
    out : ndarray or None
        A hint: fill and return this array if the decoder can, and if nothing is left to convert.
    at_least : (int, int) or None
        Smallest height and width that suffice, measured on the upright picture. A decoder that can decode
        at reduced size returns a picture of this size or larger.
    """

    data: SourceT_co
    member: int = 0
    scan: ScanOptions = DEFAULT
    channels: int | None = None
    out: NDArray[Any] | None = None
    at_least: tuple[int, int] | None = None


class Decoder(Protocol[SourceT_contra]):
    """Reads headers and pixels from files of one format.

    Decoders import their libraries inside these methods. Any exception they raise is turned into a
    `SampleError`.
    """

    @abstractmethod
    def headers(self, start: Start[SourceT_contra]) -> Header:
        """Read the header of the first sample, with those of further samples in `Header.others`.

        Raises
        ------
        MoreBytesNeeded
            When the header does not fit into the prefix.
        """

    @abstractmethod
    def decode(self, sample: Sample[SourceT_contra]) -> Pixels:
        """Decode the sample's pixels."""

    def alike(self, start: Start[SourceT_contra]) -> tuple[bytes, int] | None:  # noqa: ARG002 - for those that can
        """Return how files begin that have this header, and how long they are at least.

        Whatever follows, their header is the same, without a doubt or a further sample. None if more than the
        first bytes of a file counts.
        """
        return None

    def straight(
        self,
        channels: int | None,  # noqa: ARG002 - for those that can
        shape: tuple[int, ...],  # noqa: ARG002 - likewise
        scan: ScanOptions,  # noqa: ARG002 - likewise
    ) -> Straight[SourceT_contra] | None:
        """Return what decodes many files of one sample each to arrays of this shape, by few calls.

        None if there is nothing quicker than `decode`, with which it agrees about each sample: it returns
        True where that would fill and return an array of this shape.
        """
        return None

    def readable(self, sample: Sample[SourceT_contra]) -> Readable | None:  # noqa: ARG002 - for those that can
        """Return upright pixels that can be read by region; None if the format must be decoded whole."""
        return None

    def profile(self, sample: Sample[SourceT_contra]) -> bytes | None:  # noqa: ARG002 - likewise
        """Return the embedded ICC profile, if any."""
        return None

    def inks(self, sample: Sample[SourceT_contra]) -> Pixels:  # noqa: ARG002 - likewise
        """Return the CMYK values of a sample whose ICC profile is for CMYK."""
        raise SampleError(say("its colour profile is one of inks, but its pixels are not"))

    def indices(self, sample: Sample[SourceT_contra]) -> Pixels | None:  # noqa: ARG002 - likewise
        """Return the indices into the sample's palette, or None if it has no palette."""
        return None

    def meaning(self, sample: Sample[SourceT_contra]) -> str:  # noqa: ARG002 - likewise
        """Return the meaning of the channels if their number leaves it open; see `core.catalog.meaning`."""
        return ""

    def is_cut_off(self, data: Data) -> bool:
        """Return whether a file, passed whole, is truncated."""
        return self.lacks_end_mark(data)

    def lacks_end_mark(self, data: Data) -> bool:  # noqa: ARG002 - likewise
        """Return whether a file, passed whole, lacks all or part of the format's end marker."""
        return False
