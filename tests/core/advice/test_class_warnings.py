"""What is said of labels and parts that may not be what their makers meant."""

import pytest

from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.base.warnings import DataWarning, warning_line
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from tests.making import make_plan

FEW = [f"{name}/{number}.png" for name in ("cat", "dog") for number in range(4)]


def warned(paths, options=None, **columns) -> dict[str, DataWarning]:
    plan = make_plan([(2, 2)] * len(paths), options, path=paths, **columns)
    return {warning.code: warning for warning in plan_warnings(plan)}


def test_nothing_is_said_of_plain_classes():
    assert warned(FEW) == {}
    assert warned(["1.png", "2.png"]) == {}
    assert warned([f"{part}/{path}" for part in ("train", "test") for path in FEW]) == {}


def test_folders_that_were_not_taken_are_told_with_counts_and_examples():
    told = warned(["1.png", "2.png", "old/3.png"])["folders-not-labels"]
    assert told.text == (
        "1 of 3 pictures lies in folders (old) and the others in none, so folders were not taken as labels."
    )
    assert told.mend.spelled == "--labels folders"
    assert (told.count, told.examples) == (1, ("old/3.png",))
    assert warned(["1.png", "2.png", "old/3.png"], Options(labels=Labels.NONE)) == {}


def test_a_stray_picture_is_told():
    told = warned([*FEW, "stray.png"])
    assert list(told) == ["without-label"]
    assert told["without-label"].text.startswith("1 picture has no label, so its row is -1 in labels.npy.")
    assert told["without-label"].examples == ("stray.png",)


def test_a_folder_beside_the_parts_is_told():
    paths = [f"{part}/{path}" for part in ("train", "test") for path in FEW]
    told = warned([*paths, "extra/cat/1.png", "extra/2.png"])
    assert list(told) == ["without-label", "in-no-part"]
    assert told["in-no-part"].text.startswith(
        "2 pictures belong to no part of the data; the parts come from the folders train and test."
    )
    assert told["in-no-part"].examples == ("extra/cat/1.png", "extra/2.png")


@pytest.mark.parametrize(
    ("paths", "code", "examples"),
    [
        (["cat/1.png", "cat/2.png"], "one-class", ()),
        ([f"{letter}/1.png" for letter in "abcdefghij"], "nearly-each-its-own-class", ("a", "b", "c")),
        (["cat/1.png", "dog/1.png", "dog/2.png"], "classes-of-one-picture", ("cat",)),
        ([*FEW, "cow/1.png"], "classes-of-one-picture", ("cow",)),
        ([*FEW, "train/1.png", "train/2.png"], "classes-called-like-parts", ("train",)),
        (
            [f"fold{fold}/{path}" for fold in (1, 2) for path in FEW],
            "classes-called-like-parts",
            ("fold1", "fold2"),
        ),
        ([*FEW, "images/1.png", "images/2.png"], "classes-called-like-images", ("images",)),
        (["images/1.png", "masks/1.png"], "masks-among-pictures", ("masks/1.png",)),
        (
            [f"patient{patient}/study/{slice_}.png" for patient in (1, 2) for slice_ in range(3)],
            "classes-may-be-patients",
            ("patient1", "patient2"),
        ),
        (
            [*(f"{part}/{path}" for part in ("train", "test") for path in FEW), "test/cow/1", "test/cow/2"],
            "classes-not-in-training",
            ("cow",),
        ),
    ],
)  # fmt: skip
def test_what_may_be_no_class_is_told(paths, code, examples):
    told = warned(paths)
    assert list(told) == [code]
    assert told[code].examples == examples
    assert "--" in warning_line(told[code]), "what decides otherwise"


def slices(*classes, below=("s1", "s2"), files=("1.png", "2.png")) -> list[str]:
    return [f"{name}/{folder}/{file}" for name in classes for folder in below for file in files]


@pytest.mark.parametrize(
    "paths",
    [
        slices("p1", "p2", files=["slice.png"] * 2),
        slices("p002", "p17"),
        slices("LIDC-IDRI-0001", "LIDC-IDRI-0002", below=["1.3.6.1"]),
        slices("TCGA-02-0003", "TCGA-A7-A0CD"),
        slices("sub-01", "sub-02", below=["anat"]),
        [*slices("s1", "s12"), "s12/s1/3.png"],
        [f"{part}/{path}" for part in ("train", "test") for path in slices("p1", "p2")],
    ],
)
def test_numbered_folders_with_examinations_in_them_may_be_of_patients(paths):
    told = warned(paths)
    assert list(told) == ["classes-may-be-patients"]
    assert told["classes-may-be-patients"].count == 2


@pytest.mark.parametrize(
    "paths",
    [
        [f"{name}/{number}.png" for name in ("p1", "p2") for number in range(3)],
        [f"{name}/images/{name}_{number}.png" for name in ("n01443537", "n01629819") for number in range(3)],
        slices("c0", "c9", below=["images"]),
        slices("class1", "class2"),
        slices("0", "1"),
        slices("boeing747", "airbus320"),
        slices("cat", "dog"),
        [f"{name}/x/{name}_{number}.png" for name in ("c0", "c1") for number in range(3)],
        [*slices("p1", "p2"), "p1/1.png"],
    ],
)
def test_numbered_classes_are_no_patients(paths):
    assert warned(paths) == {}


def test_many_pictures_without_label_are_told_as_many():
    told = warned([*FEW, "stray.png", "other.png"])["without-label"]
    assert told.text.startswith("2 pictures have no label, so their rows are -1 in labels.npy.")


def test_dicom_in_folders_may_be_of_patients():
    paths = [f"A{patient}/CT/{slice_}" for patient in "xy" for slice_ in range(3)]
    assert list(warned(paths, format=["dicom"] * 6)) == ["classes-may-be-patients"]
    assert warned(paths, Options(labels=Labels.FOLDERS), format=["dicom"] * 6) == {}, "said in so many words"


def test_shares_that_came_out_otherwise_are_told():
    rows = [path for path in FEW[:3] for _ in range(10)]
    columns = {"member": [*range(10)] * 3}
    told = warned(rows, Options(split=Split.parse("80/10/10")), **columns)["shares-missed"]
    assert "instead of 80 %" in told.text
    assert "--split rows:" in told.text
    assert warned([f"{number}.png" for number in range(100)], Options(split=Split.parse("80/10/10"))) == {}
    empty = warned(["1.png"], Options(split=Split.parse("50/50")))["shares-missed"]
    assert "another --seed" in empty.text


def test_a_list_of_classes_explains_few_of_them():
    assert warned(["cat/1.png", "cat/2.png"], Options(classes=("cat", "dog"))) == {}
