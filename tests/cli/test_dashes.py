"""Values that begin with a dash reach the option that they stand behind."""

import argparse
import os
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui.cli.arguments import options_of, parse, scan_options_of
from stackgui.cli.dashes import joined
from stackgui.core.base.choices import Scale
from stackgui.core.base.errors import UsageError

OPTIONS = argparse.ArgumentParser(allow_abbrev=False)
for _name in ("--scale", "--array", "--out"):
    OPTIONS.add_argument(_name)
OPTIONS.add_argument("--json", action="store_true")
OPTIONS.add_argument("--deep", nargs="?", default="0")
OPTIONS.add_argument("sources", nargs="*")
ACTIONS = OPTIONS._actions


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("--scale -1..1", "scale", Scale.SIGNED),
        ("--fill -1", "fill", -1.0),
        ("--fill -1e3", "fill", -1000.0),
        ("--fill -.5", "fill", -0.5),
        ("--labels level:-1", "labels", "level:-1"),
        ("--labels name:-{label}_*", "labels", "name:-{label}_*"),
    ],
)
@pytest.mark.parametrize("sign", [" ", "="])
def test_values_with_a_dash_reach_the_plan(words, field, value, sign):
    name, typed = words.split()
    for line in (["plan", "x", f"{name}{sign}{typed}"], ["plan", f"{name}{sign}{typed}", "x"]):
        found = parse([word for each in line for word in each.split()])
        assert found.sources == ["x"]
        chosen = getattr(options_of(found), field)
        assert (str(chosen) if isinstance(value, str) else chosen) == value


def test_names_with_a_dash_reach_the_scan():
    words = ["convert", "x", "--array", "-x", "--label-column", "-class-", "--out", "-stack", "--path-column"]
    found = parse([*words, "--?"])
    chosen = scan_options_of(found)
    assert (chosen.array, chosen.label_column, chosen.path_column) == ("-x", "-class-", "--?")
    assert found.destination == os.path.abspath("-stack")


def test_a_plan_or_a_preset_of_such_a_name_is_looked_for():
    with pytest.raises(UsageError, match=r"The plan -p\.json cannot be read"):
        parse(["plan", "x", "--plan", "-p.json"])
    with pytest.raises(UsageError, match="-mine"):
        parse(["plan", "x", "--preset", "-mine"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--scale --dtype float32", "--scale needs a value after it"),
        ("--scale", "--scale needs a value after it"),
        ("--array --json", "--array needs a value after it"),
        ("--array --json=1", "--array needs a value after it"),
        ("--array --chanels grey", "--array needs a value after it"),
        ("--array -h", "--array needs a value after it"),
        ("--fill -x", "“-x” is not a number"),
        ("--scale -2..2", "“-2..2” is not a scale"),
        ("--chanels grey", "did you mean --channels?"),
    ],
)
def test_what_is_no_value_is_not_taken_for_one(words, message):
    with pytest.raises(UsageError, match=re.escape(message)):
        parse(["plan", "x", *words.split()])


def test_a_folder_whose_name_begins_with_a_dash_is_named_as_it_has_to_be_written(tmp_path, monkeypatch):
    (tmp_path / "-pics").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        UsageError, match=re.escape("no option -pics; the file or folder of that name is written ")
    ):
        parse(["scan", "-pics"])
    written = os.path.join(os.curdir, "-pics")
    assert parse(["scan", written]).sources == [written]


def test_behind_two_dashes_nothing_is_an_option():
    assert parse(["scan", "--array", "-x", "--", "-folder"]).sources == ["-folder"]


VALUES = st.text("-abc0.=", min_size=1).filter(lambda text: not text.startswith("--"))


@given(st.lists(st.tuples(st.sampled_from(["--scale", "--array", "--out"]), VALUES)), st.booleans())
def test_every_value_arrives(pairs, is_json):
    words = [word for pair in pairs for word in pair] + ["--json"] * is_json + ["source"]
    found = OPTIONS.parse_args(joined(words, ACTIONS))
    expected = dict.fromkeys(("scale", "array", "out")) | {name[2:]: value for name, value in pairs}
    assert {name: getattr(found, name) for name in expected} == expected
    assert (found.json, found.sources) == (is_json, ["source"])


@given(st.lists(st.sampled_from(["--scale", "--json", "--deep", "--out=x", "a", "--scale=-1", "1"])))
def test_without_a_value_that_begins_with_a_dash_nothing_changes(words):
    assert joined(words, ACTIONS) == words


def test_the_row_of_the_readme(stackgui, tmp_path):
    folder = tmp_path / "D"
    folder.mkdir()
    Image.fromarray(np.array([[0, 255]], np.uint8)).save(folder / "a.png")
    out = tmp_path / "-stack"
    line = ("--dtype", "float32", "--channels", "grey", "--scale", "-1..1", "--fill", "-1")
    ended = stackgui("convert", folder, "--out", out, *line)
    assert ended.status == 0, ended.err
    assert np.load(out / "images.npy").ravel().tolist() == [-1.0, 1.0]
