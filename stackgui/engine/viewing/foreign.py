"""Arrays of pictures that another program made: ``.npy``, the members of ``.npz``, and Zarr stores."""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError, StackguiError
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes
from stackgui.core.base.wording import say
from stackgui.core.catalog.axes import MAX_CHANNELS, Axes, infer_axes
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.row_marks import RowMarks
from stackgui.core.viewing.opened import HAS_LABEL, Opened, Reading, RowFacts
from stackgui.stores.files.failures import explained
from stackgui.stores.format.table_file import TableFile
from stackgui.stores.stack.array_rows import ArrayRows

_LOCAL_HEADER_BYTES = 30
_UNPACKED_BYTES = 2**22
_NUMBERS = "buif"


class _Rows(Protocol):
    """The rows of one array, as pictures."""

    channels: int

    @property
    def size(self) -> tuple[int, int]: ...

    def read(self, row: int, part: tuple[int, int, int, int], step: int = 1) -> NDArray[Any]: ...


class _Found(Protocol):
    """An array that was found in a file."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def dtype(self) -> np.dtype[Any]: ...

    def rows(self, axes: Axes) -> _Rows: ...

    def close(self) -> None: ...


class ForeignArray:
    """The pictures of an array, of which nothing is known but their pixels.

    Raises
    ------
    StackguiError
        When it cannot be read, or holds no pictures.
    """

    def __init__(self, path: str, reading: Reading, watch: Cancellation) -> None:
        members, found = _found(path, reading.member, watch)
        try:
            axes = _axes(path, found, reading.axes)
            self._rows = found.rows(axes)
        except BaseException:
            found.close()
            raise
        self._found = found
        shape, name = found.shape, os.path.basename(path.rstrip("/\\"))
        count = shape[0] if axes.is_many else 1
        height, width = self._rows.size
        spec = ArraySpec(name, (count, height, width, self._rows.channels), found.dtype.name)
        self.opened = Opened(
            path, count, (spec,), is_stack=False, channels=self._rows.channels, sizes=((height, width),),
            reading=Reading(reading.member or (members[0] if members else ""), axes.value),
            members=members, readings=tuple(each.value for each in _possible(shape)),
        )  # fmt: skip

    def size(self, _row: int) -> tuple[int, int]:
        """Return the height and width of a row."""
        return self._rows.size

    def pixels(self, row: int, part: tuple[int, int, int, int], step: int = 1) -> NDArray[Any]:
        """Read a part of a row, every `step` pixels, shape (h, w, C)."""
        return self._rows.read(row, part, step)

    def mask(self, _row: int, _part: tuple[int, int, int, int], _step: int = 1) -> None:
        """Return None: it has no masks."""

    def facts(self, rows: Sequence[int]) -> list[RowFacts]:
        """Return what is known of `rows`."""
        name, size = self.opened.arrays[0].file, self._rows.size
        return [RowFacts(row, name, row, size, (0, 0, *size)) for row in rows]

    def marks(self, _row: int) -> RowMarks | None:
        """Return None: it has no annotations."""
        return None

    def columns(
        self, names: Sequence[str], watch: Cancellation
    ) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        """Yield what is the same for all rows."""
        watch.check()
        height, width = self._rows.size
        same = {
            "filled": np.True_,
            f"{HAS_LABEL}-1": np.True_,
            "excluded": np.False_,
            "gone": np.False_,
            "height": np.int32(height),
            "width": np.int32(width),
        }
        rows = self.opened.rows
        none = {name: np.False_ if name.startswith(HAS_LABEL) else np.int32(-1) for name in names}
        yield 0, {name: np.broadcast_to(same.get(name, none[name]), rows) for name in names}

    def names(self, watch: Cancellation) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield an empty name for each row."""
        watch.check()
        yield 0, np.zeros(self.opened.rows, np.uint8)

    def close(self) -> None:
        """Close the file."""
        self._found.close()


def _possible(shape: tuple[int, ...]) -> tuple[Axes, ...]:
    """Return the orders of axes that a shape allows."""
    alike = [axes for axes in Axes if len(axes) == len(shape)]
    return tuple(axes for axes in alike if dict(zip(axes, shape, strict=True)).get("C", 1) <= MAX_CHANNELS)


def _axes(path: str, found: _Found, chosen: str) -> Axes:
    if found.dtype.kind not in _NUMBERS:
        raise StackguiError(say("{path} holds no numbers that could be pictures.", path=printable(path)))
    if 0 in found.shape:
        raise StackguiError(
            say("{path} is empty: its shape is {shape}.", path=printable(path), shape=found.shape)
        )
    possible = _possible(found.shape)
    if chosen and Axes(chosen) in possible:
        return Axes(chosen)
    try:
        guessed = infer_axes(found.shape, TensorLayout.AUTO).axes
    except SampleError as error:
        raise StackguiError(
            say("{path} holds no pictures: {reason}.", path=printable(path), reason=error.reason)
        ) from error
    return guessed if guessed in possible or not possible else possible[0]


def _found(path: str, member: str, watch: Cancellation) -> tuple[tuple[str, ...], _Found]:
    """Return the names of the arrays in a file, and the one that is wanted, or the first."""
    place = os.path.realpath(path)
    if os.path.isdir(place):
        return _zarr(place, member)
    if place.lower().endswith(".npz"):
        return _npz(place, member, watch)
    return (), _InFile(TableFile(place))


