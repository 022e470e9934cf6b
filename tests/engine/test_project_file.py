"""The files of projects."""

import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given

from stackgui.core.base.choices import Fit
from stackgui.core.base.errors import StoreError, UsageError
from stackgui.core.options.options import Options
from stackgui.core.project.project import SUFFIX, Project
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.project_file import BLANK_DAYS, forget_blank, own_folder, read_project, write_project
from tests.damaging import BYTES


def test_a_project_is_kept_in_a_file(tmp_path, home):
    folder = tmp_path / "work"
    (folder / "cats").mkdir(parents=True)
    file, gone = str(folder / "pets.stackgui"), str(tmp_path / "gone")
    project = Project((str(folder / "cats"), gone), options=Options(seed=3))
    write_project(file, Project())
    write_project(file, project)
    read = read_project(file)
    assert (read.file, read.project, read.problem, read.missing) == (file, project, "", (gone,))
    assert sorted(os.listdir(folder)) == ["cats", "pets.stackgui"]
    shutil.move(folder, tmp_path / "moved")
    moved = read_project(str(tmp_path / "moved" / "pets.stackgui"))
    assert moved.project.sources == (str(tmp_path / "moved" / "cats"), gone)
    assert own_folder().startswith(str(home))


def test_what_could_not_be_read_is_kept_beside_it(tmp_path):
    file = tmp_path / "pets.stackgui"
    file.write_text('{"format": "stackgui-plan", "version": 2, "options": {"seed": 4, "future": 1}}')
    old, read = file.read_bytes(), read_project(str(file))
    assert read.project.options.seed == 4
    assert "Unknown choice: future." in read.problem
    assert "“pets.stackgui.damaged”" in read.problem
    write_project(str(file), read.project, keeps_old=True)
    assert not read_project(str(file)).problem
    assert (tmp_path / "pets.stackgui.damaged").read_bytes() == old


@given(BYTES)
def test_anything_else_is_refused_with_a_sentence(data):
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "p.stackgui")
        with open(file, "wb") as opened:
            opened.write(data)
        with pytest.raises(UsageError, match=r"“p\.stackgui” is not a project"):
            read_project(file)


def test_a_place_that_cannot_be_read_or_written_is_told(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match=r"“p\.stackgui” cannot be opened"):
        read_project(str(tmp_path / "p.stackgui"))
    with pytest.raises(StoreError, match="taken"):
        write_project(str(tmp_path / "taken" / "p.stackgui"), Project())


def test_old_projects_that_hold_nothing_are_forgotten(tmp_path, home):
    os.makedirs(own_folder())
    names = ("blank", "open", "new", "full", "placed", "damaged")
    files = {name: os.path.join(own_folder(), f"{name}{SUFFIX}") for name in names}
    for file in files.values():
        write_project(file, Project(options=Options(fit=Fit.COVER)))
    write_project(files["full"], Project((str(tmp_path / "gone"),)))
    write_project(files["placed"], Project(run=RunOptions(str(tmp_path / "out"))))
    Path(files["damaged"]).write_text("{")
    now_s = time.time()
    for name, file in files.items():
        age_days = BLANK_DAYS - 1 if name == "new" else BLANK_DAYS + 1
        os.utime(file, (now_s - age_days * 86_400,) * 2)
    forget_blank(now_s, files["open"])
    assert {name for name, file in files.items() if os.path.exists(file)} == {*names} - {"blank"}
