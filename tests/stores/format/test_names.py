"""The table of names: searched as if each name were compared, and derived where it is missing."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base import blocks
from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import Cancelled, StackguiError
from stackgui.stores.format import derived_names, manifest_lines_look, manifest_look, names
from stackgui.stores.format.derived_names import DerivedNames
from stackgui.stores.format.names import NameTable, folded, matching, packed, packed_bytes
from stackgui.stores.format.table_file import TableFile
from tests.stores.format.test_manifest_look import write

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
files = st.lists(
    st.one_of(texts, st.sampled_from(["Cat-12.JPG", "caf\u00e9/\udcff", "cafe\u0301"])), min_size=1
)


@given(files, st.lists(st.one_of(st.sampled_from(["cat", "12", "CAF\u00c9", "\u0301"]), texts)))
def test_names_match_as_if_each_were_compared(listed, words):
    words = list(filter(None, words))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "TEXT_BYTES", 16)
        found = matching(packed(Paths.from_names(listed)), words)
    assert found.tolist() == [all(folded(word) in folded(name) for word in words) for name in listed]


@given(files, st.data())
def test_the_size_of_the_table_is_known_before(listed, data):
    paths = Paths.from_names(listed)
    samples = np.array(data.draw(st.lists(st.integers(0, len(listed) - 1))), np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_ROWS", 2)
        assert packed_bytes(paths, samples) == len(packed(paths.take(samples)))


@given(files, st.integers(1, 20))
def test_the_table_is_read_in_pieces(tmp_path_factory, listed, piece_bytes):
    path = tmp_path_factory.mktemp("n") / "names.npy"
    np.save(path, packed(Paths.from_names(listed)))
    table = NameTable(TableFile(str(path)), len(listed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "PIECE_BYTES", piece_bytes)
        pieces = list(table.blocks(UNWATCHED))
    table.close()
    assert np.array_equal(np.concatenate([each for _, each in pieces]), packed(Paths.from_names(listed)))
    row = 0
    for first, each in pieces:
        assert first == row
        row += np.count_nonzero(each == 0)


@pytest.mark.parametrize("content", [np.zeros(2, np.uint8), np.array([97, 0, 98], np.uint8), np.zeros(3)])
def test_a_table_of_other_rows_is_damaged(tmp_path, content):
    np.save(tmp_path / "names.npy", content)
    table = NameTable(TableFile(str(tmp_path / "names.npy")), 1)
    with pytest.raises(StackguiError, match=r"names\.npy is damaged"):
        list(table.blocks(UNWATCHED))
    table.close()


class GivesUp:
    """Is cancelled at the third look."""

    def __init__(self):
        self.looks = 0

    def check(self):
        self.looks += 1
        if self.looks == 3:
            raise Cancelled("Cancelled.")


LISTED = [f"a/{number}.jpg" for number in range(40)]


@pytest.fixture
def derived(tmp_path, monkeypatch):
    """The names of a stack without a table; every look at its manifest is noted."""
    monkeypatch.setattr(manifest_lines_look, "_PIECE_BYTES", 256)
    write(tmp_path, LISTED)
    looked, read = [], manifest_look.ManifestLook.names

    def noted(look, begin, watch):
        looked.append(begin)
        return read(look, begin, watch)

    monkeypatch.setattr(manifest_look.ManifestLook, "names", noted)

    def derive():
        return DerivedNames(str(tmp_path), len(LISTED), str(tmp_path / "kept"))

    return derive, looked


def listed_by(derived):
    return b"".join(each.tobytes() for _, each in derived.blocks(UNWATCHED))


EXPECTED = packed(Paths.from_names(LISTED)).tobytes()


def test_names_are_taken_from_a_manifest_once(derived, tmp_path):
    derive, looked = derived
    first, later = derive(), derive()
    assert [listed_by(first), listed_by(first), listed_by(later)] == [EXPECTED] * 3
    assert looked == [0]
    assert np.load(next((tmp_path / "kept").iterdir())).tobytes() == EXPECTED
    first.close()
    later.close()


def test_what_was_read_before_a_search_was_given_up_is_kept(derived, tmp_path):
    derive, looked = derived
    made = derive()
    with pytest.raises(Cancelled):
        list(made.blocks(GivesUp()))
    assert listed_by(made) == EXPECTED
    assert looked[0] == 0 < looked[1]
    made.close()
    with pytest.raises(Cancelled):
        list((again := DerivedNames(str(tmp_path), 40, str(tmp_path / "other"))).blocks(GivesUp()))
    again.close()
    assert not list((tmp_path / "other").iterdir())


def test_another_manifest_has_other_names(derived, tmp_path):
    derive, _looked = derived
    first = derive()
    listed_by(first)
    first.close()
    write(tmp_path, [name.upper() for name in LISTED])
    second = derive()
    assert listed_by(second) == EXPECTED.upper()
    second.close()


def test_names_that_cannot_be_kept_are_found_all_the_same(derived, tmp_path):
    (tmp_path / "kept").write_text("a file where the folder should be")
    made = derived[0]()
    assert listed_by(made) == EXPECTED
    made.close()


def test_the_names_of_few_stacks_are_kept(derived, tmp_path, monkeypatch):
    monkeypatch.setattr(derived_names, "KEPT", 2)
    derive, looked = derived
    for number in range(4):
        os.utime(tmp_path / "manifest.jsonl", ns=(number, number))
        made = derive()
        listed_by(made)
        made.close()
    assert len(list((tmp_path / "kept").iterdir())) == 2
    assert len(looked) == 4
