"""Someone drops the folder of a project on the window, and its boxes sit on the objects."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import stackgui
from stackgui.core.base.choices import Fit, Resample
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.projects import CLASSES, COLOURS, PICTURES, PROJECTS

LETTERBOX = Options(size=Size.parse("224"), fit=Fit.LETTERBOX, resample=Resample.NEAREST)


def shown(pixels: np.ndarray, name: str) -> list[int]:
    """The bounds of what is drawn in the colour of a class."""
    rows, columns = np.nonzero((pixels == COLOURS[name]).all(axis=2))
    return [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("tool", PROJECTS)
def test_boxes_of_a_dropped_project_sit_on_the_objects(engine, tmp_path, tool, form):
    source = tmp_path / "pets"
    PROJECTS[tool](source, PICTURES)
    if form == "zip":
        source = Path(shutil.make_archive(str(source), "zip", source))
    catalog = engine.scan([str(source)], Control())
    engine.convert(resolve(LETTERBOX, catalog), RunOptions(str(tmp_path / "out")), Control())
    with stackgui.open_stack(tmp_path / "out") as stack:
        assert sorted(stack.objects.classes) == sorted(CLASSES)
        picture_of = {each.stem: each for each in PICTURES}
        assert len(stack) == len(PICTURES)
        for row, file in enumerate(stack.files):
            picture = picture_of[Path(file).stem]
            assert stack.valid[row] == (not picture.is_broken)
            wanted = () if picture.is_broken else picture.objects
            begin, end = stack.objects.offsets[row : row + 2]
            names = [stack.objects.classes[number] for number in stack.objects.category[begin:end]]
            assert names == [name for name, _box in wanted]
            for name, box in zip(names, stack.boxes(row), strict=True):
                np.testing.assert_allclose(box, shown(stack[row], name), atol=0.501)
