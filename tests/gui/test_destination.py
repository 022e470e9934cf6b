import dataclasses
from pathlib import Path

import pytest

from stackgui.core.base.errors import DestinationError
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.destination import look_at, propose
from stackgui.gui.control.place import Destination
from stackgui.stores.stack.destination import check_destination
from tests.gui.conftest import make_unfinished


def test_the_first_folder_names_the_stack(tmp_path):
    assert propose(tmp_path, ("/pets/cats", "/pets/dogs")) == str(tmp_path / "cats")


def test_a_taken_name_gets_a_number(tmp_path):
    for name in ("cats", "cats 2"):
        (tmp_path / name).mkdir()
    avoided = {str(tmp_path / "cats 3")}
    assert propose(tmp_path, ("/pets/cats",)) == str(tmp_path / "cats 3")
    assert propose(tmp_path, ("/pets/cats",), avoided) == str(tmp_path / "cats 4")


def test_a_numbered_name_is_counted_on(tmp_path):
    for name in ("samples", "samples 2", "photos 2019"):
        (tmp_path / name).mkdir()
    assert propose(tmp_path, ("/x/samples 2",)) == str(tmp_path / "samples 3"), "not samples 2 2"
    avoided = {str(tmp_path / "samples 3")}
    assert propose(tmp_path, ("/x/samples 3",), avoided) == str(tmp_path / "samples 4")
    assert propose(tmp_path, ("/x/photos 2019",)) == str(tmp_path / "photos 2019 2"), "a year is no count"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("s3://bucket/pets", "pets"),
        ("s3://bucket", "bucket"),
        ("s3://bucket/pets-1.0", "pets-1.0"),
        ("gs://bucket/pets.tar.gz", "pets"),
        ("https://host/cats/list.txt", "list"),
    ],
)
def test_a_stack_of_what_lies_at_an_address_has_its_name(tmp_path, address, name):
    assert propose(tmp_path, (address,)) == str(tmp_path / name)


def test_a_root_folder_has_no_name_of_its_own(tmp_path):
    assert Path(propose(tmp_path, ("/",))).name == "stack"


def test_without_a_source_there_is_nothing_to_save():
    assert propose(Path("/stacks"), ()) == ""


@pytest.mark.parametrize(
    ("allowed", "replace", "expected"),
    [
        ({False, True}, False, Destination()),
        ({True}, False, Destination("It is taken.", replaceable=True)),
        ({True}, True, Destination()),
        (set(), False, Destination("It is taken.")),
        (set(), True, Destination("It is taken.")),
    ],
)
def test_replacing_is_offered_only_where_it_helps(allowed, replace, expected):
    def check(_sources, run):
        if run.replace not in allowed:
            raise DestinationError("It is taken.")

    run = RunOptions("/stacks/cats", replace=replace)
    assert look_at(check, lambda _: None, (), run) == expected


def test_where_a_stack_cannot_be_saved_there_is_always_another_place(tmp_path, home):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").touch()
    for place, free in (
        (tmp_path / "mine", tmp_path / "mine 2"),
        (tmp_path / "mine" / "diary.txt" / "deep", home / "stacks" / "deep"),
        (tmp_path / "pets" / "out", home / "stacks" / "out"),
        (tmp_path / "x.partial", tmp_path / "x.partial 2"),
    ):
        found = look_at(check_destination, lambda _: None, (str(tmp_path / "pets"),), RunOptions(str(place)))
        assert found.problem
        assert not found.replaceable
        assert found.free == str(free)


@pytest.mark.parametrize("in_use", [False, True])
def test_an_unfinished_conversion_is_found_unless_it_goes_on_elsewhere(in_use):
    left = dataclasses.replace(make_unfinished("/stacks/cats", ("/pets/cats",)), in_use=in_use)
    found = look_at(lambda *_: None, {"/stacks/cats": left}.get, (), RunOptions("/stacks/cats"))
    assert found.unfinished is (None if in_use else left)
