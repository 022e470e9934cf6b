"""The file of the person's presets."""

import pytest

from stackgui.core.base.errors import StoreError
from stackgui.core.options.options import Options
from stackgui.core.options.presets import Presets
from stackgui.engine.preset_file import preset_file, read_presets, write_presets


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


@pytest.mark.parametrize("text", [b"", b"[", b"\xff\xfe", b"[" * 100_000])
def test_a_spoilt_file_counts_as_none(tmp_path, text):
    (tmp_path / "presets.json").write_bytes(text)
    assert read_presets(str(tmp_path / "presets.json")) == Presets()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match="taken"):
        write_presets(str(tmp_path / "taken" / "presets.json"), Presets())
