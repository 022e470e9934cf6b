"""Frames and pages are counted in the window, and chosen there."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from stackgui.core.catalog.frames import ALL, CHANNELS, FIRST, Frames
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.gui.control.screen import State
from tests.gui.acting import choose, words


@pytest.fixture
def with_frames(behaviour, app, folders, reach):
    """Two of four files hold several frames."""
    frames, member = np.array([[1, 12, 3, 1], [-1, 0, 0, -1]], np.int32)
    behaviour.catalog = replace(behaviour.catalog, frames=frames, member=member)
    app.controller.add_sources(folders)
    reach(State.READY)


def test_single_pictures_leave_no_room_for_it(ready, find):
    assert not find(QWidget, "frames").isVisible()


def test_frames_are_counted(with_frames, find):
    assert find(QWidget, "frames").isVisible()
    assert words(find, "frames.found") == "2 files with several, 15 in all."
    assert find(QComboBox, "frames.taken").currentText() == "the first of each"
    assert not find(QSpinBox, "frames.number").isVisible()


def test_a_choice_looks_again(with_frames, app, find, qtbot, reach):
    choose(find, qtbot, "frames.taken", "all of them")
    reach(State.READY)
    assert app.controller.screen.catalog.scan_options == ScanOptions(frames=ALL)
    choose(find, qtbot, "frames.taken", "one by its number")
    assert find(QSpinBox, "frames.number").isVisible()
    reach(State.READY)
    assert app.controller.screen.scan_options.frames == FIRST
    find(QSpinBox, "frames.number").setValue(3)
    reach(State.READY)
    assert app.controller.screen.scan_options.frames == Frames(3)
    assert find(QComboBox, "frames.taken").currentText() == "one by its number"


def test_pages_can_be_channels(with_frames, app, find, qtbot, reach):
    choose(find, qtbot, "frames.taken", "pages as channels")
    reach(State.READY)
    assert app.controller.screen.catalog.scan_options == ScanOptions(frames=CHANNELS)
    assert find(QComboBox, "frames.taken").currentText() == "pages as channels"
    assert not find(QSpinBox, "frames.number").isVisible()


def test_a_choice_can_be_taken_back_when_no_file_has_several_any_more(
    with_frames, behaviour, app, find, qtbot, reach
):
    choose(find, qtbot, "frames.taken", "all of them")
    reach(State.READY)
    behaviour.catalog = replace(behaviour.catalog, frames=np.ones(4, np.int32))
    app.controller.choose_scan(ScanOptions(frames=Frames(2)))
    reach(State.READY)
    assert find(QWidget, "frames").isVisible()
    assert not find(QWidget, "frames.found").isVisible()
    choose(find, qtbot, "frames.taken", "the first of each")
    reach(State.READY)
    assert not find(QWidget, "frames").isVisible()
