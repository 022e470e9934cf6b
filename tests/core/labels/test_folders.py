"""Layouts of folders as data sets have them: which folders are classes, which are parts, which neither."""

import pytest

from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.labels.folders import read_folders
from tests.making import make_catalog


def read(*paths: str, **columns) -> list[tuple[str, str]]:
    """Label and part of each file, for example ``("cat", "train")``."""
    found = read_folders(make_catalog([(1, 1)] * len(paths), path=list(paths), **columns))
    return list(zip(found.label, found.part, strict=True))


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        pytest.param("cat/1.png dog/2.png 3.png", "cat- dog- -", id="one stray picture"),
        pytest.param("train/cat/1.png test/dog/2.png", "cat-train dog-test", id="CIFAR-like"),
        pytest.param(
            "train/n1/images/1.JPEG train/n2/images/2.JPEG val/images/3.JPEG test/images/4.JPEG",
            "n1-train n2-train -validation -test",
            id="Tiny ImageNet",
        ),
        pytest.param(
            "tiny-imagenet-200/train/n1/images/1.JPEG tiny-imagenet-200/val/images/3.JPEG",
            "n1-train -validation",
            id="Tiny ImageNet from one above",
        ),
        pytest.param(
            "seg_train/seg_train/sea/1.jpg seg_test/seg_test/sea/2.jpg seg_pred/seg_pred/3.jpg",
            "sea-train sea-test -",
            id="Intel scenes",
        ),
        pytest.param("images/train/cat/1.png images/val/cat/2.png", "cat-train cat-validation", id="YOLO"),
        pytest.param("train/images/1.png valid/images/2.png", "-train -validation", id="Roboflow"),
        pytest.param("images/1.png masks/1.png", "- -", id="pictures and masks"),
        pytest.param("images/1.jpg annotations/trimaps/1.png", "- -", id="Oxford pets"),
        pytest.param("JPEGImages/1.jpg SegmentationClass/1.png", "- -", id="Pascal VOC"),
        pytest.param("images_001/images/1.png images_002/images/2.png", "- -", id="ChestX-ray14"),
        pytest.param("train2017/1.jpg val2017/2.jpg test2017/3.jpg", "-train -validation -test", id="COCO"),
        pytest.param("stage1_train/a/images/1.png stage1_test/b/images/2.png", "a-train b-test", id="nuclei"),
        pytest.param(
            "train/good/1.png test/hole/2.png test/good/3.png ground_truth/hole/2.png",
            "good-train hole-test good-test hole-",
            id="MVTec",
        ),
        pytest.param(
            "cat/train/1.png cat/test/2.png dog/train/3.png dog/test/4.png",
            "cat-train cat-test dog-train dog-test",
            id="parts below classes",
        ),
        pytest.param("p1/s1/1.dcm p1/s2/2.dcm p2/s1/3.dcm", "p1- p1- p2-", id="patients"),
    ],
)
def test_layouts(layout, said):
    assert read(*layout.split()) == [tuple(each.split("-")) for each in said.split()]


def test_folders_beside_parts_take_no_classes_of_their_own():
    assert read("train/cat/1.png", "test/dog/2.png", "more/cat/3.png", "more/odd/4.png", "5.png") == [
        ("cat", "train"), ("dog", "test"), ("cat", ""), ("", ""), ("", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [("train", "bus"), ("train", "car", "bus", "ship"), ("training shoes", "test tubes"),
     ("trainA", "trainB"), ("train", "test", "cat", "dog", "cow")],
)  # fmt: skip
def test_classes_that_are_called_like_parts_stay_classes(names):
    assert read(*(f"{name}/1.png" for name in names)) == [(name, "") for name in names]
    assert read(*(f"{name}/x/1.png" for name in names)) == [(name, "") for name in names]


def test_sources_and_archives_can_be_parts():
    sources = {"sources": ("/x/train", "/y/Test.tar.gz", "/z"), "source": [0, 1, 2]}
    assert read("cat/1.png", "cat/2.png", "cat/3.png", **sources) == [
        ("cat", "train"), ("cat", "test"), ("cat", ""),
    ]  # fmt: skip
    inside = {
        "archives": (Archive(0, "train.zip", 1, 1), Archive(0, "val/1.tar", 1, 1)),
        "inside": ArchiveLocation.of_rows([[0, 1, 1, 0, -1], [1, 1, 1, 0, -1]]),
    }
    assert read("train.zip/cat/1.png", "val/1.tar/dog/2.png", **inside) == [
        ("cat", "train"), ("dog", "validation"),
    ]  # fmt: skip


def test_the_one_folder_at_the_top_of_an_archive_is_no_class():
    columns = {"archives": (Archive(0, "", 1, 1),), "inside": ArchiveLocation.of_rows([[0, 1, 1, 0, -1]] * 2)}
    assert read("flowers/rose/1.png", "flowers/tulip/2.png", **columns) == [("rose", ""), ("tulip", "")]
    assert read("flowers/1.png", "flowers/2.png", **columns) == [("flowers", "")] * 2
    assert read("flowers/rose/1.png", "flowers/tulip/2.png") == [("flowers", "")] * 2, "of a folder it may be"


def test_where_the_class_lies_is_told():
    paths = ["data/train/cat/1.png", "data/test/images/dog/2.png", "data/3.png"]
    found = read_folders(make_catalog([(1, 1)] * 3, path=paths))
    assert found.level.tolist() == [3, 4, 0]
    assert list(found.above) == ["train", "test", ""]
    assert list(found.beside) == ["", "", ""]
