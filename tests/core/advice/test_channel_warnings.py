"""What is said of channels without a meaning, before a run."""

import pytest

from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.base.choices import Channels
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from tests.making import make_catalog, make_plan

SIZES = [(4, 5)] * 4


def told(choice: Channels, **columns) -> dict[str, tuple[str, int, tuple[str, ...]]]:
    plan = make_plan(SIZES, Options(channels=choice), **columns)
    return {
        warning.code: (warning.text, warning.count, warning.examples)
        for warning in plan_warnings(plan)
        if warning.code.startswith("channels-")
    }


@pytest.mark.parametrize("choice", [Channels.RGB, Channels.GREY, Channels.RGBA])
def test_dropped_channels_are_counted_and_the_way_to_keep_them_named(choice):
    found = told(choice, channels=[4, 3, 4, 5], meaning=["RGB?", "", "RGB?", "RGB??"])
    text = (
        "3 pictures have channels of unstated meaning (near infrared, for example), which "
        f"--channels {choice} drops; --channels auto keeps them."
    )
    assert found == {"channels-dropped": (text, 3, ("0.png", "2.png", "3.png"))}


def test_one_picture_is_one():
    found = told(Channels.RGB, channels=[3, 3, 2, 3], meaning=["", "", "L?", ""])
    assert found["channels-dropped"][0].startswith("1 picture has channels of unstated meaning")


def test_auto_drops_nothing_and_says_nothing():
    assert told(Channels.AUTO, channels=[4] * 4, meaning=["RGB?"] * 4) == {}


def test_auto_says_where_the_same_channel_means_different_things():
    text, count, examples = told(Channels.AUTO, channels=[4] * 4, meaning=["RGB?", "", "", ""])[
        "channels-of-different-meaning"
    ]
    assert text.startswith(
        "1 picture has a last channel of unstated meaning, where others have transparency."
    )
    assert (count, examples) == (1, ("0.png",))


def test_bands_that_are_taken_as_colours_are_told():
    found = told(Channels.RGB, channels=[3, 4, 3, 3], meaning=["L??", "L???", "", ""])
    text, count, _examples = found["channels-taken-as-colours"]
    assert text.startswith(
        "2 pictures have three or four channels, of which only the first is stated to be grey."
    )
    assert count == 2
    assert list(found) == ["channels-taken-as-colours"]


def test_arrays_do_not_say_what_is_transparency():
    arrays = {"channels": [4, 3, 2, 4], "axes": ["HWC", "HWC", "HWC", ""]}
    text, count, examples = told(Channels.RGB, **arrays)["channels-taken-as-transparency"]
    assert text.startswith(
        "2 pictures are arrays whose last of 2 or 4 channels is taken as transparency by --channels rgb"
    )
    assert (count, examples) == (2, ("0.png", "2.png"))
    assert told(Channels.AUTO, **(arrays | {"channels": [4] * 4})) == {}


def test_what_is_left_out_is_not_counted():
    catalog = make_catalog(
        SIZES, channels=[4, 4, 0, 3], meaning=["RGB?", "RGB?", "", ""], problem=["", "", "damaged", ""]
    )
    plan = resolve(Options(), catalog)
    (warning,) = [w for w in plan_warnings(plan) if w.code == "channels-dropped"]
    assert warning.count == 2


def test_pictures_whose_channels_are_stated_are_not_mentioned():
    for choice in (Channels.RGB, Channels.GREY, Channels.RGBA, Channels.AUTO):
        assert told(choice, channels=[1, 2, 3, 4]) == {}
