"""What a plan says of the labels and parts that it took."""

import pytest

from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.taken import labels_and_parts
from tests.making import make_catalog, make_plan


def of(paths, options=None, **columns):
    return labels_and_parts(make_plan([(2, 2)] * len(paths), options, path=paths, **columns))


PARTS = ["train/cat/1.png", "train/dog/2.png", "val/cat/3.png", "test/4.png"]


@pytest.mark.parametrize(
    ("paths", "labels", "parts"),
    [
        (
            ["cat/1.png", "dog/2.png", "3.png"],
            "2 classes from the first folders; 2 of 3 pictures have one",
            "none",
        ),
        (
            ["images/cat/1.png", "images/dog/2.png"],
            "2 classes from the second folders; both pictures have one",
            "none",
        ),
        (
            PARTS,
            "2 classes from the folders below train and val; 3 of 4 pictures have one",
            "train 2, validation 1, test 1, by the folders train, val and test",
        ),
        (["1.png"], "none", "none"),
        (["1.png", "2.png", "old/3.png"], "none", "none"),
    ],
)
def test_labels_and_parts_are_told_with_what_says_them(paths, labels, parts):
    said = of(paths)
    assert (said.labels.text, said.parts.text) == (labels, parts)


def test_other_sources_of_labels_and_parts_are_told():
    lists = of(["1.png", "2.png"], given_label=["a", ""], split=["train", "fold 2"])
    assert lists.labels.text == "1 class from lists and shards; 1 of 2 pictures has one"
    assert lists.parts.text == "train 1, fold 2 1, by lists and shards"
    shares = of(
        ["cat_1.png"], Options(labels=Labels.parse("name:{label}_*"), split=Split.parse("100/0/0"), seed=3)
    )
    assert shares.labels.text == "1 class from the files’ names; the picture has one"
    assert shares.parts.text == "train 1, by the shares 100/0/0, from each file's name and the seed 3"
    level = of(["a/b/1.png"], Options(labels=Labels.parse("level:2")))
    assert level.labels.text == "1 class from the second folders; the picture has one"


def test_it_is_told_in_json_too():
    assert of(PARTS).to_json() == {
        "labels": {
            "told_by": "the folders below train and val",
            "classes": ["cat", "dog"],
            "counts": [2, 1],
            "without": 1,
        },
        "split": {
            "told_by": "the folders train, val and test",
            "counts": {"train": 2, "validation": 1, "test": 1},
            "without": 0,
        },
    }


def test_classes_without_pictures_count_nothing():
    said = of(["cat/1.png"], Options(classes=("dog", "cat")))
    assert said.labels.counts == {"dog": 0, "cat": 1}


def test_pictures_that_are_left_out_do_not_count():
    catalog = make_catalog([(2, 2)] * 4, path=PARTS)
    said = of(PARTS, Options(exclude=SampleSet.of(catalog, [0, 3])))
    assert said.labels.counts == {"cat": 1, "dog": 1}
    assert said.parts.counts == {"train": 1, "validation": 1}
