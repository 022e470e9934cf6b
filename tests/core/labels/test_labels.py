import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.labels.labels import LabelKind, Labels, resolve_labels
from stackgui.core.labels.path_rule import LABEL, PathRule, RuleKind
from tests.making import make_catalog


def labels_of(text: str, paths: list[str], **columns) -> list[str]:
    catalog = make_catalog([(1, 1)] * len(paths), path=paths, **columns)
    found = resolve_labels(Labels.parse(text), catalog, np.arange(len(catalog)))
    codes, classes = found.label, found.classes
    assert codes is not None
    assert codes.dtype == np.int32
    return ["" if code < 0 else classes[code] for code in codes.tolist()]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("level:1", ["a", "a", ""]),
        ("level:2", ["b", "", ""]),
        ("level:-1", ["b", "a", ""]),
        ("level:-2", ["a", "", ""]),
        ("name:{label}_*.jpg", ["cat", "dog", "big.dog"]),
        ("name:?at_{label}.jpg", ["1", "", ""]),
        ("name:{label}_{number}.jpg", ["cat", "dog", ""]),
        ("name:{label}/*", ["b", "a", ""]),
        ("name:{split}/{label}/*.jpg", ["b", "", ""]),
        (r"regex:_(?P<label>\d)", ["1", "2", "3"]),
        (r"regex:^(?P<label>a)/", ["a", "a", ""]),
    ],
)
def test_labels_by_folder_and_by_name(text, labels):
    assert labels_of(text, ["a/b/cat_1.jpg", "a/dog_2.jpg", "big.dog_3_x.jpg"]) == labels


def test_in_an_archive_the_folders_inside_it_count():
    paths = ["x.zip/cat/1.png", "deep/y.tar/dog/2.png", "bird/3.png"]
    archives = (Archive(0, "x.zip", 1, 1), Archive(0, "deep/y.tar", 1, 1))
    inside = ArchiveLocation.of_rows([[0, 1, 1, 0, -1], [1, 1, 1, 0, -1], None])
    assert labels_of("auto", paths, archives=archives, inside=inside) == ["cat", "dog", "bird"]


def test_what_the_sources_say_comes_first():
    assert labels_of("auto", ["a/1.png", "b/2.png"], given_label=["x", ""]) == ["x", ""]
    assert labels_of("given", ["a/1.png", "b/2.png"], given_label=["", "y"]) == ["", "y"]
    assert labels_of("folders", ["a/1.png", "b/2.png"], given_label=["x", "y"]) == ["a", "b"]


def test_folders_of_the_same_names_say_what_lists_leave_open():
    paths = ["train/cat/images/1.png", "train/dog/images/2.png", "val/images/3.png", "val/images/4.png"]
    said = ["", "", "cat", ""]
    assert labels_of("auto", paths, given_label=said) == ["cat", "dog", "cat", ""]
    assert labels_of("given", paths, given_label=said) == said
    other = ["", "", "Katze", ""]
    assert labels_of("auto", paths, given_label=other) == other, "nothing tells that both speak of the same"
    in_part = ["cat", "", "cat", ""]
    assert labels_of("auto", paths, given_label=in_part) == in_part, "the list is about this part as well"


def test_a_place_of_which_lists_say_nothing_keeps_its_folders():
    columns = {"sources": ("/a", "/b"), "source": [0, 0, 1, 1]}
    paths = ["1.png", "2.png", "cat/3.png", "dog/4.png"]
    assert labels_of("auto", paths, given_label=["x", "y", "", ""], **columns) == ["x", "y", "cat", "dog"]
    assert labels_of("auto", paths, given_label=["x", "y", "z", ""], **columns) == ["x", "y", "z", ""]
    assert labels_of("given", paths, given_label=["x", "y", "", ""], **columns) == ["x", "y", "", ""]


