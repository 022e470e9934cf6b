"""Annotation files find their pictures where people keep them."""

import pytest

from stackgui.core.lists.annotation_match import match_stems, match_written
from stackgui.core.lists.file_match import NO_FILE, SEVERAL_FILES, Files

ENDINGS = frozenset({".jpg", ".png"})


@pytest.mark.parametrize(
    ("annotation", "picture"),
    [
        ("/d/a", "/d/a.jpg"),
        ("/d/labels/train/a", "/d/images/train/a.jpg"),
        ("/d/train/labels/a", "/d/train/images/a.png"),
        ("/d/Annotations/a", "/d/JPEGImages/a.jpg"),
        ("/d/ds0/ann/a.jpg", "/d/ds0/img/a.jpg"),
        ("/d/training/label_2/000001", "/d/training/image_2/000001.png"),
        ("/d/labelTxt/P0001", "/d/images/P0001.png"),
        ("/elsewhere/A", "/d/x/a.jpg"),
    ],
)
def test_one_file_for_a_picture(annotation, picture):
    assert match_stems([annotation], ["/d/other.jpg", picture], ENDINGS).tolist() == [1]


def test_the_nearest_picture_of_a_name_is_meant():
    pictures = ["/d/images/train/a.jpg", "/d/images/val/a.jpg"]
    names = ["/d/labels/val/a", "/d/labels/train/a", "/d/labels/test/a"]
    assert match_stems(names, pictures, ENDINGS).tolist() == [1, 0, SEVERAL_FILES]


def test_two_annotation_files_are_not_about_one_picture_by_chance():
    found = match_stems(["/x/a", "/y/a", "/d/b"], ["/d/a.jpg", "/d/b.jpg"], ENDINGS)
    assert found.tolist() == [SEVERAL_FILES, SEVERAL_FILES, 1]


def test_no_picture():
    assert match_stems(["/d/labels/z"], ["/d/images/a.jpg"], ENDINGS).tolist() == [NO_FILE]


FILES = ["/c/train2017/1.jpg", "/c/val2017/1.jpg", "/c/val2017/2.jpg", "/c/extra/3.jpg"]


@pytest.mark.parametrize(
    ("place", "name", "wanted"),
    [
        ("/c/annotations/instances_val2017.json", "1.jpg", 1),
        ("/c/annotations/instances_train2017.json", "1.jpg", 0),
        ("/c/annotations/all.json", "val2017/1.jpg", 1),
        ("/c/annotations/all.json", "1.jpg", SEVERAL_FILES),
        ("/c/all.json", "3.jpg", 3),
        ("/c/all.json", "4.jpg", NO_FILE),
        ("/elsewhere/x.json", r"C:\old\val2017\2.jpg", 2),
    ],
)
def test_names_in_one_file(place, name, wanted):
    files = Files(FILES, [each.removeprefix("/c/") for each in FILES])
    assert match_written([name], files, place, ENDINGS).tolist() == [wanted]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("/data/upload/1/3f2a8c1d-2.jpg", 0),
        ("images/3f2a8c1d-1.jpg", 1),
        ("3f2a8c1d-4.jpg", NO_FILE),
        ("3f2a8c1d-", NO_FILE),
    ],
)
def test_uploaded_pictures_may_have_lost_what_was_put_before_their_names(name, wanted):
    files = ["/c/2.jpg", "/c/3f2a8c1d-1.jpg", "/c/1.jpg"]
    found = match_written(
        [name], Files(files, [each.removeprefix("/c/") for each in files]), "/c/a.json", ENDINGS
    )
    assert found.tolist() == [wanted]


def test_a_file_that_names_no_pictures_matches_none():
    files = Files(["/d/a.jpg"], ["a.jpg"])
    assert len(match_written([], files, "/d/a.json", ENDINGS)) == 0
