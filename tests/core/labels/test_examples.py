import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.labels.examples import MAX_EXAMPLES, example_samples, parts_of
from stackgui.core.labels.path_rule import LABEL, SPLIT
from tests.making import make_catalog

PATHS = st.lists(st.text("ab1_.- {é", min_size=1, max_size=6), min_size=1, max_size=4).map("/".join)


def pattern(name: str, piece: str) -> str:
    (part,) = [part for part in parts_of(name) if part.text == piece]
    return str(part.rule(LABEL))


@pytest.mark.parametrize(
    ("name", "piece", "expected", "others"),
    [
        ("cat.001.jpg", "cat", "name:{label}.{number}.*", {"dog.7.png": "dog", "dog.jpg": ""}),
        ("001_dog.png", "dog", "name:{number}_{label}.*", {"2_big_dog.png": "big_dog"}),
        ("yorkshire_terrier_12.jpg", "yorkshire_terrier", "name:{label}_{number}.*", {"pug_3.jpg": "pug"}),
        ("train-cat-1.jpg", "1", "name:*-{label}.*", {"val-dog-2.jpg": "2"}),
        ("n01443537_0.JPEG", "n01443537", "name:{label}_{number}.*", {"n02_10.JPEG": "n02"}),
        ("cat", "cat", "name:{label}", {"dog": "dog"}),
    ],
)
def test_a_piece_of_a_name_becomes_a_pattern(name, piece, expected, others):
    assert pattern(name, piece) == expected
    (part,) = [part for part in parts_of(name) if part.text == piece]
    read = part.rule(LABEL).reader(LABEL)
    assert {other: read(f"x/{other}") for other in others} == others


@given(PATHS)
def test_parts_are_the_whole_path_and_find_themselves(path):
    """Every part that can be pointed at leads to a rule that finds its text in that very path."""
    parts = parts_of(path)
    folders = [part.text for part in parts if part.level]
    assert "/".join([*folders, "".join(part.text for part in parts if not part.level)]) == path
    for part in parts:
        if part.can_be_taken:
            for what in (LABEL, SPLIT):
                for from_file in (False, True):
                    rule = part.rule(what, from_file=from_file)
                    rule.check(what)
                    if part.level:
                        assert rule.reader(what)(path) == part.text


def test_examples_differ_in_kind():
    paths = [f"train/n0{kind}/images/{number}.png" for kind in range(9) for number in range(3)]
    paths += [f"val/images/{number}.png" for number in range(3)] + ["readme.png"]
    catalog = make_catalog([(1, 1)] * len(paths), path=paths)
    shown = [paths[sample] for sample in example_samples(catalog, np.arange(len(paths)))]
    assert shown[:3] == ["train/n00/images/0.png", "val/images/0.png", "readme.png"]
    assert len(shown) <= MAX_EXAMPLES
    many = [f"{kind}/1.png" for kind in range(50)]
    catalog = make_catalog([(1, 1)] * 50, path=many)
    assert len(example_samples(catalog, np.arange(50))) == MAX_EXAMPLES
