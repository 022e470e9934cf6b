"""Someone drops the folder of a project on the window, and its boxes sit on the objects."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import stackgui
from stackgui.core.base.choices import Fit, Resample
from stackgui.core.base.size import Size
from stackgui.core.base.source_names import may_be_annotations
from stackgui.core.catalog.scan_options import AUTOMATIC, ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.sources.given_annotations import given_annotations
from stackgui.imaging.annotations.formats import FORMATS
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


@pytest.mark.parametrize("tool", PROJECTS)
def test_the_file_of_annotations_stands_for_its_project(engine, tmp_path, tool):
    place = PROJECTS[tool](tmp_path / tool, PICTURES)
    file = (
        next(each for each in sorted(place.glob("*")) if "garden" in each.name) if place.is_dir() else place
    )
    if tool == "labelme":
        file = place / "garden-1.json"
    given = given_annotations([str(file)], [])
    (folder,), (sentence,) = given.sources, given.told
    assert sentence.startswith(f"{file.name} holds annotations (")
    catalog = engine.scan([folder], Control(), ScanOptions(annotations=given.place or AUTOMATIC))
    (source,) = {each.title for each in catalog.annotations.sources}
    assert f"({source})" in sentence
    assert len(catalog) == len(PICTURES)
    assert len(catalog.annotations.objects) == (3 if tool == "coco" else 5)


def test_a_file_of_annotations_beside_other_sources_is_about_these(tmp_path):
    file = PROJECTS["coco"](tmp_path / "coco", PICTURES)
    elsewhere = file.rename(tmp_path / "instances.json")
    pictures = str(tmp_path / "coco" / "train")
    for names, known in (([pictures, str(elsewhere)], []), ([str(elsewhere)], [pictures])):
        given = given_annotations(names, known)
        assert given.sources == tuple(name for name in names if name != str(elsewhere))
        assert given.place == str(elsewhere)
        assert "pictures of the other sources" in given.told[0]


def test_a_file_of_annotations_without_pictures_asks_for_them(tmp_path):
    file = PROJECTS["coco"](tmp_path / "coco", PICTURES)
    (tmp_path / "alone").mkdir()
    elsewhere = file.rename(tmp_path / "alone" / "instances.json")
    given = given_annotations([str(elsewhere)], [])
    assert (given.sources, given.place, given.is_homeless) == ((), str(elsewhere), True)
    assert "no pictures lie beside it" in given.told[0]


def test_lists_of_files_are_no_annotations(tmp_path):
    PICTURES[0].save(tmp_path)
    for name, text in {
        "list.csv": "file,label\ngarden-1.png,cat\n",
        "list.json": '[{"file": "garden-1.png", "label": "cat"}]',
        "list.txt": "garden-1.png 0\n",
    }.items():
        (tmp_path / name).write_text(text)
        given = given_annotations([str(tmp_path / name)], [])
        assert (given.sources, given.told) == ((str(tmp_path / name),), ())


def test_every_annotation_file_is_looked_at():
    assert all(may_be_annotations(f"x{suffix}") for each in FORMATS for suffix in each.suffixes)


def test_files_of_annotations_far_apart_do_not_make_one_place_of_all_folders_between(tmp_path):
    files = []
    for name in ("a/one", "b/two/three/four/five"):
        file = PROJECTS["coco"](tmp_path / name, PICTURES)
        files.append(str(file))
    pictures = str(tmp_path / "a" / "one" / "train")
    assert given_annotations([pictures, *files]).place == files[0]
    near = [str(tmp_path / "c" / name / "annotations.json") for name in ("x", "y")]
    for each in near:
        (tmp_path / each).parent.mkdir(parents=True)
        (tmp_path / each).write_bytes((tmp_path / files[0]).read_bytes())
    assert given_annotations([pictures, *near]).place == str(tmp_path / "c")
