"""Groups at the terminal: what was found, and what could not be met, before anything is made."""

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def patients(tmp_path):
    """Pictures of one patient with many and of five with few."""
    folder = tmp_path / "D"
    folder.mkdir()
    for patient, count in enumerate((12, 2, 2, 2, 1, 1)):
        for number in range(count):
            picture = np.full((4, 5), 10 * patient + number, np.uint8)
            Image.fromarray(picture).save(folder / f"p{patient}_{number}.png")
    return folder


def test_groups_and_what_could_not_be_met_are_told_before(stackgui, patients):
    ask = ("plan", patients, "--split", "40/30/30", "--group-by", "name:{group}_*")
    told = stackgui(*ask).out
    assert "groups    6 groups from the files’ names; the largest, p0, has 12 of 20 pictures" in told
    assert "by the shares 40/30/30, with whole groups, and the seed 0" in told
    assert "train 60 % instead of 40 %, validation 20 % instead of 30 %, test 20 % instead of 30 %" in told
    assert "The group p0 has 12 of 20 pictures" in told
    found = stackgui(*ask, "--json").json
    assert found["split"]["asked"] == {"train": 40, "validation": 30, "test": 30}
    assert found["split"]["reached"] == {"train": 60.0, "validation": 20.0, "test": 20.0}
    assert found["groups"]["count"] == 6
    assert next(iter(found["groups"]["largest"].items())) == ("p0", 12)
    assert {"shares-missed", "large-group"} <= {each["code"] for each in found["warnings"]}
    assert stackgui("plan", patients, "--split", "80/20", "--stratify").out.count("validation 4") == 1


def test_what_is_no_choice_is_told(stackgui, patients):
    assert "column:patient" in stackgui("plan", patients, "--group-by", "patient").err
    missing = stackgui("plan", patients, "--group-by", "column:patient").err
    assert "There is no list to take the column “patient” from." in missing
