"""Folders that may come from anyone: links in them lead nowhere."""

import os

import pytest

from stackgui.stores.files.opening import open_to_read, open_to_write

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs links that anybody may make")


def test_regular_files_are_opened(tmp_path):
    with open_to_write(str(tmp_path / "a")) as file:
        file.write(b"long before")
    with open_to_write(str(tmp_path / "a")) as file:
        file.write(b"now")
    with open_to_read(str(tmp_path / "a")) as file:
        assert file.read() == b"now"


def test_links_are_not_followed(tmp_path):
    (tmp_path / "other").write_bytes(b"untouched")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    (tmp_path / "dangling").symlink_to(tmp_path / "new")
    for name in ("link", "dangling"):
        for opened in (open_to_read, open_to_write):
            with pytest.raises(OSError, match="symbolic links"):
                opened(str(tmp_path / name))
    assert (tmp_path / "other").read_bytes() == b"untouched"
    assert not (tmp_path / "new").exists()


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(OSError, match="regular file"):
            open_to_read(str(path))
