"""What is said of a command line that makes no sense."""

import numpy as np
import pytest
from PIL import Image

from stackgui.cli.arguments import parse
from stackgui.core.base.errors import UsageError


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["frob"], "There is no command, file or folder “frob”; the commands are 'open', 'scan', 'plan',"),
        ([], "A command is missing. See “stackgui --help”."),
        (["convert", "pets"], "--out is missing. See “stackgui convert --help”."),
        (["plan", "pets", "--size"], "--size needs a value after it."),
        (["plan", "pets", "--size", "0"], "--size: a height of 0 and a width of 0 are not possible"),
        (
            ["plan", "pets", "--sise", "4"],
            "There is no option --sise; did you mean --size? See “stackgui plan --help”",
        ),
        (["plan", "pets", "--fit", "foo"], "--fit: “foo” is not a fit; choose one of pad,"),
        (
            ["plan", "pets", "--dtype", "int64"],
            "--dtype: “int64” is not a dtype that an array can have; choose one of",
        ),
        (["plan", "pets", "--json=3"], "--json takes no value, but “3” was given."),
        (["export", "a", "--to", "foo"], "--to: “foo” is not an export; choose one of zarr"),
        (["export", "a", "--to", "npz"], "--out is missing."),
        (["verify", "a", "b"], "There is nothing to do with “b”."),
        (
            ["convert", "a", "--out", "b", "--resume", "--restart"],
            "--restart and --resume cannot go together.",
        ),
    ],
)
def test_complaints_are_sentences(arguments, sentence):
    with pytest.raises(UsageError) as raised:
        parse(arguments)
    assert str(raised.value).startswith(sentence)
    assert "?." not in str(raised.value)


def test_a_scan_that_finds_nothing_says_so(stackgui, tmp_path):
    (tmp_path / "a.txt").write_text("no picture")
    ended = stackgui("scan", tmp_path)
    assert ended.status == 0
    assert ended.out == (
        f"There are no pictures in the folder {tmp_path}. "
        "1 file that is not a picture was left aside: a.txt.\n"
    )


def test_a_plan_says_what_was_left_aside_and_what_leads_on(stackgui, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.fromarray(np.full((4, 5), 7, np.uint8)).save(folder / "1.png")
    Image.fromarray(np.full((4, 5), 8, np.uint8)).save(tmp_path / "2.png")
    (folder / "2.png").symlink_to(tmp_path / "2.png")
    told = stackgui("plan", folder).out
    assert "  left aside: 1 link to another place\n" in told
    assert "  --follow-links follows links that lead elsewhere\n" in told
    assert "left aside" not in stackgui("plan", folder, "--follow-links").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("resume", "gone"), "There is no folder"),
        (("resume", "."), "whose name would end in .partial."),
        (("plan", ".", "--label-list", "gone.csv"), "gone.csv cannot be read: there is no such file."),
        (
            ("plan", ".", "--classes", "gone"),
            "The list of classes gone cannot be read: there is no such file.",
        ),
        (("plan", ".", "--plan", "gone"), "The plan gone cannot be read: there is no such file."),
        (("plan", ".", "--label-list", "."), "is a folder, not a list of labels."),
        (("plan", ".", "--list-root", "gone"), "given for the files of lists, does not exist."),
        (("plan", ".", "--exclude-from", "gone"), "There are no pictures"),
    ],
)
def test_what_is_not_there_is_named(stackgui, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    ended = stackgui(*arguments)
    assert ended.status == 2
    assert sentence in ended.sentence
