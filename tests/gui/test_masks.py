"""Masks are said to be recognised, and one click takes them for pictures."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from stackgui.core.catalog.masks import Masks
from stackgui.core.catalog.scan_options import AUTOMATIC, NONE, ScanOptions
from stackgui.gui.control.screen import State
from tests.gui.acting import choose, words


@pytest.fixture
def with_masks(behaviour, app, folders, reach):
    """Three of four pictures have a mask."""
    catalog = behaviour.catalog
    masks = Masks(catalog.take(np.arange(3)), np.array([0, 1, -1, 2], np.int32), places=("masks",))
    behaviour.catalog = replace(catalog, masks=masks)
    app.controller.add_sources(folders)
    reach(State.READY)


def test_without_masks_there_is_nothing_to_choose(ready, find):
    assert not find(QWidget, "masks").isVisible()


def test_masks_are_said_and_taken_for_pictures_by_one_choice(with_masks, behaviour, app, find, qtbot, reach):
    assert find(QWidget, "masks").isVisible()
    assert words(find, "masks.found") == "3 of 4 pictures have a mask (masks)."
    behaviour.catalog = replace(behaviour.catalog, masks=None)
    choose(find, qtbot, "masks.taken", "as pictures like any other")
    reach(State.READY)
    assert app.controller.screen.scan_options == ScanOptions(masks=NONE)
    assert find(QWidget, "masks").isVisible()
    assert not find(QWidget, "masks.found").isVisible()
    choose(find, qtbot, "masks.taken", "as masks of other pictures")
    reach(State.READY)
    assert app.controller.screen.scan_options.masks == AUTOMATIC


def test_a_place_that_was_chosen_elsewhere_is_shown(with_masks, app, find, reach):
    app.controller.choose_scan(ScanOptions(masks="/elsewhere/drawn"))
    reach(State.READY)
    assert find(QWidget, "masks.taken").currentText() == "/elsewhere/drawn"
