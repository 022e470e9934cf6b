"""A new column of samples is one line, and the code that fills it: all else follows from the table."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import stackgui

# What someone adds: two columns of the catalog, what headers say where nothing is known, and what fills them.
COLUMNS = """
    shine: NDArray[np.int16] = field(metadata=column("shine", sheet=99))
    tint: Coded = field(metadata=column("tint"))
"""
HEADER = """
    shine: int = 0
    tint: str = ""
"""
FILLER = """

def probe(data, _probe=probe, **said):
    import dataclasses, os

    header = _probe(data, **said)
    shine, tint = os.environ["SHINE"].split()
    return dataclasses.replace(header, shine=int(shine) + header.width, tint=tint)
"""

# Scans, converts and reads again, and prints what it found.
TRAVEL = """
import json, os, sys
from dataclasses import replace

import numpy as np

from stackgui.core.base.columns import Coded
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.difference import difference
from stackgui.core.plan.repair import content_of, with_content
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.stores.format.read_manifest import plan_of, read_manifest

def said(catalog):
    return [catalog.shine.tolist(), list(catalog.tint)]

def scanned():
    with Engine(1) as engine:
        return engine.scan([pictures], Control())

def fingerprint(**columns):
    return resolve(Options(), replace(catalog, **columns)).fingerprint

if __name__ == "__main__":
    pictures, stack = sys.argv[1:]
    found = {}
    os.environ["SHINE"] = "300 blue"
    catalog = scanned()
    found["scanned"] = said(catalog)
    os.environ["SHINE"] = "900 from-no-cache"
    found["remembered"] = said(scanned())
    found["saved"] = said(Catalog.from_json(json.loads(json.dumps(catalog.to_json()))))
    plan = resolve(Options(), catalog)
    with Engine(1) as engine:
        engine.convert(plan, RunOptions(stack), Control())
    read = plan_of(json.load(open(stack + "/stack.json")), read_manifest(stack), None)
    found["read"] = said(read.catalog)
    found["same"] = read.fingerprint == plan.fingerprint
    zero, none = np.zeros(2, np.int16), Coded.constant("", 2)
    old = {name: value for name, value in catalog.to_json().items() if name not in ("shine", "tint")}
    found["older"] = said(Catalog.from_json(old))
    found["fingerprints"] = [
        fingerprint(shine=zero, tint=none), resolve(Options(), Catalog.from_json(old)).fingerprint,
        fingerprint(), fingerprint(tint=none),
        fingerprint(shine=zero), fingerprint(shine=zero + 1, tint=none),
    ]
    other = resolve(Options(), replace(catalog, tint=catalog.tint.put({1: "red"})))
    found["changed"] = difference(plan, other, {}, {}).changed.tolist()
    content = content_of(catalog, 0) | {"shine": -7, "tint": "green"}
    found["repaired"] = said(with_content(catalog, {0: content}))
    print(json.dumps(found))
"""


def inserted(file: Path, before: str, text: str) -> None:
    """Put `text` in front of the only place where `before` stands."""
    code = file.read_text(encoding="utf-8")
    assert code.count(before) == 1
    file.write_text(code.replace(before, text.strip("\n") + "\n" + before), encoding="utf-8")


@pytest.fixture
def changed_package(tmp_path) -> Path:
    """A folder with a copy of the package that has two more columns."""
    copy = tmp_path / "changed" / "stackgui"
    shutil.copytree(
        Path(stackgui.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__", "gui", "cli")
    )
    catalog = copy / "core" / "catalog" / "catalog.py"
    inserted(catalog, "    skipped: Skipped\n", COLUMNS)
    inserted(
        catalog,
        "\n\n@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)\nclass Catalog:",
        HEADER,
    )
    decoders = copy / "imaging" / "__init__.py"
    decoders.write_text(decoders.read_text(encoding="utf-8") + FILLER, encoding="utf-8")
    return copy.parent


def test_a_column_that_is_added_travels_all_the_way(changed_package, tmp_path):
    pictures, stack = tmp_path / "pictures", tmp_path / "stack"
    pictures.mkdir()
    for index in range(2):
        Image.new("RGB", (7 + index, 5)).save(pictures / f"{index}.png")
        os.utime(pictures / f"{index}.png", ns=(10**18, 10**18))
    script = changed_package / "travel.py"
    script.write_text(TRAVEL)
    done = subprocess.run(
        [sys.executable, script, pictures, stack], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    there = [[307, 308], ["blue", "blue"]]
    assert {step: found[step] for step in ("scanned", "remembered", "saved", "read")} == dict.fromkeys(
        ("scanned", "remembered", "saved", "read"), there
    )
    assert found["same"]
    assert found["older"] == [[0, 0], ["", ""]]
    assert found["changed"] == [False, True]
    assert found["repaired"] == [[-7, 308], ["green", "blue"]]
    silent, older, *others = found["fingerprints"]
    assert silent == older
    assert len({silent, *others}) == 1 + len(others)
    lines = (stack / "manifest.jsonl").read_text().splitlines()
    assert [(line["shine"], line["tint"]) for line in map(json.loads, lines)] == [
        (307, "blue"),
        (308, "blue"),
    ]
    sheet = (stack / "manifest.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sheet[0].endswith(",member_name,shine,file_bytes,modified")
    assert sheet[1].split(",")[-3] == "307"
