"""What a format says of itself.

The module that decodes a format declares it, in ``FORMATS``. From these declarations follow which files are
recognised and taken, which decoder reads them, whose versions count, what an estimate adds up, and what the
help says.
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
from stackgui.imaging.base.decoder import Decoder


class Rank(IntEnum):
    """When a format's pattern is looked for; the first that fits decides."""

    COMMONEST = 0
    """Before all others, because most files are of this format."""

    AROUND_OTHERS = 1
    """What stands before its mark may look like any other format."""

    KIND_OF_ANOTHER = 2
    """Its files begin as those of another format do, and say more."""

    USUAL = 3

    SHARED = 4
    """Its mark also fits files of a format whose pattern is more exact."""

    VAGUE = 5
    """It has no mark of its own, only fields that must make sense."""

    VAGUEST = 6
    NO_MARK = 7
    """It is told by sums over its header."""


class Holds(Enum):
    """What of a file can be a sample."""

    ONE = "one picture"
    FRAMES = "frames"
    PAGES = "pages"
    ARRAYS = "arrays"


class Pattern(Protocol):
    """What the start of a file is compared with: a regular expression, or something that acts like one."""

    def match(self, data: bytes, /) -> object:
        """Something true if `data` begins as it should."""


@dataclass(frozen=True, slots=True)
class Told:
    """A pattern that is a function."""

    match: Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Library:
    """A library that turns bytes into pixels.

    Attributes
    ----------
    module : str
        What is imported.
    distribution : str
        What is installed.
    title : str
        What people call it.
    extra : str
        Under which name it can be installed with this program; ``""`` where it always is.
    """

    module: str
    distribution: str
    title: str
    extra: str = ""

    def load(self, files: str, module: str = "") -> ModuleType:
        """Import it.

        Parameters
        ----------
        files : str
            What needs it, for the sentence where it is not installed.
        module : str
            Which module of this program imports it in turn, if it needs one; that one is returned.

        Raises
        ------
        SampleError
        """
        try:
            return import_module(module or self.module)
        except ImportError:
            raise SampleError(f"{files} need more: pip install 'stackgui[{self.extra}]'") from None


IMAGECODECS = Library("imagecodecs", "imagecodecs", "imagecodecs")
NUMPY = Library("numpy", "numpy", "NumPy")
PILLOW = Library("PIL", "pillow", "Pillow")
PI_HEIF = Library("pi_heif", "pi-heif", "libheif (pi-heif)")
SIMPLEJPEG = Library("simplejpeg", "simplejpeg", "simplejpeg (libjpeg-turbo)")
TIFFFILE = Library("tifffile", "tifffile", "tifffile")


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Format:
    """A format of files, as its decoder declares it.

    Attributes
    ----------
    name : str
        By which catalogs and stacks know it; it never changes.
    title : str
        What people call it.
    decoder : Decoder
    libraries : tuple of Library
        That turn its bytes into pixels, the main one first.
    magic : tuple of bytes
        Ways to begin that no other format shares, of two bytes or more.
    pattern : Pattern or None
        How files begin, where that is less simple; compared with their first `SNIFF_BYTES`.
    rank : Rank
        When `pattern` is looked for.
    suffixes : tuple of str
        Lower-case endings by which a name claims that a file is of this format, each with its dot.
    holds : Holds
    needs_whole_file : bool
        Whether the header of a file can only be told from all of it.
    is_folder : bool
        Whether it is a folder instead of a file.
    decoding : Decoding
        What planning has to know.
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
