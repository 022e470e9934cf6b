"""The declaration of a format: its name, signature, suffixes, decoder and libraries.

Each decoding module lists its formats in ``FORMATS``. Everything else is derived from these declarations:
which files are recognised, which decoder reads them, which library versions are recorded, what an estimate
adds up, and what the help says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

from stackgui.core.base.decoding import Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.decoder import Decoder


class Rank(IntEnum):
    """The order in which patterns are tried; the first match decides the format."""

    COMMONEST = 0
    """Tried first, because most files are in this format."""

    AROUND_OTHERS = 1
    """The bytes before its signature may look like any other format."""

    KIND_OF_ANOTHER = 2
    """Its files start like those of another format, followed by something more specific."""

    USUAL = 3

    SHARED = 4
    """Its signature also matches files of a format with a more exact pattern."""

    VAGUE = 5
    """It has no signature, only fields whose values must be plausible."""

    VAGUEST = 6
    NO_MARK = 7
    """It is recognised by a checksum over its header."""


class Holds(Enum):
    """What a file of this format can contain."""

    ONE = "one picture"
    FRAMES = "frames"
    PAGES = "pages"
    ARRAYS = "arrays"


class Pattern(Protocol):
    """Anything that matches the start of a file: a regular expression or an object with the same method."""

    def match(self, data: bytes, /) -> object:
        """Return a true value if `data` starts like a file of this format."""


@dataclass(frozen=True, slots=True)
class Told:
    """A pattern implemented as a function."""

    match: Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Library:
    """A library that turns bytes into pixels.

    Attributes
    ----------
    module : str
        Name to import.
    distribution : str
        Name to install.
    title : str
        Name shown to people.
    extra : str
        Name of the package extra that installs it; ``""`` if it is always installed.
    """

    module: str
    distribution: str
    title: str
    extra: str = ""

    def load(self, files: str, module: str = "") -> ModuleType:
        """Import the library, or the module of this program that uses it.

        Parameters
        ----------
        files : str
            The files that need it, for the error message.
        module : str
            A module of this program to import instead, which in turn imports the library.

        Raises
        ------
        SampleError
            When the library is not installed.
        """
        try:
            return import_module(module or self.module)
        except ImportError:
            raise SampleError(
                say("{files} need more: pip install 'stackgui[{extra}]'", files=files, extra=self.extra)
            ) from None


IMAGECODECS = Library("imagecodecs", "imagecodecs", "imagecodecs")
NUMPY = Library("numpy", "numpy", "NumPy")
PILLOW = Library("PIL", "pillow", "Pillow")
PI_HEIF = Library("pi_heif", "pi-heif", "libheif (pi-heif)")
SIMPLEJPEG = Library("simplejpeg", "simplejpeg", "simplejpeg (libjpeg-turbo)")
TIFFFILE = Library("tifffile", "tifffile", "tifffile")


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Format:
    """A file format, as declared by the module that decodes it.

    Attributes
    ----------
    name : str
        Identifier in catalogs and stacks; it must never change.
    title : str
        Name shown to people.
    decoder : Decoder
    libraries : tuple of Library
        Libraries that decode it, the main one first.
    magic : tuple of bytes
        Signatures of two bytes or more at the start of the file, unique to this format.
    pattern : Pattern or None
        For formats that no fixed signature identifies; matched against the first `SNIFF_BYTES`.
    rank : Rank
        When `pattern` is tried.
    suffixes : tuple of str
        Lower-case file name suffixes of this format, each with its dot.
    holds : Holds
    needs_whole_file : bool
        Whether reading the header takes the whole file.
    is_folder : bool
        Whether it is stored as a folder instead of a file.
    decoding : Decoding
        Properties that planning needs.
    """

    name: str
    title: str
    decoder: Decoder[Any]
    libraries: tuple[Library, ...]
    magic: tuple[bytes, ...] = ()
    pattern: Pattern | None = None
    rank: Rank = Rank.USUAL
    suffixes: tuple[str, ...] = ()
    holds: Holds = Holds.ONE
    needs_whole_file: bool = False
    is_folder: bool = False
    decoding: Decoding = field(default_factory=Decoding)
