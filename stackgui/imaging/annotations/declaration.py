"""How a format of annotations is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from stackgui.core.annotations.annotations import Annotations
from stackgui.core.annotations.reading import Reading

START_BYTES = 64 * 2**10
"""Bytes at the start of a file from which its format is recognised."""


@dataclass(frozen=True, slots=True)
class AnnotationFile:
    """An untrusted annotation file.

    Attributes
    ----------
    name : str
        Name below its source or archive, with ``/`` between folders.
    data : bytes-like
        The whole content; may be a memory map.
    companions : dict of str to bytes
        Content of the files that the format declares as its companions and that were found nearby, by their
        names without folder, for example ``{"data.yaml": b"..."}``.
    picture_size : (int, int)
        Height and width of the picture that is called like this file, as its header says; 0 if unknown.
    """

    name: str
    data: bytes | memoryview
    companions: Mapping[str, bytes] = field(default_factory=dict)
    picture_size: tuple[int, int] = (0, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnotationFormat:
    """A format of annotation files.

    Attributes
    ----------
    name : str
        Short name, for example ``"coco"``.
    title : str
        Its own name as people know it, for example ``"COCO"``.
    suffixes : tuple of str
        Suffixes of its files, in lower case with their dot.
    companions : tuple of str
        Names of files that belong to it, such as ``data.yaml``; they lie in the same folder or above it.
    recognises : callable
        Takes a file's name and its first `START_BYTES`; returns whether the file is of this format. It never
        raises, and answers from the content.
    read : callable
        Takes files of this format and the choices; returns what they say, all together. What cannot be read
        in a file becomes a complaint, whatever the file holds; only memory may run out.
    has_one_picture : bool
        Whether a file describes the one picture that is called like it.
    asks_size : bool
        Whether `AnnotationFile.picture_size` is of use.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str, bytes], bool]
    read: Callable[[Sequence[AnnotationFile], Reading], Annotations]
    companions: tuple[str, ...] = ()
    has_one_picture: bool = False
    asks_size: bool = False
