import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.labels.levels import Levels, holding_parts, is_no_class, likely_levels, names_at
from tests.making import make_catalog

NAMES = st.sampled_from(["train", "val", "images", "cat", "dog", "n01"])
PATHS = st.lists(st.lists(NAMES, max_size=4).map(lambda names: "/".join([*names, "1.png"])), min_size=1)


def likely(*paths: str, below: int = 0) -> Levels | None:
    catalog = make_catalog([(1, 1)] * len(paths), path=list(paths))
    return likely_levels(catalog, np.arange(len(paths)), below)


def test_the_first_level_of_several_names_is_likely():
    assert likely("x/cat/1.png", "x/dog/2.png") == Levels(2)
    assert likely("cat/1.png", "dog/2.png") == Levels(1)
    assert likely("cat/a/1.png", "dog/b/2.png", below=1) == Levels(2)
    assert likely("x/y/1.png", "x/y/2.png") is None
    assert likely("x/cat/1.png", "x/2.png", "x/3.png") is None, "most lie in no such folder"


def test_splits_above_and_containers_among_the_classes_are_told():
    tiny = ["train/n01/images/1.png", "train/n02/images/2.png", "val/images/3.png"]
    assert likely(*tiny) == Levels(2, split=1, not_classes=("images",))
    assert likely("other/1.png", *(f"tiny/{path}" for path in tiny), below=1) == Levels(3, 2, ("images",))


def test_classes_that_hold_splits_are_told():
    paths = ["tiny/train/a/1.png", "tiny/val/2.png", "cat/1.png", "dog/train/2.png"]
    catalog = make_catalog([(1, 1)] * 4, path=paths)
    assert holding_parts(catalog, np.arange(4), 1) == ("tiny",)
    assert holding_parts(catalog, np.arange(4), 2) == ()


@given(PATHS, st.integers(0, 3))
def test_a_likely_level_has_several_classes_and_lies_below(paths, below):
    found = likely(*paths, below=below)
    if found is None:
        return
    catalog = make_catalog([(1, 1)] * len(paths), path=paths)
    names = names_at(catalog, np.arange(len(paths)), found.label)
    assert found.label > below
    assert found.label > found.split or found.split == found.label + 1, (
        "splits hold classes, or each class splits"
    )
    assert sum(not is_no_class(name) for name in names) >= 2
    assert set(found.not_classes) == set(filter(is_no_class, names))
