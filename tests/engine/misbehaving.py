"""Tasks that do to a worker what a bad decoder would."""

import ctypes
import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass

from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import Files
from stackgui.engine.workers.blocks import Filled
from stackgui.engine.workers.shared_memory import Address
from stackgui.engine.workers.tasks import fill_slot
from stackgui.stores.arrays.place import Place


@dataclass(frozen=True)
class Numbers:
    """A batch of numbers for these tasks."""

    values: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.values)

    def part(self, begin: int, end: int) -> "Numbers":
        return Numbers(self.values[begin:end])


def square(numbers: Sequence[int]) -> list[int]:
    """Well behaved, but a negative number kills the worker and zero hangs it."""
    for number in numbers:
        if number < 0:
            os.abort()
        if number == 0:
            time.sleep(60)
    return [number * number for number in numbers]


def hold_memory(numbers: Sequence[int]) -> list[int]:
    """Well behaved, but takes as many megabytes as the number says."""
    return [len(bytearray(number * 1_000_000)) for number in numbers]


def hold_python(seconds: int) -> None:
    """Be stuck in C, as a bad decoder is, and let no other Python code run meanwhile."""
    ctypes.PyDLL(None).sleep(seconds)


def die() -> None:
    """Kill whatever worker runs this."""
    os.abort()


def hang(*_arguments: object) -> None:
    """Take longer than anybody waits."""
    time.sleep(60)


def dawdle(numbers: Sequence[int]) -> list[int]:
    """Well behaved, but takes a while, which is within what a sample may take."""
    time.sleep(2)
    return list(numbers)


def be_killed(numbers: Sequence[int]) -> list[int]:
    """Well behaved, but a negative number has the system kill the worker."""
    if min(numbers) < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return list(numbers)


def die_while_writing(files: Files, form: Form, address: Address, offset: int, place: Place | None) -> Filled:
    """Write something else than the rows into their file and die, if the worker is to write them itself."""
    if place is not None:
        with place.opened() as handle:
            place.write(handle, 0, memoryview(b"\x55" * (place.row_bytes * len(files.path))))
        die()
    return fill_slot(files, form, address, offset, place)


def double_but_die_as_worker(number: int) -> int:
    """Well behaved, but a negative number kills the process if that is a worker."""
    if number < 0 and multiprocessing.parent_process() is not None:
        die()
    return 2 * number


def double_but_be_killed_as_worker(number: int) -> int:
    """Well behaved, but the system kills every worker that is to do it."""
    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number
