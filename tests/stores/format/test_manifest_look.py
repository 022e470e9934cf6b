"""Single lines of a manifest, and names in it, without reading all of it."""

import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.errors import StackguiError
from stackgui.stores.format import manifest_look
from stackgui.stores.format.manifest_look import ManifestLook, folded

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


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
        patch.setattr(manifest_look, "_LOOK_BYTES", 64)
        lines = ManifestLook(str(folder), len(files)).lines(rows)
    assert [(line["row"], line["file"]) for line in lines] == [(row, files[row]) for row in rows]


@settings(max_examples=60)
@given(st.lists(st.one_of(names, st.just("Cat-12.JPG")), min_size=1, max_size=30), st.data())
def test_names_match_as_if_each_were_compared(tmp_path_factory, files, data):
    folder = tmp_path_factory.mktemp("m")
    write(folder, files)
    word = data.draw(st.one_of(st.sampled_from(["cat", "12", "CAT-", '"', "label", "m", "\\"]), names))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_look, "_PIECE_BYTES", 256)
        pieces = list(ManifestLook(str(folder), len(files)).named([word], UNWATCHED))
    assert pieces[0][0] == 0
    found = np.concatenate([matching for _, matching in pieces])
    assert found.tolist() == [folded(word) in folded(name) for name in files]


def test_a_damaged_manifest_is_said_to_be_damaged(tmp_path):
    write(tmp_path, ["a", "b", "c"])
    with pytest.raises(StackguiError, match="damaged"):
        ManifestLook(str(tmp_path), 9).lines([7])
    with pytest.raises(StackguiError, match="damaged"):
        list(ManifestLook(str(tmp_path), 9).named(["a"], UNWATCHED))
    (tmp_path / "manifest.jsonl").write_text("no\nlines\n")
    with pytest.raises(StackguiError, match="damaged"):
        ManifestLook(str(tmp_path), 2).lines([1])
