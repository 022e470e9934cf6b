"""Annotation files of every format with bytes wrong or gone: what is read fits, and nothing fails."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.joining import Found, SampleSizes, join
from stackgui.core.annotations.reading import Reading, Turned
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.engine.sources.annotation_files import Candidate, files_below, format_of, read_files
from stackgui.imaging.annotations.bitmaps import turned_bitmaps
from stackgui.imaging.annotations.formats import FORMATS
from tests.projects import PICTURES, PROJECTS

SIZES = SampleSizes(
    np.array([64, 80, 0], np.int32), np.array([80, 64, 0], np.int32), np.array([1, 6, 1], np.uint8)
)
ODD = b'0123456789-.eE{}[]",:;<>/#\n NaI&\x00\xff'
NUMBERS = (b"1e999", b"-1", b"9" * 25, b"NaN", b"null", b'"x"', b"[]", b"-2147483649")


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> dict[str, list[tuple[bytes, bytes]]]:
    """For each format the names and contents of its files in a project."""
    found: dict[str, list[tuple[bytes, bytes]]] = {}
    for tool, make in PROJECTS.items():
        folder = tmp_path_factory.mktemp(tool)
        make(folder, PICTURES)
        for file in files_below(str(folder)):
            if file.size_bytes:
                with open(file.name, "rb") as content:
                    found.setdefault(format_of((file,), no_archive), []).append((file.name, content.read()))
    assert found.keys() >= {each.name for each in FORMATS}
    return found


def no_archive(_file: Candidate, _count: int) -> bytes:
    raise AssertionError


def damaged(data: bytes, seed: int) -> bytes:
    """Cut a file off, change some of its bytes, repeat a part, or put another number in."""
    chance = random.Random(seed)
    changed = bytearray(data)
    match chance.randrange(4):
        case 0:
            return data[: chance.randrange(len(data) + 1)]
        case 1:
            for _ in range(chance.choice((1, 2, 5, 20))):
                changed[chance.randrange(len(data))] = chance.choice(ODD)
            return bytes(changed)
        case 2:
            first, last = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
            return data[:last] + data[first:]
        case _:
            digits = [place for place, byte in enumerate(data) if chr(byte).isdigit()]
            place = chance.choice(digits or [0])
            return data[:place] + chance.choice(NUMBERS) + data[place + 1 :]


@pytest.mark.parametrize("name", [each.name for each in FORMATS])
@given(seeds=st.lists(st.integers(0, 2**32), min_size=10, max_size=10), which=st.integers(0, 99))
@settings(max_examples=10)
def test_damaged_files_give_annotations_that_fit_together(samples, name, seeds, which):
    own = samples[name]
    file, whole = own[which % len(own)]
    for seed in seeds:
        data = damaged(whole, seed)
        candidate = Candidate(file, len(data), b"archive", picture_size=(64, 80))
        read = read_files(
            name,
            (candidate,),
            (),
            Reading(),
            lambda _file, count, data=data: data[:count] if count >= 0 else data,
        )
        if (said := read.annotations) is None:
            continue
        sample = np.arange(len(said.pictures), dtype=np.int64) % len(SIZES)
        made = join([Found(said, name, "/x", 1, sample)], SIZES, Turned.STORED, turned_bitmaps)
        SampleAnnotations.from_columns(dict(made.columns()), made.categories, made.keypoint_names)
        assert all(each.count and each.what.endswith(".") for each in made.complaints)
