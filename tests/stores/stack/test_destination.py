"""Where a stack may be written, and where not."""

import json
import os
from pathlib import Path

import pytest

from stackgui.core.base.errors import DestinationError
from stackgui.core.run.run_options import RunOptions
from stackgui.stores.stack.destination import check_destination

HEADER = {"format": "stackgui-stack", "version": 1}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "pictures"
    (folder / "cats").mkdir(parents=True)
    return folder


def check(destination, *sources, replace=False):
    check_destination(map(str, sources), RunOptions(str(destination), replace=replace))


def make_stack(folder: Path) -> Path:
    folder.mkdir()
    (folder / "stack.json").write_text(json.dumps(HEADER))
    return folder


def test_new_folder_beside_the_source_is_fine(tmp_path, source):
    check(tmp_path / "out", source)
    check(tmp_path / "new" / "deeper" / "out", source)
    check(tmp_path / "pictures-2", source)


def test_empty_name_is_refused():
    with pytest.raises(DestinationError, match="Choose a folder"):
        check("")


@pytest.mark.parametrize("name", ["out/", "..", ".", "out.partial", "a\0b", "x" * 250])
def test_what_is_no_name_is_refused(tmp_path, name):
    with pytest.raises(DestinationError, match=r"not a name|too long"):
        check(f"{tmp_path}/{name}")


def test_file_is_refused_even_for_replacing(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(DestinationError, match="is a file"):
        check(tmp_path / "out", replace=True)


def test_link_is_refused(tmp_path):
    stack = make_stack(tmp_path / "stack")
    (tmp_path / "out").symlink_to(stack)
    with pytest.raises(DestinationError, match="is a link"):
        check(tmp_path / "out", replace=True)


def test_existing_stack_needs_leave_to_be_replaced(tmp_path):
    stack = make_stack(tmp_path / "out")
    with pytest.raises(DestinationError, match="already exists"):
        check(stack)
    check(stack, replace=True)


@pytest.mark.parametrize("header", [None, "", "[]", "{", '{"format": "other"}', "[" * 100_000])
def test_folder_that_is_no_stack_is_never_replaced(tmp_path, header):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "diary.txt").write_text("mine")
    if header is not None:
        (folder / "stack.json").write_text(header)
    for replace in (True, False):
        with pytest.raises(DestinationError, match="no stack, so it is never replaced") as told:
            check(folder, replace=replace)
        assert told.value.ways == ()


def test_places_inside_a_source_are_refused(tmp_path, source):
    (tmp_path / "link").symlink_to(source)
    for destination in (source / "out", source / "cats" / "deep" / "out", tmp_path / "link" / "out"):
        with pytest.raises(DestinationError, match=f"lies in {source}"):
            check(destination, tmp_path / "elsewhere", source)


def test_source_given_by_a_link_is_seen_through(tmp_path, source):
    (tmp_path / "link").symlink_to(source)
    with pytest.raises(DestinationError, match=f"lies in {tmp_path / 'link'}"):
        check(source / "out", tmp_path / "link")


def test_source_inside_the_stack_to_be_replaced_is_refused(tmp_path):
    stack = make_stack(tmp_path / "out")
    (stack / "pictures").mkdir()
    with pytest.raises(DestinationError, match="one of the sources, lies in"):
        check(stack, stack / "pictures", replace=True)
    with pytest.raises(DestinationError, match="lies in"):
        check(stack, stack, replace=True)


def test_source_inside_the_unfinished_stack_is_refused(tmp_path):
    pictures = tmp_path / "out.partial" / "pictures"
    pictures.mkdir(parents=True)
    with pytest.raises(DestinationError, match="lies in"):
        check(tmp_path / "out", pictures)


def test_parent_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    for destination in (tmp_path / "file" / "out", tmp_path / "file" / "deeper" / "out"):
        with pytest.raises(DestinationError, match="is a file, not a folder"):
            check(destination)


def test_parent_without_permission_is_refused(tmp_path, monkeypatch):
    # Not by the mode of a real folder, because nothing is forbidden to the superuser.
    monkeypatch.setattr(os, "access", lambda path, _mode: path != str(tmp_path))
    with pytest.raises(DestinationError, match=f"no permission to write in {tmp_path}"):
        check(tmp_path / "out")
    with pytest.raises(DestinationError, match=f"no permission to write in {tmp_path}"):
        check(tmp_path / "new" / "out")


def test_names_that_are_no_text_are_shown_as_text(tmp_path):
    name = os.fsdecode(b"caf\xe9\n")
    with pytest.raises(DestinationError, match=r"caf\\xe9\\n already exists"):
        check(make_stack(tmp_path / name))
