"""Stacks with masks go to a bucket from the terminal, and the code that opens them is printed."""

import numpy as np
import pytest
from PIL import Image

from tests.serving import bucket_on_loopback

zarr = pytest.importorskip("zarr")

PLACE = "s3://pictures/seg.zarr"
PICTURES = 5


@pytest.fixture(scope="module", autouse=True)
def bucket():
    with pytest.MonkeyPatch.context() as patch, bucket_on_loopback(patch) as made:
        yield made


@pytest.fixture
def folder(tmp_path):
    """Pictures and masks, each with its number in it."""
    made = tmp_path / "seg"
    for number in range(PICTURES):
        for kind, shape in (("images", (8, 6, 3)), ("masks", (8, 6))):
            (made / kind).mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full(shape, number, np.uint8)).save(made / kind / f"{number}.png")
    return made


def test_masks_are_planned_made_verified_and_opened_by_the_code_that_is_printed(
    stackgui, folder, monkeypatch
):
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")  # it is no server of the world
    planned = stackgui("plan", folder, "--out", PLACE, "--json")
    assert (planned.status, planned.json["estimate"]["verdict"]) == (0, "is sent to a bucket")
    assert [array["file"] for array in planned.json["arrays"]] == ["images.npy"]
    assert planned.json["masks"]["dtype"] == "uint8"

    made = stackgui("convert", folder, "--out", PLACE, "--workers", 1, "--json")
    assert (made.status, made.json["stack"], made.json["rows"]) == (0, PLACE, PICTURES)
    verified = stackgui("verify", PLACE, "--deep", "all", "--workers", 1, "--json")
    assert (verified.status, verified.json["status"], verified.json["decoded"]) == (0, "sound", PICTURES)

    told = stackgui("snippet", PLACE)
    assert (told.status, told.err) == (0, "")
    names = {}
    exec(told.out, names)
    assert names["images"].shape == (PICTURES, 8, 6, 3)
    assert [int(names["masks"][row].max()) for row in range(PICTURES)] == list(range(PICTURES))
