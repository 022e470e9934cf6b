"""Shards as WebDataset makes them: what says the label lies beside the picture."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from stackgui.core.labels.labels import Labels, resolve_labels
from tests.engine.packing import KINDS, pack


@pytest.fixture
def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 3)).save(target, "JPEG")
    return target.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_labels_and_splits_come_from_the_files_of_the_same_key(tmp_path, scan, picture, kind):
    files = {
        "a/000.cls": b"7\n",
        "a/000.jpg": picture,
        "a/001.jpg": picture,
        "a/001.json": json.dumps({"label": "tabby", "split": "test", "caption": "x"}).encode(),
        "a/002.cls": b"cat",
        "a/002.json": json.dumps({"class": 3}).encode(),
        "a/002.jpg": picture,
        "a/003.jpg": picture,
        "b/000.seg.png": picture,
    }
    catalog = scan(pack(tmp_path / kind, files))
    assert list(zip(catalog.path, catalog.given_label, catalog.split, strict=True)) == [
        ("a/000.jpg", "7", ""),
        ("a/001.jpg", "tabby", "test"),
        ("a/002.jpg", "cat", ""),
        ("a/003.jpg", "", ""),
        ("b/000.seg.png", "", ""),
    ]
    assert catalog.skipped.kind.counts() == {"label files": 4}
    found = resolve_labels(Labels.AUTO, catalog, np.arange(len(catalog)))
    assert (found.label.tolist(), found.classes) == ([0, 2, 1, -1, -1], ("7", "cat", "tabby"))


@pytest.mark.parametrize("kind", KINDS)
def test_names_with_dots_have_labels_of_their_own_or_their_keys(tmp_path, scan, picture, kind):
    files = {
        "a/1.left.jpg": picture, "a/1.right.jpg": picture, "a/1.cls": b"of both",
        "a/2.1.jpg": picture, "a/2.1.cls": b"of 2.1", "a/2.2.jpg": picture, "a/2.2.json": b'{"split": "val"}',
        "b.c/3.jpg": picture, "b.cls": b"of no picture",
    }  # fmt: skip
    catalog = scan(pack(tmp_path / kind, files))
    assert list(zip(catalog.path, catalog.given_label, catalog.split, strict=True)) == [
        ("a/1.left.jpg", "of both", ""),
        ("a/1.right.jpg", "of both", ""),
        ("a/2.1.jpg", "of 2.1", ""),
        ("a/2.2.jpg", "", "val"),
        ("b.c/3.jpg", "", ""),
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"two\nlines", b"x" * 300])
def test_what_is_no_label_says_nothing(tmp_path, scan, picture, content):
    catalog = scan(pack(tmp_path / "a.tar", {"1.jpg": picture, "1.cls": content, "1.json": b"[1"}))
    assert list(catalog.given_label) == [""]
