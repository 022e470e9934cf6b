import os
import socket
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natsort import natsort_keygen

from stackgui.core.base.natural import natural_key
from stackgui.engine.sources import names
from stackgui.engine.sources import walk as module
from stackgui.engine.sources.entries import are_plain, is_plain
from stackgui.engine.sources.walk import Folder, Walk
from tests.engine.walked import one_by_one


def _walk(folder, *, follow_links: bool = False):
    found = list(one_by_one(Walk([str(folder)], follow_links=follow_links).below(Folder(0), sys.maxsize)))
    taken = [os.fsdecode(entry.path) for entry in found if not entry.skip]
    skipped = {os.fsdecode(entry.path): entry.skip for entry in found if entry.skip}
    return taken, skipped


def _touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


def test_order_is_natural_on_every_level(tmp_path):
    _touch(tmp_path, "10.jpg", "2.jpg", "1.jpg", "b/20.jpg", "b/3.jpg", "a10/x.jpg", "a9/x.jpg")
    taken, skipped = _walk(tmp_path)
    assert taken == ["1.jpg", "2.jpg", "10.jpg", "a9/x.jpg", "a10/x.jpg", "b/3.jpg", "b/20.jpg"]
    assert skipped == {}


def test_names_that_natural_order_does_not_tell_apart_keep_a_fixed_order(tmp_path):
    _touch(tmp_path, "01.jpg", "1.jpg", "001.jpg")
    assert _walk(tmp_path)[0] == ["001.jpg", "01.jpg", "1.jpg"]


def test_hidden_and_system_files_are_counted(tmp_path):
    _touch(tmp_path, "a.jpg", ".hidden.jpg", ".DS_Store", "Thumbs.db", ".git/x.jpg", "__MACOSX/a.jpg")
    taken, skipped = _walk(tmp_path)
    assert taken == ["a.jpg"]
    assert skipped == {
        ".hidden.jpg": names.HIDDEN_FILES,
        ".DS_Store": names.SYSTEM_FILES,
        "Thumbs.db": names.SYSTEM_FILES,
        ".git": names.HIDDEN_FOLDERS,
        "__MACOSX": names.SYSTEM_FILES,
    }


def test_links_are_followed_within_the_source_only(tmp_path):
    outside, source = tmp_path / "outside", tmp_path / "source"
    _touch(outside, "far.jpg", "folder/deep.jpg")
    _touch(source, "a.jpg", "folder/b.jpg")
    (source / "near.jpg").symlink_to(source / "a.jpg")
    (source / "far.jpg").symlink_to(outside / "far.jpg")
    (source / "far").symlink_to(outside / "folder")
    (source / "gone.jpg").symlink_to(source / "nothing")
    (source / "self.jpg").symlink_to(source / "self.jpg")
    (source / "folder" / "up").symlink_to(source)
    taken, skipped = _walk(source)
    assert taken == ["a.jpg", "folder/b.jpg", "near.jpg"]
    assert skipped == {
        "far.jpg": module.LINKS_OUTSIDE,
        "far": module.LINKS_OUTSIDE,
        "gone.jpg": module.BROKEN_LINKS,
        "self.jpg": module.LINK_LOOPS,
        "folder/up": module.LINK_LOOPS,
    }
    taken, skipped = _walk(source, follow_links=True)
    assert taken == ["a.jpg", "far/deep.jpg", "far.jpg", "folder/b.jpg", "near.jpg"]
    assert set(skipped.values()) == {module.BROKEN_LINKS, module.LINK_LOOPS}


def test_what_is_no_file_is_counted_and_not_opened(tmp_path, monkeypatch):
    _touch(tmp_path, "a.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    monkeypatch.chdir(tmp_path)  # a socket's name is limited to a hundred bytes
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.jpg")
        taken, skipped = _walk(tmp_path)
    assert taken == ["a.jpg"]
    assert skipped == {"pipe.jpg": module.SPECIAL_FILES, "socket.jpg": module.SPECIAL_FILES}


def test_deeper_than_pythons_stack(tmp_path):
    depth = 1200
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("x.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    try:
        taken, _ = _walk(tmp_path)
    finally:
        subprocess.run(["rm", "-r", tmp_path / "d"], check=True)  # shutil.rmtree is a recursion
    assert taken == ["d/" * depth + "x.jpg"]


def test_names_of_any_bytes_are_kept(tmp_path):
    names = [
        b"new\nline.jpg",
        b"bad\xff\xfe.jpg",
        b"=cmd.jpg",
        b"<b>.jpg",
        "\u202egpj.exe".encode(),
        b"n" * 251 + b".jpg",
    ]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb"):
            pass
    met = Walk([str(tmp_path)], follow_links=False).below(Folder(0), sys.maxsize)
    found = [entry.path for entry in one_by_one(met)]
    assert sorted(found) == sorted(names)


def test_earlier_stacks_are_not_taken_for_pictures(tmp_path):
    _touch(tmp_path, "a.jpg", "half.partial/images.npy", "stack/images.npy", "other/stack.json")
    (tmp_path / "half.partial" / "unfinished.lock").write_bytes(b"")
    (tmp_path / "stack" / "stack.json").write_text('{"format": "stackgui-stack", "version": 1}')
    taken, skipped = _walk(tmp_path)
    assert taken == ["a.jpg", "other/stack.json"]
    assert skipped == {"half.partial": module.STACKS, "stack": module.STACKS}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_listed(tmp_path):
    _touch(tmp_path, "a.jpg", "closed/b.jpg")
    (tmp_path / "closed").chmod(0)
    try:
        taken, skipped = _walk(tmp_path)
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert taken == ["a.jpg"]
    assert skipped == {"closed": module.UNREADABLE_FOLDERS}


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1), max_size=6))
def test_the_quick_key_orders_as_natsort_does(names):
    expected = natsort_keygen()
    assert sorted(names, key=lambda name: (natural_key(name), name)) == sorted(
        names, key=lambda name: (expected(name), name)
    )


@given(st.lists(st.from_regex("[a-b.]{0,2}[0-2]{0,3}[a-b. ]?[0-2]{0,2}", fullmatch=True), max_size=8))
def test_the_quick_key_orders_numbers_as_natsort_does(names):
    expected = natsort_keygen()
    assert [natural_key(name) for name in names] == [tuple(expected(name)) for name in names]


def test_numbers_of_more_digits_than_python_reads_are_in_order():
    names = ["a1", "a" + "9" * 4300, "a" + "1" + "0" * 4300, "a" + "0" * 9000 + "2", "é" + "7" * 5000, "é1"]
    ordered = sorted(names, key=natural_key)
    assert ordered == ["a1", names[3], names[1], names[2], "é1", names[4]]


ODD = [
    "a.jpg",
    ".a",
    "a.",
    "Thumbs.db",
    "Thumbs.db.jpg",
    "aThumbs.db",
    "a.TAR",
    "a.zip",
    "a.zarr.zip",
    "zip",
    "a.tgz.jpg",
]


@given(st.lists(st.sampled_from([name.encode() for name in ODD])))
def test_a_look_at_all_names_at_once_misses_nothing(names):
    class Entry:
        def __init__(self, name):
            self.name = name

        def is_file(self, *, follow_symlinks):
            return not follow_symlinks

    entries = list(map(Entry, names))
    assert not are_plain(entries) or all(map(is_plain, entries))
    plain = [entry for entry in entries if entry.name.endswith(b".jpg")]
    assert are_plain([each for each in plain if b"Thumbs" not in each.name])
