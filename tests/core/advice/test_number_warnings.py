"""What is said of numbers before they share one array."""

import pytest

from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.base.choices import Channels, Numbers, Reduce, Scale
from stackgui.core.options.options import Options
from tests.making import make_plan

FLOAT = Numbers.FLOAT32
KEEP = "--reduce none keeps all numbers as they are."


def told(*kinds: str, **choices) -> dict[str, tuple[str, int, tuple[str, ...]]]:
    """Warnings about samples of these kinds, as ``uint16``, ``uint16:12`` (bits) or ``tensor uint8``."""
    dtypes, bits, axes = [], [], []
    for kind in kinds:
        name, _, used = kind.removeprefix("tensor ").partition(":")
        dtypes.append(name)
        bits.append(int(used or 0))
        axes.append("HW" if kind.startswith("tensor") else "")
    columns = {"dtype": dtypes, "bits": bits, "axes": axes, "channels": [1] * len(kinds)}
    plan = make_plan([(2, 2)] * len(kinds), Options(**{"channels": Channels.GREY} | choices), **columns)
    found = plan_warnings(plan)
    assert len({warning.code for warning in found}) == len(found)
    return {warning.code: (warning.text, warning.count, warning.examples) for warning in found}


@pytest.mark.parametrize(
    ("kinds", "choices"),
    [
        (["uint8", "uint8"], {}),
        (["uint16", "uint16"], {}),
        (["uint16:12", "uint16:12"], {}),
        (["uint16", "uint16"], {"dtype": Numbers.UINT8}),
        (["uint8", "uint16"], {"dtype": Numbers.UINT8}),  # both have one white
        (["uint8", "uint16"], {"dtype": FLOAT}),
        (["uint8", "uint16:12"], {"dtype": FLOAT, "reduce": Reduce.FILE_DEPTH}),
        (["tensor uint8", "tensor uint16", "tensor uint8:1"], {"dtype": FLOAT}),
        (["float32", "float64"], {}),
        (["int16", "float32"], {}),
        (["uint8", "uint16"], {"reduce": Reduce.NONE}),  # whoever keeps numbers has chosen it
        (["uint8", "uint16", "float32", "uint16:12"], {"reduce": Reduce.NONE}),
        (["uint8", "uint16"], {"dtype": FLOAT, "scale": Scale.NONE, "reduce": Reduce.NONE}),
        (["uint8"], {"scale": Scale.NONE}),  # nothing is scaled
        (["uint16"], {"scale": Scale.NONE, "dtype": Numbers.UINT8, "reduce": Reduce.NONE}),
    ],
)
def test_nothing_is_said_where_nothing_is_doubtful(kinds, choices):
    assert told(*kinds, **choices) == {}


@pytest.mark.parametrize("dtype", [Numbers.AUTO, Numbers.UINT16])
def test_depths_that_are_brought_to_one_range_are_told_with_their_counts(dtype):
    text, count, examples = told("uint8", "uint16", "uint8", "uint8", dtype=dtype)["mixed-depths"]
    listed = "3 pictures of 8 bits and 1 of 16 bits share an array and are scaled to one range"
    assert text == f"{listed}, with 65,535 as white; {KEEP}"
    assert (count, examples) == (3, ("0.png", "2.png", "3.png"))


@pytest.mark.parametrize(
    ("kinds", "choices", "way"),
    [
        (["uint8", "uint16"], {"dtype": FLOAT, "scale": Scale.NONE}, "--scale 0..1 scales them to one range"),
        (["uint8", "uint16"], {"reduce": Reduce.MIN_MAX}, "--reduce full-range scales pictures to one range"),
        (
            ["uint8", "uint16"],
            {"reduce": Reduce.MIN_MAX, "dtype": Numbers.UINT8},
            "--reduce full-range scales pictures to one range",
        ),
        (["uint16:12", "uint16"], {}, "--reduce file-depth scales pictures to one range"),
        (["tensor uint8", "tensor uint16"], {}, "--dtype float32 with --scale 0..1 scales them to one range"),
        (["tensor uint8", "uint16"], {}, "--dtype float32 with --scale 0..1 scales them to one range"),
        (["tensor uint8:1", "uint8"], {}, "--dtype float32 with --scale 0..1 scales them to one range"),
    ],
)
def test_ranges_that_differ_are_told_with_a_way_to_one(kinds, choices, way):
    text, count, examples = told(*kinds, **choices)["mixed-depths"]
    assert "share an array but differ in what is white, so some come out much darker" in text
    assert text.endswith(f"{way}; {KEEP}")
    assert (count, examples) == (1, ("0.png",))


