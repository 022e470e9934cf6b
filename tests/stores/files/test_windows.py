"""What Windows does otherwise with files, as far as it can be told elsewhere."""

import ctypes
import errno
import os
from unittest.mock import MagicMock

import pytest

from stackgui.core.base.errors import DestinationError, StoreError
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.sources import entries, folder_lists, reading, walk
from stackgui.stores.files import renaming, windows_names
from stackgui.stores.files.failures import explained
from stackgui.stores.files.replacing import replace_file
from stackgui.stores.files.sparse import mark_sparse
from stackgui.stores.stack.destination import check_destination


class InUseError(PermissionError):
    """As Python raises it on Windows."""

    winerror = 32


@pytest.fixture
def windows(monkeypatch):
    """How often renaming fails there before it works."""
    fails = {"left": 0}
    real = os.replace

    def refuse(source, target):
        if fails["left"]:
            fails["left"] -= 1
            raise InUseError(errno.EACCES, "in use", source)
        real(source, target)

    monkeypatch.setattr(renaming, "_waits", True)
    monkeypatch.setattr(renaming, "PAUSE_S", 0.0)
    monkeypatch.setattr(os, "rename", refuse)
    monkeypatch.setattr(os, "replace", refuse)
    return fails


def test_a_file_that_somebody_looks_at_for_a_moment_is_renamed_after_it(windows, tmp_path):
    windows["left"] = 3
    replace_file(str(tmp_path / "x"), b"new")
    assert (tmp_path / "x").read_bytes() == b"new"
    assert windows["left"] == 0


def test_a_file_that_stays_open_is_said_to_be_in_use(windows, monkeypatch, tmp_path):
    monkeypatch.setattr(renaming, "PATIENCE_S", 0.0)
    windows["left"] = 10**6
    with pytest.raises(StoreError, match="Another program is using x"):
        replace_file(str(tmp_path / "x"), b"new")
    assert list(tmp_path.iterdir()) == [], "nothing half-made stays"


@pytest.mark.parametrize("kind", [FileNotFoundError, PermissionError])
def test_other_errors_are_not_waited_for(windows, monkeypatch, tmp_path, kind):
    asked = []

    def refuse(source, _target):
        asked.append(source)
        raise kind(errno.ENOENT, "no", source)

    monkeypatch.setattr(os, "rename", refuse)
    assert windows["left"] == 0
    with pytest.raises(kind):
        renaming.rename(str(tmp_path / "a"), str(tmp_path / "b"))
    assert len(asked) == 1


def test_elsewhere_nothing_is_tried_twice(monkeypatch, tmp_path):
    asked = []

    def refuse(source, _target):
        asked.append(source)
        raise InUseError(errno.EACCES, "no", source)

    monkeypatch.setattr(renaming, "_waits", False)
    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(StoreError), explained("x"):
        renaming.rename(str(tmp_path / "a"), str(tmp_path / "b"))
    assert len(asked) == 1


@pytest.mark.parametrize("result", [0, 1])
def test_a_file_with_holes_is_asked_for(result):
    kernel32 = MagicMock()
    kernel32.DeviceIoControl.return_value = result
    assert mark_sparse(kernel32, 77) is bool(result)
    handle, code, *nothing, returned, overlapped = kernel32.DeviceIoControl.call_args.args
    assert (handle.value, code) == (77, 0x900C4)
    assert nothing == [None, 0, None, 0]
    assert isinstance(returned._obj, ctypes.c_uint32)
    assert overlapped is None


@pytest.mark.parametrize(
    "path",
    [
        r"C:\Users\anna\stacks\pets-224",
        r"D:\a.b\c d\e",
        r"\\server\share\pets",
        r"\\?\C:\pets",
        r"C:\console\nullable\com10",
        "C:/mixed/slashes",
    ],
)
def test_usual_names_are_fine(path):
    assert windows_names.refusal(path, long_paths=False) is None


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (r"C:\stacks\CON", "CON for a device"),
        (r"C:\stacks\nul.v2", "nul.v2 for a device"),
        (r"C:\aux\pets", "aux for a device"),
        (r"\\server\share\COM1", "COM1 for a device"),
        (r"C:\stacks\lpt¹", "for a device"),
        (r"C:\stacks\pets.", "cannot end with a dot or a space: “pets.”"),
        (r"C:\stacks \pets", "cannot end with a dot or a space: “stacks ”"),
        (r"C:\stacks\pets?", "cannot contain any of"),
        (r"C:\stacks\a:b", "cannot contain any of"),
        ("C:\\stacks\\a\tb", "cannot contain any of"),
        ("C:\\" + "x" * 220, "too long a path for Windows"),
    ],
)
def test_names_that_windows_cannot_have_are_refused_in_words(path, says):
    assert says in str(windows_names.refusal(path, long_paths=False))


def test_long_paths_are_fine_where_they_are_allowed():
    assert windows_names.refusal("C:\\" + "x" * 220, long_paths=True) is None


LONG = "x" * 120 + "\\" + "y" * 130 + ".png"


@pytest.mark.parametrize(
    ("path", "becomes"),
    [
        ("C:\\" + LONG, "\\\\?\\C:\\" + LONG),
        ("C:/a/../b/" + LONG.replace("\\", "/"), "\\\\?\\C:\\b\\" + LONG),
        ("\\\\server\\share\\" + LONG, "\\\\?\\UNC\\server\\share\\" + LONG),
        ("\\\\?\\C:\\" + LONG, "\\\\?\\C:\\" + LONG),
        ("C:\\short.png", "C:\\short.png"),
        (LONG, LONG),
    ],
)
def test_windows_opens_paths_of_any_length(path, becomes):
    assert windows_names.of_any_length(path, system="win32") == becomes
    assert windows_names.of_any_length(os.fsencode(path), system="win32") == os.fsencode(becomes)
    assert windows_names.of_any_length(path, system="linux") == path


def test_sources_are_walked_and_opened_so(monkeypatch, tmp_path):
    (tmp_path / "a.png").write_bytes(b"abc")
    asked = []

    def noted(path):
        asked.append(os.fsdecode(path))
        return path

    for module in (reading, walk, entries):
        monkeypatch.setattr(module, "of_any_length", noted)
    os.close(reading.open_file(str(tmp_path / "a.png")))
    found = folder_lists.list_folders(walk.Walk([str(tmp_path)], follow_links=False), [walk.Folder(0)])
    ((plain,),) = found
    assert (plain.source, list(plain.paths)) == (0, ["a.png"])
    assert asked == [str(tmp_path / "a.png"), str(tmp_path), str(tmp_path)]


def test_a_destination_is_checked_for_them(monkeypatch, tmp_path):
    monkeypatch.setattr(
        "stackgui.stores.stack.destination.refusal_here",
        lambda path: windows_names.refusal(path, long_paths=True),
    )
    with pytest.raises(DestinationError, match="AUX for a device"):
        check_destination([], RunOptions(str(tmp_path / "AUX")))
