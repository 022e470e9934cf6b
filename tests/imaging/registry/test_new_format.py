"""Adding a format is one file, with no other edit: it is scanned, planned, converted and listed."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from stackgui import imaging
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.tree

# What someone adds, in a file of its own.
TOY = """
import numpy as np

from stackgui.core.base.decoding import Decoding
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.declaration import NUMPY, Format, Library
from stackgui.imaging.base.decoder import Decoder

class _Toy(Decoder):
    def headers(self, start):
        return Header(start.format, start.data[4], start.data[5], 1, "uint8")

    def decode(self, sample):
        height, width = sample.data[4:6]
        return np.frombuffer(sample.data, np.uint8, height * width, 6).reshape(height, width, 1), 1

FORMATS = (
    Format(
        name="toy",
        title="Toy picture",
        decoder=_Toy(),
        libraries=(Library("toy_library", "toy-library", "Toy library", "toys"), NUMPY),
        magic=(b"TOY!",),
        suffixes=(".toy",),
        decoding=Decoding(copies=7),
    ),
)
"""

# Walks the whole line, and prints what it met.
WALK = """
import importlib.util, json, sys
from dataclasses import replace

import numpy as np

from stackgui.core.advice.estimate import Resources, estimate
from stackgui.core.base.columns import Coded
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.running.fill import versions

def heaviest(catalog):
    plan = resolve(Options(), catalog)
    return estimate(plan, Resources(10**12, 10**12, None, 1)).working_bytes

if __name__ == "__main__":
    pictures, stack, script = sys.argv[1:]
    with Engine(1) as engine:
        catalog = engine.scan([pictures], Control(), cache=False)
        plan = resolve(Options(), catalog)
        engine.convert(plan, RunOptions(stack), Control())
    spec = importlib.util.spec_from_file_location("make_formats", script)
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    usual = replace(catalog, format=Coded.constant("of a later version", len(catalog)))
    found = {
        "scanned": list(catalog.format),
        "problems": list(catalog.problem),
        "more": heaviest(catalog) - heaviest(usual),
        "array": np.load(f"{stack}/{plan.arrays[0].file}").squeeze().tolist(),
        "versions": sorted(versions(["toy"], None)),
        "listed": [row for row in page.formats().splitlines() if "Toy" in row],
    }
    print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What a copy of the program finds whose only change is a new file."""
    copy, pictures = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("pictures")
    for folder in ("stackgui", "resources"):
        shutil.copytree(REPOSITORY / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "stackgui" / "imaging" / "pictures" / "toy.py").write_text(TOY, encoding="utf-8")
    (copy / "walk.py").write_text(WALK, encoding="utf-8")
    (pictures / "whole.toy").write_bytes(b"TOY!\2\3" + bytes(range(6)))
    (pictures / "no-toy.toy").write_bytes(b"nothing of the kind")
    script = copy / "resources" / "make_formats.py"
    done = subprocess.run(
        [sys.executable, copy / "walk.py", pictures, copy / "stack", script],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (copy, REPOSITORY)))},
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_new_format_is_recognised_by_its_content_and_claimed_by_its_name(found):
    assert sorted(found["scanned"]) == ["", "toy"]
    assert [problem for problem in found["problems"] if problem] == ["it is not a picture of a known kind"]


def test_it_is_converted(found):
    assert [[[grey] * 3 for grey in line] for line in ((0, 1, 2), (3, 4, 5))] in found["array"]


def test_its_copies_count_in_the_estimate(found):
    assert found["more"] == (7 - 2) * 2 * 3


def test_it_is_on_the_help_page(found):
    assert found["listed"] == [
        "| Toy picture | `.toy` | one picture | Toy library, NumPy | `pip install 'stackgui[toys]'` |"
    ]


def test_names_and_endings_are_declared_once():
    names = [format_.name for format_ in imaging.FORMATS]
    assert len(set(names)) == len(names)
    endings = [suffix for format_ in imaging.FORMATS for suffix in format_.suffixes]
    assert len(set(endings)) == len(endings)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in endings)


def test_every_format_can_be_recognised():
    for format_ in imaging.FORMATS:
        assert format_.magic or format_.pattern or format_.is_folder
        assert all(len(magic) >= 2 for magic in format_.magic)
