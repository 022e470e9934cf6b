"""A stack is brought up to date at the terminal."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import stackgui as package
from tests.holding import LIMIT_S


@pytest.fixture
def stack(stackgui, pets, tmp_path):
    stackgui("convert", pets, "--out", tmp_path / "stack")
    return tmp_path / "stack"


def add(pets, name="cat/new.png"):
    Image.new("RGB", (9, 9), "red").save(pets / name)


def test_what_is_new_changed_and_gone_is_told_and_brought_in(stackgui, pets, stack):
    nothing = stackgui("update", stack)
    assert nothing.status == 0
    assert "is up to date: nothing is new, changed or gone" in nothing.out
    add(pets)
    add(pets, "dog/2.png")
    (pets / "cat" / "1.png").unlink()
    look = stackgui("update", stack, "--dry-run", "--json")
    assert look.status == 0
    assert [look.json[kind] for kind in ("new", "changed", "gone", "updated")] == [
        ["cat/new.png"], ["dog/2.png"], ["cat/1.png"], False,
    ]  # fmt: skip
    told = stackgui("update", stack, "--dry-run").out
    assert "would be updated; nothing was changed" in told
    done = stackgui("update", stack)
    assert done.status == 0
    for line in (
        "1 new picture: cat/new.png",
        "1 changed picture: dog/2.png",
        "1 picture is gone: cat/1.png",
        "Rows whose pictures are gone stay, and are marked.",
    ):
        assert line in done.out
    with package.open_stack(stack) as opened:
        assert len(opened) == 6
        assert (opened.original(5) == (255, 0, 0)).all()
    assert stackgui("verify", stack).status == 0


def test_a_picture_larger_than_the_rows_is_told_with_a_way_out(stackgui, pets, stack):
    Image.new("RGB", (90, 9), "red").save(pets / "cat" / "wide.png")
    told = stackgui("update", stack)
    assert told.status == 3
    assert "1 picture is larger than the rows, and its row stays blank" in told.out
    assert "--larger shrink" in told.out
    assert stackgui("update", stack, "--larger", "shrink").status == 0
    assert np.load(stack / "valid.npy")[-1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(["{tmp}/none"], "There is no folder"), (["{pets}"], "is not a complete stack"), ([], "STACK")],
)
def test_mistakes_are_explained(stackgui, pets, tmp_path, words, sentence):
    ended = stackgui("update", *(word.format(tmp=tmp_path, pets=pets) for word in words))
    assert ended.status in {1, 2}
    assert sentence in ended.sentence


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_watching_updates_whenever_files_have_settled_and_ends_cleanly(pets, stack):
    words = ["update", str(stack), "--watch", "--settle", "0.1", "--json", "--workers", "1"]
    with subprocess.Popen(
        [sys.executable, "-m", "stackgui", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        add(pets)
        first = json.loads(process.stdout.readline())
        add(pets, "dog/later.png")
        second = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
    assert (first["new"], second["new"]) == (["cat/new.png"], ["dog/later.png"])
    assert json.loads(out)["updates"] == 2
    assert (process.returncode, err) == (0, "")
    assert len(np.load(stack / "valid.npy")) == 7