def test_the_way_that_is_named_leads_to_one_range():
    assert told("uint16:12", "uint16", reduce=Reduce.FILE_DEPTH)["mixed-depths"][0].startswith(
        "1 picture of 12 bits in 16 and 1 of 16 bits share an array and are scaled to one range"
    )
    assert told("uint8", "uint16", dtype=FLOAT) == {}
    assert told("tensor uint8", "uint16", dtype=FLOAT) == {}


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (
            {},
            (
                "are assumed to lie between 0 and 1 already, to which the others are scaled; --scale none "
                "leaves all as they are."
            ),
        ),
        ({"scale": Scale.NONE}, "All stay as they are; --reduce none confirms that this is intended."),
        ({"reduce": Reduce.MIN_MAX}, "All are scaled together, as if they meant the same."),
    ],
)
def test_numbers_without_a_range_beside_others(choices, words):
    text, count, examples = told("uint8", "float32", "uint8", **choices)["numbers-without-range"]
    assert text.startswith("2 pictures of 8 bits and 1 of float32 share an array. ")
    assert text.endswith(words)
    assert (count, examples) == (1, ("1.png",))


def test_signed_numbers_beside_others():
    text, *_ = told("uint16", "int16")["numbers-without-range"]
    assert text.startswith(
        "1 picture of 16 bits and 1 of int16 share an array. All stay as they are; --reduce none"
    )


@pytest.mark.parametrize("choices", [{"dtype": Numbers.UINT8}, {"dtype": FLOAT}])
def test_pictures_that_use_fewer_bits_than_count_as_white(choices):
    found = told("uint16:12", "uint16:12", **choices)
    text = "2 pictures use fewer bits than their numbers have (12 bits in 16) and come out dark. "
    text += "--reduce file-depth scales by the bits that are used."
    assert found == {"fewer-bits": (text, 2, ("0.png", "1.png"))}
    assert told("uint16:12", "uint16:12", reduce=Reduce.FILE_DEPTH, **choices) == {}


@pytest.mark.parametrize("dtype", [Numbers.AUTO, Numbers.UINT8, FLOAT])
def test_beside_eight_bits_they_are_told_once(dtype):
    ((code, (text, count, examples)),) = told("uint16:12", "uint8", dtype=dtype).items()
    assert (code, count, examples) == ("mixed-depths", 1, ("0.png",))
    assert "--reduce file-depth scales pictures to one range" in text
    assert "much darker" not in str(told("uint16:12", "uint8", dtype=dtype, reduce=Reduce.FILE_DEPTH))


def test_a_scale_without_an_effect_is_told():
    text, count, _ = told("uint8", "uint8", scale=Scale.SIGNED)["scale-without-effect"]
    assert text == "The scale -1..1 changes nothing in uint8, only in arrays of floats: add --dtype float32."
    assert count == 2
    assert told("uint8", scale=Scale.SIGNED, dtype=FLOAT) == {}


def test_whoever_wants_no_scale_is_told_that_integers_are_scaled():
    text, count, _ = told("tensor uint16", scale=Scale.NONE, dtype=Numbers.UINT8)["scale-without-effect"]
    assert text == (
        "The scale none is for arrays of floats: in uint8 the rule full-range scales 1 picture. "
        "--reduce none keeps numbers that fit."
    )
    assert count == 1
