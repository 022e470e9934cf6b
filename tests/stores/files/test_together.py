"""Files that are written one after the other and synced at the same time."""

import errno
import threading

import pytest

from stackgui.core.base.errors import StoreError
from stackgui.stores.files import together
from stackgui.stores.files.together import Together


def write_both(folder, error=None):
    with Together() as files:
        with files.new_file(str(folder / "a")):
            pass
        with files.new_file(str(folder / "b")):
            if error is not None:
                raise error


def test_leaving_waits_until_all_are_synced(tmp_path, monkeypatch):
    all_there, synced = threading.Barrier(3), []

    def sync(descriptor):
        all_there.wait(60)  # each waits for the others: they are synced at the same time
        synced.append(descriptor)

    monkeypatch.setattr(together, "sync_file", sync)
    with Together() as files:
        for name in "abc":
            with files.new_file(str(tmp_path / name)) as file:
                file.write(name.encode())
    assert len(synced) == 3
    assert [(tmp_path / name).read_text() for name in "abc"] == list("abc")


def test_what_cannot_be_synced_is_told_at_the_end(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(together, "sync_file", full)
    with pytest.raises(StoreError, match="disk"):
        write_both(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"a", "b"}


def test_an_error_of_its_own_comes_before_those_of_the_disk(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(together, "sync_file", full)
    with pytest.raises(ZeroDivisionError):
        write_both(tmp_path, error=ZeroDivisionError)


def test_a_folder_that_is_gone_is_told_at_once(tmp_path):
    with Together() as files, pytest.raises(StoreError), files.new_file(str(tmp_path / "gone" / "a")):
        pass
