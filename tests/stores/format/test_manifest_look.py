"""Single lines of a manifest, and names in it, without reading all of it."""

import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import StackguiError
from stackgui.stores.format import manifest_lines_look
from stackgui.stores.format.derived_names import DerivedNames
from stackgui.stores.format.manifest_look import ManifestLook
from stackgui.stores.format.names import packed

names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


def write(folder, files, padding=None):
    with open(os.path.join(folder, "manifest.jsonl"), "w") as file:
        for row, name in enumerate(files):
            more = {"note": "x" * (padding[row] if padding else 0)}
            line = {"row": row, "source": "/a", "file": name, "label": None, "mask": {"file": "m"}, **more}
            file.write(json.dumps(line, separators=(",", ":")) + "\n")


@settings(max_examples=40)
@given(st.lists(names, min_size=1, max_size=40), st.data())
def test_any_line_is_found_however_long_the_others_are(tmp_path_factory, files, data):
    folder = tmp_path_factory.mktemp("m")
    most = st.sampled_from([0, 3, 200, 5000])
    write(folder, files, [data.draw(most) for _ in files])
    rows = data.draw(st.lists(st.integers(0, len(files) - 1), max_size=8))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_lines_look, "_LOOK_BYTES", 64)
        lines = ManifestLook(str(folder), len(files)).lines(rows)
    assert [(line["row"], line["file"]) for line in lines] == [(row, files[row]) for row in rows]


@settings(max_examples=60)
@given(st.lists(st.one_of(names, st.just("Cat-12.JPG")), min_size=1, max_size=30), st.data())
def test_the_names_are_those_of_all_lines(tmp_path_factory, files, data):
    folder = tmp_path_factory.mktemp("m")
    write(folder, files)
    look = ManifestLook(str(folder), len(files))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_lines_look, "_PIECE_BYTES", 256)
        pieces = list(look.names(0, UNWATCHED))
        number = data.draw(st.integers(0, len(pieces) - 1))
        rest = list(look.names(pieces[number][0], UNWATCHED))
    expected = packed(Paths.from_names(files))
    assert np.array_equal(np.concatenate([each for _, each in pieces]), expected)
    before = sum(len(each) for _, each in pieces[: number + 1])
    assert b"".join(each.tobytes() for _, each in rest) == expected[before:].tobytes()


def test_a_damaged_manifest_is_said_to_be_damaged(tmp_path):
    write(tmp_path, ["a", "b", "c"])
    with pytest.raises(StackguiError, match="damaged"):
        ManifestLook(str(tmp_path), 9).lines([7])
    with pytest.raises(StackguiError, match="damaged"):
        list(DerivedNames(str(tmp_path), 9, str(tmp_path / "kept")).blocks(UNWATCHED))
    (tmp_path / "manifest.jsonl").write_text("no\nlines\n")
    with pytest.raises(StackguiError, match="damaged"):
        ManifestLook(str(tmp_path), 2).lines([1])
