"""Lists that make no sense: the search goes on without them where that is wanted."""

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.errors import UsageError
from stackgui.core.base.skip_kinds import USELESS_LISTS
from stackgui.core.catalog.scan_options import ScanOptions


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pets").mkdir()
    Image.fromarray(np.zeros((3, 4), np.uint8)).save(tmp_path / "pets" / "1.png")
    return tmp_path / "pets"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("away/8.png\naway/9.png\n", "it names 2 files, of which none is in"),
        ("", "none of its columns is called path, file or image"),
    ],
)
def test_a_source_is_left_out_and_the_others_are_searched(scan, folder, tmp_path, text, why):
    listed = tmp_path / "list.csv"
    listed.write_text(text)
    other = tmp_path / "other.csv"
    other.write_text("nowhere/1.png\n")
    catalog = scan(listed, folder, other, without_missing=True)
    assert (catalog.sources, list(catalog.path)) == ((str(folder),), ["1.png"])
    skipped = catalog.skipped
    found = dict(zip(skipped.path, zip(skipped.kind, skipped.detail, strict=True), strict=True))
    assert found.keys() == {str(listed), str(other)}
    assert {kind for kind, _reason in found.values()} == {USELESS_LISTS}
    assert why in found[str(listed)][1]
    with pytest.raises(UsageError, match=r"list\.csv"):
        scan(listed, folder)


def test_it_is_an_error_where_nothing_else_was_given(scan, tmp_path):
    (tmp_path / "list.csv").write_text("nowhere/1.png\n")
    with pytest.raises(UsageError, match="none of them is in"):
        scan(tmp_path / "list.csv", without_missing=True)


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("text", ["file,label\n8.png,cat\n9.png,dog\n", "", "a\0b", None])
def test_a_list_of_labels_is_a_warning_that_takes_it_away(scan, folder, tmp_path, text, inside):
    listed = (folder if inside else tmp_path) / "labels.csv"
    if text is not None:
        listed.write_text(text)
    options = ScanOptions(label_list=str(listed), keep_columns=("colour",))
    catalog = scan(folder, options=options, without_missing=True)
    (warning,) = catalog.warnings
    assert (warning.code, warning.count) == ("label-list-useless", 1)
    assert "labels.csv" in warning.text
    assert warning.text.endswith("No labels were taken from this list.")
    assert warning.mend.choices == (("label_list", ""),)
    assert (catalog.scan_options, len(catalog)) == (ScanOptions(), 1)
    with pytest.raises(UsageError, match=r"labels\.csv"):
        scan(folder, options=options)
