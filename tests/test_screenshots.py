"""The pictures of the window: made by one script, shown by README and help, and of modest size."""

import re

import pytest
from PIL import Image

from stackgui import resources
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.tree

FOLDER = resources.path("screenshots")
SCRIPT = (REPOSITORY / "resources" / "make_screenshots.py").read_text(encoding="utf-8")
LIGHT = {file.stem for file in FOLDER.glob("*.png") if not file.stem.endswith("-dark")}
FOLDERS = [FOLDER, *(folder for folder in FOLDER.iterdir() if folder.is_dir())]
FILES = sorted(FOLDER.glob("**/*.png"))
MAX_BYTES = 150_000
MAX_SIZE_PX = (1280, 800)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_script_makes_each_of_them_in_light_and_dark(folder):
    assert set(re.findall(r'Scene\("(\w+)"', SCRIPT)) == LIGHT
    assert {file.stem for file in folder.glob("*.png")} == LIGHT | {f"{name}-dark" for name in LIGHT}


def test_each_is_shown_somewhere():
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "resources" / "help").glob("*.md")]
    shown = {
        name for page in pages for name in re.findall(r"screenshots/(\w+)\.png", page.read_text("utf-8"))
    }
    assert shown == LIGHT


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_each_is_of_modest_size(file):
    assert file.stat().st_size <= MAX_BYTES
    with Image.open(file) as picture:
        assert picture.width <= MAX_SIZE_PX[0]
        assert picture.height <= MAX_SIZE_PX[1]
