"""Colours, and how they are read."""

import pytest

from stackgui.core.colour import Colour
from stackgui.core.errors import UsageError


@pytest.mark.parametrize("text", ["white", "#fff", "#gggggg", "ffffff", "#ffffff "])
def test_a_colour_is_written_in_one_way(text):
    with pytest.raises(UsageError, match="is not a colour; write it as #rrggbb"):
        Colour.parse(text)
