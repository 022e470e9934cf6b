"""Masks are recognised by pairs of names that headers confirm, and never on weak evidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.masks import pairs
from stackgui.core.masks.pair_list import paired_by_list, read_pairs
from stackgui.core.masks.pairs import in_folder, mask_groups, paired, paired_with_folder
from stackgui.core.masks.words import folder_name, mask_stem, picture_stem
from tests.making import make_catalog

PALETTE = {"channels": 3, "meaning": "P"}
GREY = {"channels": 1}


def catalog_of(names, size=(8, 9), kinds=None, **more):
    """A catalog of these files; those whose names speak of masks are grey, but for the `kinds` given."""
    kinds = kinds or {}
    headers = [kinds.get(name, GREY if name.endswith((".png", ".npy")) else {}) for name in names]
    return make_catalog(
        [kinds.get(name, {}).get("size", size) for name in names],
        path=list(names),
        channels=[header.get("channels", 3) for header in headers],
        meaning=[header.get("meaning", "") for header in headers],
        format=["png" if name.endswith("png") else "jpeg" for name in names],
        dtype=[header.get("dtype", "uint8") for header in headers],
        **more,
    )  # fmt: skip


def pairs_in(catalog) -> dict[str, str]:
    found = paired(catalog, mask_groups(catalog))
    return {
        catalog.path[sample]: catalog.path[int(found.masks[mask])]
        for sample, mask in enumerate(found.of.tolist())
        if mask >= 0
    }


@pytest.mark.parametrize(
    ("picture", "mask"),
    [
        ("images/{}.jpg", "masks/{}.png"),
        ("images/{}.jpg", "labels/{}.png"),
        ("imgs/{}.jpg", "annotations/{}.png"),
        ("JPEGImages/{}.jpg", "SegmentationClass/{}.png"),
        ("train/images/{}.jpg", "train/masks/{}.png"),
        ("images/train/{}.jpg", "masks/train/{}.png"),
        ("img_dir/val/{}.jpg", "ann_dir/val/{}.png"),
        ("images_train/{}.jpg", "masks_train/{}.png"),
        ("train/{}.jpg", "train_masks/{}_mask.png"),
        ("{}.jpg", "masks/{}.png"),
        ("{}.jpg", "{}_mask.png"),
        ("{}.jpg", "{}.seg.png"),
        ("{}.jpg", "{}-gt.png"),
        ("{}.jpg", "{}_label.png"),
        ("{}_sat.jpg", "{}_mask.png"),
        ("image_{}.jpg", "mask_{}.png"),
        ("cats/images/{}.jpg", "cats/masks/{}.png"),
        ("images/{}.jpg", "Ground Truth/{}_segmentation.png"),
        ("leftImg8bit/val/a/{}_leftImg8bit.jpg", "gtFine/val/a/{}_gtFine_labelTrainIds.png"),
        ("images.zip/{}.jpg", "masks.zip/{}.png"),
        ("scans/{}.jpg", "masks/{}.png"),
        ("set/train/{}.jpg", "set/ground truth/{}_mask.png"),
        ("scans/a/b/{}.jpg", "masks/a/b/{}.png"),
        ("set 2/scans/{}_image.jpg", "set 2/labels/{}.png"),
    ],
)
def test_usual_places_and_names_are_known(picture, mask):
    stems = ("1", "b 2", "x_3")
    names = [form.format(stem) for stem in stems for form in (picture, mask)]
    assert pairs_in(catalog_of(names)) == {picture.format(stem): mask.format(stem) for stem in stems}


def test_masks_of_one_folder_beside_those_of_another_are_kept_apart():
    names = ["a/images/1.jpg", "a/masks/1.png", "b/images/1.jpg", "b/masks/1.png"]
    assert pairs_in(catalog_of(names)) == {
        "a/images/1.jpg": "a/masks/1.png",
        "b/images/1.jpg": "b/masks/1.png",
    }


def test_a_folder_of_masks_belongs_to_all_folders_beside_it_but_not_to_two_pictures_of_one_name():
    names = ["a/1.jpg", "b/2.jpg", "masks/1.png", "masks/2.png"]
    assert pairs_in(catalog_of(names)) == {"a/1.jpg": "masks/1.png", "b/2.jpg": "masks/2.png"}
    assert pairs_in(catalog_of([*names, "b/1.jpg"])) == {"b/2.jpg": "masks/2.png"}
    assert pairs_in(catalog_of([*names, "c/1.jpg", "d/1.jpg", "c/2.jpg"])) == {}


@pytest.mark.parametrize(
    ("picture", "mask"),
    [
        ("scans/a/{}.jpg", "masks/{}.png"),
        ("scans/{}.jpg", "masks/a/{}.png"),
        ("one/scans/{}.jpg", "two/masks/{}.png"),
        ("scans/{}.jpg", "masks of birds/{}.png"),
    ],
)
def test_a_folder_of_masks_belongs_to_none_that_is_not_beside_it(picture, mask):
    assert pairs_in(catalog_of([form.format(stem) for stem in "123" for form in (picture, mask)])) == {}


def test_two_sources_beside_each_other_are_paired():
    for sources in (
        ("/x/images", "/x/masks"),
        ("/x/seg/images", "/x/seg/masks"),
        ("/x/scans", "/x/masks"),
        ("/x/images", "/x/annotations/trimaps"),
    ):
        catalog = catalog_of(["1.jpg", "1.png"], sources=sources, source=[0, 1])
        assert pairs_in(catalog) == {"1.jpg": "1.png"}


def test_a_source_called_like_masks_is_no_evidence():
    assert pairs_in(catalog_of(["1.png", "2.png"], sources=("/data/seg",))) == {}
    assert pairs_in(catalog_of(["images/1.jpg", "masks/1.png"], sources=("/data/seg",))) == {
        "images/1.jpg": "masks/1.png"
    }


def test_class_masks_are_preferred_to_masks_of_objects_and_the_others_are_left_aside():
    names = ["JPEGImages/1.jpg", "SegmentationClass/1.png", "SegmentationObject/1.png"]
    catalog = catalog_of(names)
    found = paired(catalog, mask_groups(catalog))
    assert pairs_in(catalog) == {names[0]: names[1]}
    assert [catalog.path[sample] for sample in found.aside.tolist()] == [names[2]]
    alone = ["JPEGImages/1.jpg", "SegmentationObject/1.png"]
    assert pairs_in(catalog_of(alone)) == {alone[0]: alone[1]}


def test_further_masks_of_a_picture_are_left_aside():
    names = ["benign (1).jpg", "benign (1)_mask.png", "benign (1)_mask_1.png"]
    catalog = catalog_of(names)
    assert pairs_in(catalog) == {names[0]: names[1]}
    assert paired(catalog, mask_groups(catalog)).aside.tolist() == [2]


@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        (["with_mask/1.png", "without_mask/1.png"], {}),
        (["mask/1.jpg", "hat/1.jpg", "mask/2.jpg"], {}),
        (["images/1.jpg", "masks/1.jpg"], {}),
        (["images/1.jpg", "masks/1.png"], {"masks/1.png": {"channels": 1, "size": (4, 4)}}),
        (["images/1.jpg", "masks/1.png"], {"masks/1.png": {"channels": 1, "dtype": "float32"}}),
        (["images/1.jpg", "masks/2.png"], {}),
        (["images/1.jpg", "images/1.png", "masks/1.png"], {}),
        (["label_0/1.png", "label_1/1.png"], {}),
        (["images/1.jpg", "masks/1.png", "masks/x.png", "masks/y.png"], {}),
    ],
    ids=[
        "classes",
        "one class",
        "JPEG",
        "size",
        "floats",
        "other name",
        "two pictures",
        "label classes",
        "few",
    ],
)
def test_weak_evidence_is_none(names, kinds):
    assert pairs_in(catalog_of(names, kinds=kinds)) == {}


def test_masks_of_another_size_are_still_masks_if_most_fit():
    names = [
        f"{kind}/{number}.{suffix}"
        for number in range(4)
        for kind, suffix in (("images", "jpg"), ("masks", "png"))
    ]
    found = pairs_in(catalog_of(names, kinds={"masks/3.png": {"channels": 1, "size": (7, 9)}}))
    assert len(found) == 4


def test_a_mask_may_lie_as_the_picture_is_stored():
    catalog = catalog_of(
        ["1.jpg", "1_mask.png"], kinds={"1_mask.png": {"channels": 1, "size": (9, 8)}}, orientation=[6, 1]
    )
    assert pairs_in(catalog) == {"1.jpg": "1_mask.png"}


def test_a_folder_that_is_named_is_paired_by_names_alone():
    names = ["1.jpg", "2.jpg", "drawn/1.png", "drawn/2_x.png"]
    catalog = catalog_of(names, sources=("/p",))
    found = paired_with_folder(catalog, in_folder(catalog, "/p/drawn"), "drawn")
    assert found.masks.tolist() == [2, 3]
    assert found.of.tolist()[:2] == [0, -1]


@pytest.mark.parametrize(
    "text",
    [
        "image,mask\na/1.jpg,b/x.png\na/2.jpg,b/y.png\n",
        "mask;image\nb/x.png;a/1.jpg\nb/y.png;a/2.jpg\n",
        "a/1.jpg b/x.png\na/2.jpg b/y.png\n",
        "/p/a/1.jpg\t/p/b/x.png\n/p/a/2.jpg\t/p/b/y.png\n",
        "split,file,label_file\ntrain,1.jpg,x.png\ntest,2.jpg,y.png\n",
    ],
    ids=["titles", "turned round", "spaces", "absolute", "more columns"],
)
def test_a_list_names_pairs(text):
    catalog = catalog_of(["a/1.jpg", "a/2.jpg", "b/x.png", "b/y.png"], sources=("/p",))
    found, missing = paired_by_list(catalog, read_pairs(text), "/p/list.csv")
    assert (found.masks.tolist(), found.of.tolist()[:2], missing) == ([2, 3], [0, 1], [])


def test_a_list_may_name_what_is_not_there():
    catalog = catalog_of(["a/1.jpg", "b/x.png"], sources=("/p",))
    found, missing = paired_by_list(catalog, read_pairs("a/1.jpg,b/x.png\na/9.jpg,b/z.png\n"), "/p/list.csv")
    assert (found.of.tolist()[0], missing) == (0, ["a/9.jpg", "b/z.png"])
    assert read_pairs("") == []
    assert read_pairs("only one column\n") == [("only", "one")]


def test_words_of_names():
    assert mask_stem("aachen_1_gtFine_labelIds")[:2] == ("aachen_1", "_gtFine_labelIds")
    assert mask_stem("plain").mark == mask_stem("mask").mark == ""
    assert (picture_stem("855_sat"), picture_stem("IMG_1"), picture_stem("dog")) == ("855", "1", "dog")
    assert folder_name("train_masks") == (("train",), True)
    assert folder_name("JPEGImages") == ((), False)


def test_a_catalog_without_such_words_is_not_even_looked_at():
    assert mask_groups(catalog_of(["dog/1.jpg", "cat/1.png"])) == []
    assert np.array_equal(paired(catalog_of(["1.jpg"]), []).of, [-1])


@given(st.text("abcegklmnopqrstu_", max_size=12), st.sampled_from(sorted(pairs.MASK_WORDS)), st.text("ab_"))
def test_a_quick_look_misses_no_mask_word(before, word, after):
    assert pairs._has_mask_word(f"{before}{word}{after}".encode())
    holds = any(each in before for each in pairs.MASK_WORDS)
    assert pairs._has_mask_word(before.encode()) == holds
