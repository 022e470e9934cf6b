"""The sample pictures, the icons and the help pages that come with the program."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui import resources

FOLDER = resources.path("samples")
MASKS = FOLDER / "masks"
SAMPLES = sorted(
    file
    for file in FOLDER.rglob("*")
    if file.is_file() and file.relative_to(FOLDER).parts[0] not in {"annotations", "masks"}
)
HELP = sorted(resources.path("help").glob("**/*.md"))


def opened(file: Path) -> Image.Image | None:
    try:
        with Image.open(file) as image:
            return image.copy()
    except OSError:
        return None


@pytest.fixture(scope="module")
def pictures() -> dict[str, Image.Image | None]:
    return {file.name: opened(file) for file in SAMPLES if file.suffix != ".npy"}


def test_there_are_about_two_dozen_and_they_weigh_little():
    assert 20 <= len(SAMPLES) <= 30
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 400_000
    assert {file.parent.name for file in SAMPLES} == {"flowers", "landscapes", "planets"}


def test_exactly_one_is_broken(pictures):
    assert [name for name, picture in pictures.items() if picture is None] == ["cut-off.jpg"]


def test_there_is_one_of_everything_that_needs_care(pictures):
    modes = [picture.mode for picture in pictures.values() if picture]
    assert modes.count("L") == 1
    assert modes.count("RGBA") == 1
    turned = [name for name, picture in pictures.items() if picture and picture.getexif().get(0x0112, 1) != 1]
    assert turned == ["on-its-side.jpg"]
    tensor = np.load(resources.path("samples", "planets", "tensor.npy"))
    assert tensor.dtype == np.uint8
    assert tensor.ndim == 3


def test_their_sizes_are_mixed(pictures):
    sizes = [picture.size for picture in pictures.values() if picture]
    assert len(set(sizes)) > 15
    assert max(max(size) for size in sizes) <= 400


def test_each_has_a_mask_and_a_box_around_what_it_shows():
    content = json.loads((FOLDER / "annotations" / "boxes.json").read_text(encoding="utf-8"))
    box_of = {each["image_id"]: each for each in content["annotations"]}
    assert {each["file_name"] for each in content["images"]} == {
        file.relative_to(FOLDER).as_posix() for file in SAMPLES
    }
    assert len(box_of) == len(SAMPLES)
    for image in content["images"]:
        mask = np.asarray(Image.open((MASKS / image["file_name"]).with_suffix(".png")))
        assert mask.shape == (image["height"], image["width"])
        box = box_of[image["id"]]
        rows, columns = np.nonzero(mask == box["category_id"])
        left, top, width, height = box["bbox"]
        shown = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        # A mask holds the pixels that are covered by half or more.
        np.testing.assert_allclose((left, top, left + width, top + height), shown, atol=3)
        assert np.count_nonzero(mask) == len(rows)


@pytest.mark.parametrize("page", HELP, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_every_link_of_a_help_page_leads_to_another(page):
    links = re.findall(r"(!?)\[[^]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    own = page.parent.relative_to(resources.path("help"))
    for is_picture, link in links:
        folder = resources.path("screenshots" if is_picture else "help")
        folders = {folder / own} if is_picture else {folder / own, folder}
        assert (page.parent / link).resolve().parent in folders, link
        assert (page.parent / link).is_file(), link


def test_every_help_page_can_be_reached():
    first = resources.path("help", "index.md").read_text(encoding="utf-8")
    assert {page.name for page in HELP} == {"index.md", *re.findall(r"\(([^)]+\.md)\)", first)}


def test_a_link_leads_to_the_page_in_the_same_language_if_there_is_one():
    for page in HELP:
        for link in re.findall(r"\]\(\.\./([\w-]+\.md)", page.read_text(encoding="utf-8")):
            assert not (page.parent / link).exists(), f"{page}: {link}"
