"""Names in lists are matched with files only where one alone is meant."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.lists.file_match import NO_FILE, SEVERAL_FILES, Files, Loosely, match

ENDINGS = frozenset({".png", ".jpg"})


def found(
    names: list[str], paths: list[str], source: str = "/data/pets", roots: tuple[str, ...] = ("/lists",)
):
    files = Files([os.path.join(source, path) for path in paths], paths)
    return match(names, files, roots, ENDINGS)


def meant(name: str, *paths: str) -> str | int:
    file = int(found([name], list(paths)).file[0])
    return paths[file] if file >= 0 else file


@pytest.mark.parametrize(
    ("name", "paths", "expected"),
    [
        ("train/1.png", ["train/1.png", "test/1.png"], "train/1.png"),
        ("train/1.png", ["test/1.png"], NO_FILE),
        ("train/1.png", ["data/train/1.png", "data/test/1.png"], "data/train/1.png"),
        ("train/1.png", ["a/train/1.png", "b/train/1.png"], SEVERAL_FILES),
        ("pets/a/1.png", ["a/1.png"], "a/1.png"),
        ("/data/pets/a/1.png", ["a/1.png"], "a/1.png"),
        ("/else/a/1.png", ["a/1.png"], NO_FILE),
        ("./a//1.png", ["a/1.png"], "a/1.png"),
        ("a\\1.png", ["a/1.png"], "a/1.png"),
        ("a\\1.png", ["a/1.png", "a\\1.png"], "a\\1.png"),
        ("1.png", ["a/1.png"], "a/1.png"),
        ("1.png", ["a/1.png", "b/1.png"], SEVERAL_FILES),
        ("1.png", ["1.png", "b/1.png"], "1.png"),
        ("p1/1", ["p1/1.png", "p2/1.png"], "p1/1.png"),
        ("1", ["p1/1.png", "p2/1.png"], SEVERAL_FILES),
        ("1", ["a/1.png", "a/1.jpg"], SEVERAL_FILES),
        ("1.jpg", ["a/1.png"], "a/1.png"),
        ("1.05", ["a/1.png"], NO_FILE),
        ("a.b", ["a.b.png", "a.png"], "a.b.png"),
        ("A.PNG", ["a.png"], "a.png"),
        ("A.PNG", ["a.png", "A.png"], SEVERAL_FILES),
        ("a.png", ["a.png", "A.png"], "a.png"),
        (' "a b.png" ', ["a b.png"], "a b.png"),
        ("'a.png'", ["a.png"], "a.png"),
        ("", ["a.png"], NO_FILE),
        ("a.png\0", ["a.png"], NO_FILE),
        ("..", ["a.png"], NO_FILE),
    ],
)
def test_what_a_name_means(name, paths, expected):
    assert meant(name, *paths) == expected


def test_unicode_form_makes_no_difference_where_one_file_fits():
    composed, apart = (unicodedata.normalize(form, "é.png") for form in ("NFC", "NFD"))
    assert meant(composed, apart) == apart
    assert meant(apart, composed, apart) == apart
    assert meant("É", composed) == composed


def test_bytes_that_are_no_text_name_the_file_of_these_bytes_first():
    old = os.fsdecode(b"\xfc.png")
    assert meant(old, old, "ü.png") == old
    assert meant(old, "ü.png") == "ü.png"


def test_a_file_that_is_meant_exactly_is_not_taken_for_another_name():
    matched = found(["A.png", "a.png", "a"], ["a.png"])
    assert matched.file.tolist() == [NO_FILE, 0, NO_FILE]


def test_what_differs_is_told():
    matched = found(["x/a.png", "B.png", "c.jpg", "d"], ["x/a.png", "x/b.png", "x/c.png", "x/d.png"])
    assert [Loosely(each) for each in matched.loosely.tolist()] == [
        Loosely(0),
        Loosely.UNICODE | Loosely.CASE | Loosely.PART,
        Loosely.OTHER_ENDING | Loosely.PART,
        Loosely.ENDING | Loosely.PART,
    ]


def test_the_folder_of_the_list_comes_before_the_sources():
    files = Files(["/lists/a/1.png", "/data/a/1.png"], ["a/1.png", "a/1.png"])
    assert match(["a/1.png"], files, ["/lists"], ENDINGS).file.tolist() == [0]
    assert match(["a/1.png"], files, ["/else"], ENDINGS).file.tolist() == [SEVERAL_FILES]


parts = st.text(st.sampled_from("abA1é."), min_size=1, max_size=3).filter(lambda text: text.strip("."))
paths = st.lists(st.lists(parts, min_size=1, max_size=3).map("/".join), min_size=1, max_size=8, unique=True)


@given(paths)
def test_every_file_is_found_by_its_own_path(names):
    assert found(names, names).file.tolist() == list(range(len(names)))


@given(paths, parts)
def test_a_bare_name_never_chooses_among_files_that_are_called_alike(names, own):
    file = int(found([own], names).file[0])
    alike = [name for name in names if os.path.basename(name) == own]
    if own in names:
        assert names[file] == own
    elif len(alike) > 1:
        assert file == SEVERAL_FILES
    elif alike:
        assert names[file] == alike[0]
