"""Colours, and how they are read."""

import pytest

from stackgui.core.base.colour import WHITE, Colour
from stackgui.core.base.errors import UsageError


@pytest.mark.parametrize("text", ["white", "#fff", "ffffff", "#FFFFFF ", "255,255,255", "rgb(255, 255, 255)"])
def test_customary_spellings_are_one_colour(text):
    assert Colour.parse(text) == WHITE
    assert str(Colour.parse(text)) == "#ffffff"


@pytest.mark.parametrize("text", ["#gggggg", "#ffff", "256,0,0", "whiteish", ""])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(UsageError, match="is not a colour; write it as #rrggbb"):
        Colour.parse(text)
