import os
import subprocess
import sys
import tempfile

import numpy as np
import pytest

from stackgui.core.base.errors import RunError
from stackgui.engine.workers import shared_memory as slots_module
from stackgui.engine.workers.shared_memory import Address, Slots, attach


def test_what_one_writes_the_other_reads():
    slots = Slots(3, 4096)
    attached = attach(slots.address)
    np.frombuffer(attached, np.uint8)[slots.offset(1) : slots.offset(2)] = 7
    assert slots.view(0).max() == 0
    assert slots.view(1).min() == slots.view(1).max() == 7
    assert len(slots.view(2)) == 4096
    slots.close()


def test_decoders_find_no_slot_at_an_address_from_which_they_write_slowly():
    slots = Slots(3, 100)
    assert all(slots.view(slot).ctypes.data % 32 == 16 for slot in range(3))
    assert all(len(slots.view(slot)) >= 100 for slot in range(3))
    slots.close()


def test_it_is_gone_after_closing():
    slots = Slots(1, 4096)
    address = slots.address
    slots.close()
    with pytest.raises(OSError, match=r"gone|No such"):
        attach(address)


def test_another_file_in_its_place_is_not_taken_for_it():
    slots = Slots(1, 4096)
    with pytest.raises(FileNotFoundError):
        attach(Address(slots.address.path, slots.address.inode + 1))
    slots.close()


def test_without_nameless_memory_a_file_is_used_and_removed(monkeypatch):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    slots = Slots(2, 4096)
    assert os.path.isfile(slots.address.path)
    attach(slots.address).close()
    slots.close()
    assert not os.path.exists(slots.address.path)


@pytest.fixture
def named(monkeypatch, tmp_path):
    """A system without nameless memory, and its folder for temporary files."""
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


KILLED = """
import os, signal, sys, tempfile
from stackgui.engine.workers.shared_memory import Slots
if hasattr(os, "memfd_create"):
    del os.memfd_create
tempfile.tempdir = sys.argv[1]
slots = Slots(1, 4096)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_the_file_of_a_run_that_was_killed_is_removed_by_the_next(named):
    (named / "stackgui-other").touch()
    subprocess.run([sys.executable, "-c", KILLED, str(named)], check=False)
    assert len(list(named.glob("stackgui-slots-*"))) == 1
    first = Slots(1, 4096)
    second = Slots(1, 4096)
    assert {path.name for path in named.iterdir()} == {
        "stackgui-other",
        os.path.basename(first.address.path),
        os.path.basename(second.address.path),
    }
    second.close()
    attach(first.address).close()
    first.close()
    assert [path.name for path in named.iterdir()] == ["stackgui-other"]


def test_a_file_that_was_taken_for_abandoned_is_made_anew(named, monkeypatch):
    real, taken = slots_module.lock, []

    def remove_first(file: int) -> None:
        if not taken:
            taken.extend(named.iterdir())
            taken[0].unlink()
        real(file)

    monkeypatch.setattr(slots_module, "lock", remove_first)
    slots = Slots(1, 4096)
    assert taken
    attach(slots.address).close()
    slots.close()


def test_too_much_is_refused_in_words(monkeypatch):
    def refuse(_file: int, _begin: int, _size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(RunError, match="not enough memory"):
        Slots(1, 4096)


def test_the_space_of_a_file_is_had_at_once_where_it_cannot_be_reserved(named, monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    size = 3 * 2**20 + 5
    slots = Slots(1, size)
    assert os.stat(slots.address.path).st_blocks * 512 >= size
    assert len(slots.view(0)) >= size
    assert not slots.view(0).any()
    slots.close()


def test_a_full_disk_is_told_before_the_work_begins(named, monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate", raising=False)

    def refuse(_file: int, _data: memoryview) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(RunError, match="not enough memory"):
        Slots(1, 4096)
    assert list(named.iterdir()) == []
