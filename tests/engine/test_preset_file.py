"""The file of the person's presets."""

import json
import os
import tempfile

import pytest
from hypothesis import given

from stackgui.core.base.errors import StoreError
from stackgui.core.options.options import Options
from stackgui.core.options.presets import Presets
from stackgui.engine.preset_file import preset_file, read_presets, write_presets
from stackgui.stores.files.replacing import DAMAGED
from tests.damaging import BYTES, damaged, written

PRESETS = json.loads(json.dumps(Presets().saved("a", Options(seed=3)).to_json()))


def test_presets_are_kept_in_a_file(tmp_path):
    file = str(tmp_path / "new" / "presets.json")
    assert read_presets(file) == Presets()
    presets = Presets().saved("mine", Options(seed=4))
    write_presets(file, presets)
    assert read_presets(file) == presets
    write_presets(file, presets.deleted("mine"))
    assert read_presets(file) == Presets()
    assert [entry.name for entry in (tmp_path / "new").iterdir()] == ["presets.json"]
    assert preset_file().endswith("presets.json")


@given(BYTES | damaged(PRESETS).map(written))
def test_a_damaged_file_is_told_and_kept(data):
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "presets.json")
        with open(file, "wb") as opened:
            opened.write(data)
        found = read_presets(file)
        write_presets(file, found.saved("new", Options(seed=5)))
        assert read_presets(file).named("new").options == Options(seed=5)
        assert not read_presets(file).problem
        assert os.path.exists(file + DAMAGED) is bool(found.problem)
        if found.problem:
            assert "is kept as" in found.problem
            with open(file + DAMAGED, "rb") as opened:
                assert opened.read() == data


def test_a_folder_in_its_place_is_told_and_kept(tmp_path):
    (tmp_path / "presets.json").mkdir()
    file = str(tmp_path / "presets.json")
    assert "it is a folder, not a file" in read_presets(file).problem
    write_presets(file, Presets())
    assert not read_presets(file).problem
    assert (tmp_path / "presets.json.damaged").is_dir()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match="taken"):
        write_presets(str(tmp_path / "taken" / "presets.json"), Presets())
