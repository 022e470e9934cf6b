"""What is said of numbers at the terminal, before the run and in the stack."""

import json

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def mixed(tmp_path):
    """A picture of 8 bits and one of 16."""
    folder = tmp_path / "D"
    folder.mkdir()
    Image.fromarray(np.full((4, 5), 128, np.uint8)).save(folder / "a.png")
    Image.fromarray(np.full((4, 5), 128 * 257, np.uint16)).save(folder / "b.png")
    return folder


def test_mixed_depths_are_said_and_kept_with_the_stack(stackgui, mixed, tmp_path):
    line = ("convert", mixed, "--out", tmp_path / "out", "--channels", "grey")
    ended = stackgui(*line, "--json")
    (warning,) = ended.json["warnings"]
    assert [warning] == stackgui("scan", mixed, "--json").json["warnings"], "nothing else was chosen"
    assert (ended.status, warning["code"], warning["count"]) == (0, "mixed-depths", 1)
    assert warning["examples"] == ["a.png"]
    assert json.loads((tmp_path / "out" / "stack.json").read_text())["warnings"] == [warning]
    assert len(np.unique(np.load(tmp_path / "out" / "images.npy"))) == 1
    assert warning["text"] in stackgui("plan", *line[1:2], "--channels", "grey").out


def test_a_run_can_stop_at_them(stackgui, mixed, tmp_path):
    line = ("convert", mixed, "--out", tmp_path / "out", "--channels", "grey", "--on-warning", "stop")
    ended = stackgui(*line)
    assert ended.status == 2
    assert "--reduce none" in ended.err
    assert not (tmp_path / "out").exists()
    assert stackgui(*line, "--reduce", "none").status == 0
    assert np.unique(np.load(tmp_path / "out" / "images.npy")).tolist() == [128, 128 * 257]


@pytest.mark.parametrize("command", ["scan", "plan"])
def test_other_commands_end_with_the_same_status_once_they_have_told_everything(stackgui, mixed, command):
    stopped = stackgui(command, mixed, "--on-warning", "stop")
    went_on = stackgui(command, mixed)
    assert (stopped.status, went_on.status) == (2, 0)
    assert stopped.out.splitlines()[0] == went_on.out.splitlines()[0]
    told = stackgui(command, mixed, "--json", "--on-warning", "stop")
    assert (told.status, [each["code"] for each in told.json["warnings"]]) == (2, ["mixed-depths"])


@pytest.mark.parametrize("command", ["scan", "plan"])
def test_nothing_to_warn_of_stops_no_command(stackgui, tmp_path, command):
    Image.fromarray(np.zeros((2, 2), np.uint8)).save(tmp_path / "a.png")
    assert stackgui(command, tmp_path, "--on-warning", "stop").status == 0


def test_ids_that_fit(stackgui, tmp_path):
    folder = tmp_path / "D"
    folder.mkdir()
    np.save(folder / "m.npy", np.array([[0, 1, 2]], np.uint16))
    line = ("convert", folder, "--dtype", "uint8", "--channels", "grey", "--json")
    ended = stackgui(*line, "--out", tmp_path / "a", "--scale", "none")
    assert "scale-without-effect" in [warning["code"] for warning in ended.json["warnings"]]
    ended = stackgui(*line, "--out", tmp_path / "b", "--reduce", "none")
    assert (ended.status, ended.json["warnings"]) == (0, [])
    assert np.load(tmp_path / "b" / "images.npy").ravel().tolist() == [0, 1, 2]
