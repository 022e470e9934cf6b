"""Choices, and how they are read."""

import pytest

from stackgui.core.choices import Fit
from stackgui.core.errors import UsageError


def test_misspelt_choice_names_those_there_are():
    with pytest.raises(
        UsageError, match=r"“padd” is no fit; choose one of pad, letterbox, stretch, crop, cover\."
    ):
        Fit.parse("padd")
