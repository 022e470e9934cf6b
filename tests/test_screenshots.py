"""The pictures of the window: made by one script, shown by README and help, and of modest size."""

import re

import pytest
from PIL import Image

from stackgui import resources
from tests.shared_data import REPOSITORY

FOLDER = resources.path("screenshots")
SCRIPT = (REPOSITORY / "resources" / "make_screenshots.py").read_text(encoding="utf-8")
FILES = sorted(FOLDER.glob("*.png"))
LIGHT = {file.stem for file in FILES if not file.stem.endswith("-dark")}
MAX_BYTES = 150_000


def test_the_script_makes_each_of_them_in_light_and_dark():
    assert set(re.findall(r'Scene\("(\w+)"', SCRIPT)) == LIGHT
    assert {file.stem for file in FILES} == LIGHT | {f"{name}-dark" for name in LIGHT}


def test_each_is_shown_somewhere():
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "resources" / "help").glob("*.md")]
    shown = {
        name for page in pages for name in re.findall(r"screenshots/(\w+)\.png", page.read_text("utf-8"))
    }
    assert shown == LIGHT


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_is_of_modest_size(file):
    assert file.stat().st_size <= MAX_BYTES
    with Image.open(file) as picture:
        assert picture.size == (1280, 800)
