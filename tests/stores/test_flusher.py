"""What is written is flushed in the background, and a fault of that is not lost."""

import errno
import os

import pytest

from stackgui.stores import flusher
from stackgui.stores.flusher import FLUSH_BYTES, Flusher


@pytest.fixture
def flushed(monkeypatch) -> list[int]:
    """Descriptors of which a flush was asked for."""
    descriptors: list[int] = []
    monkeypatch.setattr(flusher, "_flush", descriptors.append)
    return descriptors


def test_it_flushes_when_enough_was_written_and_not_before(flushed):
    made = Flusher(7)
    made.wrote(FLUSH_BYTES - 1)
    made.wait()
    assert flushed == []
    made.wrote(1)
    made.wait()
    assert flushed == [7]
    made.close()


def test_a_fault_is_raised_once_by_whoever_looks_next(monkeypatch):
    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(flusher, "_flush", fail)
    made = Flusher(7)
    made.wrote(FLUSH_BYTES)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        made.wait()
    made.wait()
    made.close()


def test_a_real_file_is_flushed(tmp_path):
    with (tmp_path / "file").open("wb") as file:
        made = Flusher(file.fileno())
        made.wrote(FLUSH_BYTES)
        made.wait()
        made.close()
