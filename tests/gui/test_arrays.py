"""How arrays were read is shown, and chosen in another way."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QComboBox, QWidget

from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.columns import Coded
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.gui.control.screen import State
from stackgui.gui.texts import texts
from tests.gui.acting import choose, words


@pytest.fixture
def with_arrays(behaviour, app, folders, reach):
    """Three tensors, one of them ambiguous, and files that hold several arrays."""
    behaviour.catalog = replace(
        behaviour.catalog,
        axes=Coded.from_values(["CHW", "CHW", "", "HWC?"]),
        arrays=("image", "mask"),
    )
    app.controller.add_sources(folders)
    reach(State.READY)


def test_pictures_alone_leave_no_room_for_it(ready, find):
    assert not find(QWidget, "arrays").isVisible()


def test_arrays_without_names_leave_nothing_to_choose_among(with_arrays, behaviour, app, find, reach):
    behaviour.catalog = replace(behaviour.catalog, arrays=())
    app.controller.choose_scan(ScanOptions(tensor_layout=TensorLayout.CHW))
    reach(State.READY)
    assert find(QComboBox, "arrays.layout").isVisible()
    assert not find(QComboBox, "arrays.array").isVisible()


def test_the_evidence_is_shown(with_arrays, find):
    assert find(QWidget, "arrays").isVisible()
    text = words(find, "arrays.evidence")
    assert (
        "(3, 100, 200): read as colour × height × width, because the first axis has 3; 2 samples alike"
        in text
    )
    assert text.startswith("The files hold arrays under 2 names: choose one.")
    assert "1 array could also be read another way" in text


def test_a_choice_looks_again(with_arrays, app, find, qtbot, reach, engine):
    choose(find, qtbot, "arrays.layout", "channels first (CHW)")
    reach(State.READY)
    choose(find, qtbot, "arrays.array", "mask")
    reach(State.READY)
    assert "names" not in words(find, "arrays.evidence")
    expected = ScanOptions(tensor_layout=TensorLayout.CHW, array="mask")
    assert app.controller.screen.scan_options == expected
    assert app.controller.screen.catalog.scan_options == expected
    assert find(QComboBox, "arrays.array").currentText() == "mask"
    choose(find, qtbot, "arrays.array", "the only one")
    reach(State.READY)
    assert app.controller.screen.scan_options == replace(expected, array="")


def test_it_stays_while_the_folders_are_looked_through_again(with_arrays, behaviour, find, qtbot, reach):
    behaviour.scan_may_end.clear()
    choose(find, qtbot, "arrays.layout", "channels first (CHW)")
    reach(State.SCANNING)
    assert find(QWidget, "arrays").isVisible()
    assert not find(QComboBox, "arrays.layout").isEnabled()
    behaviour.scan_may_end.set()
    reach(State.READY)
    assert find(QComboBox, "arrays.layout").isEnabled()


def test_a_name_that_no_file_has_can_be_given_up(with_arrays, behaviour, app, find, qtbot, reach):
    behaviour.catalog = replace(behaviour.catalog, axes=Coded.constant("", 4), arrays=())
    app.controller.choose_scan(ScanOptions(array="gone"))
    reach(State.READY)
    assert find(QComboBox, "arrays.array").currentText() == "gone"
    choose(find, qtbot, "arrays.array", "the only one")
    reach(State.READY)
    assert not find(QWidget, "arrays").isVisible()


def test_every_array_can_be_chosen(with_arrays, app, find, qtbot, reach):
    choose(find, qtbot, "arrays.array", "each is a picture")
    reach(State.READY)
    assert app.controller.screen.scan_options == ScanOptions(array="*")
    assert find(QComboBox, "arrays.array").currentText() == "each is a picture"


def test_arrays_that_are_rows_already_ask_nothing(with_arrays, behaviour, app, find, reach):
    names = Coded.from_values(["image", "image", "", "mask"])
    behaviour.catalog = replace(behaviour.catalog, member_name=names)
    app.controller.choose_scan(ScanOptions(tensor_layout=TensorLayout.CHW))
    reach(State.READY)
    assert "choose one" not in words(find, "arrays.evidence")
    assert find(QComboBox, "arrays.array").isVisible()


def test_more_shapes_than_there_is_room_for_are_counted(with_arrays, app, find):
    shapes = app.controller.screen.statistics.tensors
    assert texts.tensors(shapes * 2, 0).splitlines()[2] == "… and 2 other shapes"