class _InFile:
    """An array in a ``.npy`` file, or in a part of a file that looks like one."""

    def __init__(self, file: TableFile, folder: str = "") -> None:
        self._file, self._folder = file, folder
        self.shape, self.dtype = file.shape, file.dtype

    def rows(self, axes: Axes) -> _Rows:
        """Return its rows."""
        if not self._file.is_fortran or len(self.shape) < 2:  # noqa: PLR2004
            return ArrayRows(self._file, axes)
        mapped = np.memmap(self._file.path, self.dtype, "r", self._file.begin, self.shape, order="F")
        return _Indexed(self.shape, axes, lambda row: mapped[row] if axes.is_many else mapped)

    def close(self) -> None:
        """Close the file, and delete what was unpacked for it."""
        self._file.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


class _Indexed:
    """Rows of an array that gives one whole sample at a time."""

    def __init__(self, shape: tuple[int, ...], axes: Axes, sample: Callable[[int], NDArray[Any]]) -> None:
        sides = dict(zip(axes, shape, strict=True))
        self.size = (sides["H"], sides["W"])
        self.channels = sides.get("C", 1)
        self._axes, self._sample = axes.of_sample, sample

    def read(self, row: int, part: tuple[int, int, int, int], step: int = 1) -> NDArray[Any]:
        """Read a part of a row, every `step` pixels, shape (h, w, C)."""
        top, left, height, width = part
        whole = self._sample(row)
        if self._axes is Axes.HW:
            whole = whole[:, :, np.newaxis]
        elif self._axes is Axes.CHW:
            whole = whole.transpose(1, 2, 0)
        return np.array(whole[top : top + height : step, left : left + width : step])


def _npz(path: str, member: str, watch: Cancellation) -> tuple[tuple[str, ...], _Found]:
    try:
        with explained(path, StackguiError), zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            if not names:
                raise StackguiError(say("{path} holds no array.", path=printable(path)))
            wanted = f"{member}.npy" if f"{member}.npy" in names else _likeliest(archive, names)
            info = archive.getinfo(wanted)
            if info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1:
                found = _InFile(TableFile(path, _begin_of(path, info)))
            else:
                found = _unpacked(archive, info, watch)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise StackguiError(say("{path} is damaged, or no .npz file.", path=printable(path))) from error
    first = wanted.removesuffix(".npy")
    others = [name.removesuffix(".npy") for name in names if name != wanted]
    return (first, *others) if not member else tuple(name.removesuffix(".npy") for name in names), found


def _likeliest(archive: zipfile.ZipFile, names: Sequence[str]) -> str:
    """Return the largest array: pictures take more room than their labels."""
    return max(names, key=lambda name: archive.getinfo(name).file_size)


def _begin_of(path: str, info: zipfile.ZipInfo) -> int:
    """Return where the content of an entry begins, which only the header beside it says."""
    with open(path, "rb") as file:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER_BYTES)
    name, extra = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    return info.header_offset + _LOCAL_HEADER_BYTES + name + extra


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, watch: Cancellation) -> _InFile:
    """Unpack an entry into a file that is deleted with the view: packed numbers cannot be read by row."""
    folder = tempfile.mkdtemp(prefix="stackgui-view-")
    target = os.path.join(folder, "array.npy")
    try:
        _check_room(folder, info.file_size)
        with explained(target, StackguiError), archive.open(info) as packed, open(target, "wb") as file:
            while part := packed.read(_UNPACKED_BYTES):
                watch.check()
                file.write(part)
        return _InFile(TableFile(target), folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _check_room(folder: str, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if needed_bytes > free_bytes:
        raise StackguiError(
            say(
                "The array is packed, and needs {needed} when it is unpacked to be looked at. "
                "Only {there} are free.",
                needed=format_bytes(needed_bytes),
                there=format_bytes(free_bytes),
            )
        )


def _zarr(path: str, member: str) -> tuple[tuple[str, ...], _Found]:
    from stackgui.imaging.base.decoder import Start  # noqa: PLC0415 - only here
    from stackgui.imaging.base.folder import Folder  # noqa: PLC0415
    from stackgui.imaging.tensors import zarr_store  # noqa: PLC0415

    try:
        with explained(path, StackguiError):
            folder = Folder.at(os.fsencode(path))
            blocks = [each for each in zarr_store.blocks(Start(folder, "", 0)) if not each.problem]
    except SampleError as error:
        raise StackguiError(
            say("{path} cannot be read: {reason}.", path=printable(path), reason=error.reason)
        ) from error
    if not blocks:
        raise StackguiError(say("{path} holds no array.", path=printable(path)))
    largest = max(blocks, key=lambda each: math.prod(each.shape) * each.dtype.itemsize)
    block = next((each for each in blocks if each.name == member), largest)
    names = tuple(each.name for each in blocks)
    names = (block.name, *(name for name in names if name != block.name)) if not member else names
    return tuple(name for name in names if name), _Zarr(
        block.shape, block.dtype, zarr_store.reader(folder)(block)
    )


class _Zarr:
    """An array of a Zarr store, which reads chunk by chunk and from one thread at a time."""

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any], chunked: Any) -> None:  # noqa: ANN401
        self.shape, self.dtype = shape, dtype
        self._chunked, self._lock = chunked, threading.Lock()

    def rows(self, axes: Axes) -> _Rows:
        """Return its rows."""
        return _Indexed(self.shape, axes, lambda row: self._sample(row if axes.is_many else ...))

    def _sample(self, index: Any) -> NDArray[Any]:  # noqa: ANN401 - a number, or all of it
        with self._lock:
            return np.asarray(self._chunked[index])

    def close(self) -> None:
        """Let go of it; it keeps no file open."""
