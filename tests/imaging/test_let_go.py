"""Decoders let go of a file's bytes at once, not when Python looks for cycles, many files later."""

import gc
import os
import sys

import pytest

from stackgui import imaging
from stackgui.self_test.kinds import unpacked

WAYS = {
    "header": lambda data, _format: imaging.probe(data, file_bytes=len(data)),
    "pixels": imaging.decode,
    "regions": lambda data, format_: imaging.readable(
        data, format_, channels=imaging.probe(data, file_bytes=len(data)).channels, part=imaging.Part()
    ),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The bytes of a file of every kind, by its path."""
    folder = tmp_path_factory.mktemp("kinds")
    paths = [kind.path for kind in unpacked(str(folder)) if (folder / kind.path).is_file()]
    return {path: (folder / path).read_bytes() for path in paths}


@pytest.fixture
def no_look_for_cycles():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.usefixtures("no_look_for_cycles")
def test_nothing_keeps_the_bytes_of_a_file_that_was_read(way, files):
    kept = {}
    for path, content in files.items():
        format_ = imaging.probe(content, file_bytes=len(content)).format
        data = bytes(bytearray(content))
        before = sys.getrefcount(data)
        WAYS[way](data, format_)
        WAYS[way](bytes(bytearray(content)), format_)  # the last file may be kept
        kept[os.path.basename(path)] = sys.getrefcount(data) - before
    assert len(kept) > 100
    assert {name: count for name, count in kept.items() if count} == {}
