"""The self-test finds what an installation lacks, and says so."""

import json
import os
import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui import __main__
from stackgui.cli.answers import COMPLETE, FAILED
from stackgui.engine import Engine
from stackgui.imaging.base.declaration import Format
from stackgui.imaging.registry.declared import BY_NAME
from stackgui.self_test import checks, command
from stackgui.self_test.checks import Bench, SelfTestError
from stackgui.self_test.kinds import TOLERANCE, by_folder, outcome, unpacked
from tests.test_formats_page import script  # noqa: F401 - a fixture

PNG: Format = BY_NAME["png"]
SHAPE = (8, 12, 3)


@pytest.fixture
def bench(tmp_path):
    with Engine(1) as engine:
        yield Bench(engine, str(tmp_path))


@pytest.fixture
def few_kinds(monkeypatch):
    """Only some kinds of files; gives a way to change one of them after it was unpacked."""
    change = []

    def some(folder):
        kinds = [kind for kind in unpacked(folder) if kind.path.startswith("uint16-3/")]
        for changed in change:
            changed(folder)
        return kinds

    monkeypatch.setattr(checks, "unpacked", some)
    return change


def test_every_kind_of_the_table_has_a_file(script, tmp_path):  # noqa: F811 - the fixture
    listed = unpacked(str(tmp_path))
    in_table = [(d, c) for kind in script.KINDS for d in kind.dtypes for c in kind.channels]
    found = [re.fullmatch(r".+, (\d) × (\w+)", kind.name).groups()[::-1] for kind in listed]
    assert Counter((d, int(c)) for d, c in found) == Counter(in_table), "run resources/make_kinds.py again"
    assert all((tmp_path / kind.path).is_file() for kind in listed)
    assert sum(map(len, by_folder(listed).values())) == len(listed), "two files have one name"


@given(st.sampled_from(["uint8", "int16", "float32"]), st.integers(0, 99))
def test_the_same_pixels_agree_and_others_do_not(dtype, seed):
    pixels = (np.random.default_rng(seed).random(SHAPE) * (1 if dtype == "float32" else 120)).astype(dtype)
    known = outcome("a picture", "uint8", 3, PNG, pixels)
    assert known.agrees_with(pixels.copy())
    assert not known.agrees_with(pixels[:, :, :2])
    assert not known.agrees_with(pixels.astype("float64"))


@given(st.floats(-1, 1))
def test_lossy_decoders_may_round_differently(share):
    pixels = np.full((8, 8, 1), 100, "uint8")
    other = np.full_like(pixels, round(100 + share * 60))
    differs = abs(int(other[0, 0, 0]) - 100) / 255
    assert outcome("a picture", "uint8", 1, PNG, pixels).agrees_with(other) == (differs <= TOLERANCE)


def test_a_kind_that_is_damaged_is_named(bench, few_kinds):
    few_kinds.append(lambda folder: cut(os.path.join(folder, "uint16-3", "PNG-3-uint16.apng")))
    with pytest.raises(SelfTestError, match=r"^1 of \d+ come out otherwise: PNG, 3 × uint16 \(the file ends"):
        checks.every_kind(bench)


def cut(file):
    os.truncate(file, os.path.getsize(file) // 2)


def test_kinds_of_an_extra_that_is_not_installed_are_not_looked_at(bench, few_kinds, monkeypatch):
    monkeypatch.setattr(checks, "find_spec", lambda module: module != "h5py")
    told = r"come out as they should: \d+; not looked at, for want of h5py: 1"
    assert re.fullmatch(told, checks.every_kind(bench))
    assert checks.sample_pictures(bench).startswith("25 converted")
    assert "imagecodecs 20" in checks.decoders(bench)


def test_one_line_for_each_check_and_the_status(monkeypatch, capsys):
    def fails(_bench):
        raise SelfTestError("it is torn")

    def breaks(_bench):
        raise ZeroDivisionError

    monkeypatch.setattr(
        command, "_all", lambda: {"sound": lambda _bench: "it rings", "sail": fails, "oar": breaks}
    )
    assert __main__.main(["self-test"]) == FAILED
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "works   sound: it rings",
        "FAILED  sail: it is torn",
        "FAILED  oar: ZeroDivisionError: ",
    ]
    assert said.out == "2 of 3 checks failed: sail, oar. Install StackGUI again.\n"
    assert __main__.main(["self-test", "--json"]) == FAILED
    found = json.loads(capsys.readouterr().out)
    assert [each["works"] for each in found["checks"]] == [True, False, False]
    monkeypatch.setattr(command, "_all", lambda: {"sound": lambda _bench: "it rings"})
    assert __main__.main(["self-test"]) == COMPLETE
    assert capsys.readouterr().out.startswith("All of it works")


@pytest.mark.slow
def test_all_of_it_works_here():
    done = subprocess.run(
        [sys.executable, "-m", "stackgui", "self-test", "--json"], capture_output=True, text=True, check=False
    )
    checked = {each["check"]: each for each in json.loads(done.stdout)["checks"]}
    assert done.returncode == COMPLETE, [each for each in checked.values() if not each["works"]]
    assert {"kinds of files", "workers that die", "plot", "languages"} <= set(checked)
    assert "not looked at" not in done.stdout