def test_a_rule_counts_where_lists_say_nothing():
    paths = ["a/b/1.png", "a/c/2.png", "3.png"]
    assert labels_of("given,level:2", paths, given_label=["x", "", ""]) == ["x", "c", ""]
    assert labels_of("level:2", paths, given_label=["x", "", ""]) == ["b", "c", ""]


def test_names_that_are_no_classes_give_no_label():
    catalog = make_catalog([(1, 1)] * 3, path=["cat/1.png", "images/2.png", "dog/3.png"])
    found = resolve_labels(Labels.parse("level:1"), catalog, np.arange(3), not_classes=("images", "x"))
    assert found.label.tolist() == [0, -1, 1]
    assert found.classes == ("cat", "dog")
    with pytest.raises(PlanError, match="no picture lies that deep"):
        resolve_labels(Labels.parse("level:1"), catalog, np.arange(3), not_classes=("cat", "images", "dog"))


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=4), min_size=1, max_size=6), st.integers(1, 4))
def test_levels_from_both_ends_are_the_same_folder(folders, level):
    """A folder counted from the source is the one counted back from the file, and a pattern finds it too."""
    for names in folders:
        path = "/".join([*names, "1.png"])
        from_top, from_file = (PathRule(RuleKind.LEVEL, each) for each in (level, level - len(names) - 1))
        expected = names[level - 1] if level <= len(names) else ""
        assert from_top.reader(LABEL)(path) == expected
        if expected:
            assert from_file.reader(LABEL)(path) == expected
            pattern = "/".join(["{label}", *["*"] * (len(names) - level + 1)])
            assert PathRule(RuleKind.NAME, pattern=pattern).reader(LABEL)(path) == expected


@pytest.mark.parametrize("text", ["auto", "folders"])
def test_folders_that_are_parts_are_no_classes(text):
    parts = ["train/cat/1.png", "val/dog/2.png", "Test/cat/x/3.png"]
    assert labels_of(text, parts) == ["cat", "dog", "cat"]
    assert labels_of("level:1", parts) == ["train", "val", "Test"], "said in so many words"
    assert labels_of(text, ["train/cat/1.png", "cat/2.png"]) == ["train", "cat"], "a class of that name"


def test_parts_without_classes_give_no_labels():
    catalog = make_catalog([(1, 1)] * 2, path=["train/1.png", "val/2.png"])
    assert resolve_labels(Labels.AUTO, catalog, np.arange(2)).label is None
    with pytest.raises(PlanError, match="except in those called train"):
        resolve_labels(Labels.FOLDERS, catalog, np.arange(2))
    assert labels_of("folders", ["train/cat/1.png", "test/2.png", "3.png"]) == ["cat", "", ""]


def test_each_source_and_archive_has_parts_of_its_own():
    paths = ["train/cat/1.png", "cat/2.png", "x.zip/test/dog/3.png", "test/4.png"]
    columns = {
        "sources": ("/a", "/b"),
        "source": np.array([0, 1, 1, 1], np.int32),
        "archives": (Archive(1, "x.zip", 1, 1),),
        "inside": ArchiveLocation.of_rows([None, None, [0, 1, 1, 0, -1], None]),
    }
    assert labels_of("auto", paths, **columns) == ["cat", "cat", "dog", "test"]


def test_one_stray_picture_takes_no_label_from_the_others():
    paths = [f"{name}/{number}.png" for name in ("cat", "dog") for number in range(3)]
    assert labels_of("auto", [*paths, "stray.png"]) == ["cat"] * 3 + ["dog"] * 3 + [""]


def test_folders_beside_many_pictures_are_no_classes_unless_somebody_says_so():
    paths = ["1.png", "2.png", "3.png", "old/4.png"]
    catalog = make_catalog([(1, 1)] * 4, path=paths)
    assert resolve_labels(Labels.AUTO, catalog, np.arange(4)).label is None
    assert labels_of("folders", paths) == ["", "", "", "old"]
    found = resolve_labels(Labels.AUTO, catalog, np.array([2, 3]))
    assert (found.label.tolist(), found.classes) == ([-1, -1, -1, 0], ("old",)), "those left out do not count"


