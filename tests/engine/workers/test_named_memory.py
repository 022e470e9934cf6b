"""Shared memory as Windows has it, with a double that keeps blocks by their names."""

import mmap

import numpy as np
import pytest

from stackgui.core.base.errors import RunError
from stackgui.engine.workers import named_memory
from stackgui.engine.workers.shared_memory import Slots, attach


class Named:
    """Keeps a block for as long as somebody has it open, as Windows does."""

    def __init__(self):
        self.blocks = {}

    def __call__(self, file, size, *, tagname):
        assert file == -1
        return self.blocks.setdefault(tagname, mmap.mmap(-1, size))


@pytest.fixture
def windows(monkeypatch):
    made = Named()
    monkeypatch.setattr(named_memory, "IS_THERE", True)
    monkeypatch.setattr(named_memory.create, "__defaults__", (made,))
    monkeypatch.setattr(named_memory.attach, "__defaults__", (made,))
    return made


def test_what_one_writes_the_other_reads(windows):
    slots = Slots(2, 4096)
    np.frombuffer(attach(slots.address), np.uint8)[slots.offset(1) : slots.offset(2)] = 7
    assert slots.view(0).max() == 0
    assert slots.view(1).min() == slots.view(1).max() == 7
    slots.close()


def test_a_block_that_is_gone_is_not_taken_for_a_new_one(windows):
    slots = Slots(1, 4096)
    slots.close()
    windows.blocks.clear()
    with pytest.raises(FileNotFoundError, match="gone"):
        attach(slots.address)


def test_two_runs_have_blocks_of_their_own(windows):
    first, second = Slots(1, 64), Slots(1, 64)
    first.view(0)[:] = 1
    assert second.view(0).max() == 0
    first.close()
    second.close()


@pytest.mark.usefixtures("windows")
def test_too_much_is_refused_in_words(monkeypatch):
    def refuse(_file, _size, *, tagname):
        raise OSError(22, f"no room for {tagname}")

    monkeypatch.setattr(named_memory.create, "__defaults__", (refuse,))
    with pytest.raises(RunError, match="not enough memory"):
        Slots(1, 4096)
