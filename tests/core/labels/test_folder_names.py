"""What folders are called after, told by whole words."""

import pytest

from stackgui.core.labels.folder_names import holds_masks, holds_pictures, is_part, names_a_part, part_called

NAMES = {
    "train": "train training Train TRAIN train2017 train_images images_train seg_train trainset TrainSet "
    "train-00000-of-00001 stage1_train train_val trainval train_masks",
    "validation": "val valid validation dev val2017 ValidationSet valid_images",
    "test": "test testing test1 test2017 seg_test test-data eval evaluation holdout hold-out stage1_test",
}


@pytest.mark.parametrize(("part", "name"), [(part, name) for part in NAMES for name in NAMES[part].split()])
def test_parts_are_known_under_many_names(part, name):
    assert part_called(name) == part
    assert is_part(name)


@pytest.mark.parametrize(
    "name",
    ["", "cat", "training shoes", "train station", "test tube", "latest", "contest", "strain", "devices",
     "trainA", "valve", "42", "2017", "test_train", "set", "images", "développement"],
)  # fmt: skip
def test_what_has_another_word_is_no_part(name):
    assert not is_part(name)


@pytest.mark.parametrize(
    ("name", "does"), [("trainA", True), ("training shoes", True), ("fold 3", True), ("strain", False)]
)
def test_words_of_parts_are_found_beside_others(name, does):
    assert names_a_part(name) is does


@pytest.mark.parametrize("name", ["images", "imgs", "JPEGImages", "images_001", "data", "img_data", "PNG"])
def test_folders_of_pictures_are_known(name):
    assert holds_pictures(name)
    assert not holds_masks(name)


@pytest.mark.parametrize(
    "name", ["masks", "SegmentationClass", "ground_truth", "GroundTruth", "gt", "labels", "image_masks"]
)
def test_folders_of_masks_are_known(name):
    assert holds_masks(name)
    assert not holds_pictures(name)


@pytest.mark.parametrize("name", ["", "cat", "masked", "image classes", "database", "face masks", "007"])
def test_what_has_another_word_is_a_class(name):
    assert not holds_pictures(name)
    assert not holds_masks(name)