def test_pictures_to_test_need_no_labels():
    paths = ["train/cat/1.png", *(f"test/{number}.png" for number in range(9))]
    assert labels_of("auto", paths) == ["cat"] + [""] * 9


def test_a_source_without_classes_leaves_the_others_theirs():
    columns = {"sources": ("/a", "/b"), "source": [0, 0, 1, 1, 1]}
    paths = ["cat/1.png", "dog/2.png", "1.png", "2.png", "old/3.png"]
    assert labels_of("auto", paths, **columns) == ["cat", "dog", "", "", ""]


def listed(paths: list[str], *classes: str, text: str = "auto") -> list[int]:
    catalog = make_catalog([(1, 1)] * len(paths), path=paths)
    found = resolve_labels(Labels.parse(text), catalog, np.arange(len(paths)), classes)
    codes = found.label
    assert found.classes == classes
    return codes.tolist()


def test_listed_classes_keep_their_numbers():
    assert listed(["cat/1.png", "dog/2.png", "3.png"], "dog", "cow", "cat") == [2, 0, -1]
    assert listed(["cat/1.png"], "dog", "cow", "cat") == [2], "though two of them have no pictures"
    assert listed(["Cafe\N{COMBINING ACUTE ACCENT}/1.png"], "Caf\N{LATIN SMALL LETTER E WITH ACUTE}") == [0]


def test_labels_that_are_not_listed_are_named_with_counts():
    with pytest.raises(
        PlanError, match=r"2 labels of 3 pictures are not in the list.*: lynx \(2\), fox \(1\)"
    ):
        listed(["lynx/1.png", "lynx/2.png", "fox/3.png", "cat/4.png"], "cat")
    with pytest.raises(PlanError, match="the pictures have no labels"):
        listed(["1.png"], "cat")
    with pytest.raises(PlanError, match="the pictures have no labels"):
        listed(["cat/1.png"], "cat", text="none")


def test_labels_of_very_many_digits_are_sorted():
    catalog = make_catalog(
        [(1, 1)] * 3, given_label=["1" * 5000, "9" * 4999, "\N{LATIN SMALL LETTER E WITH ACUTE}" + "1" * 5000]
    )
    classes = resolve_labels(Labels.AUTO, catalog, np.arange(3)).classes
    assert [len(name) for name in classes] == [4999, 5000, 5001]


@pytest.mark.parametrize(
    ("text", "words"),
    [("level:3", "no folders"), ("given", "give no labels"), ("name:{label}.gif", "the pattern")],
)
def test_labels_that_nothing_says_are_refused(text, words):
    with pytest.raises(PlanError, match=words):
        labels_of(text, ["a/1.png"])


@pytest.mark.parametrize(
    "text",
    ["", "level:0", "level:x", "level:99999", "name:", "name:cat_*", "regex:(", "regex:.*", "folder:1"],
)
def test_what_says_no_labels_is_refused(text):
    with pytest.raises(UsageError):
        Labels.parse(text)


@given(st.sampled_from([1, 2, -1, 999]), st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
def test_text_gives_the_same_choice_back(level, text):
    for choice in (
        Labels(LabelKind.LEVEL, level=level),
        Labels(LabelKind.NAME, pattern=f"{{label}}{text.replace('{', '')}"),
        Labels.AUTO, Labels.GIVEN, Labels.NONE, Labels.FOLDERS,
    ):  # fmt: skip
        assert Labels.parse(str(choice)) == choice


@given(st.text("abc_.-{}[](*?", min_size=1, max_size=6))
def test_a_name_pattern_finds_the_label_that_was_put_in(label):
    assert labels_of("name:x+({label})*.j?g", [f"x+({label}).jpg"]) == [label]
