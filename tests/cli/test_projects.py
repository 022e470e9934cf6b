"""A project file in place of sources."""

import pytest

from stackgui.cli.arguments import options_of, parse, run_options_of, scan_options_of
from stackgui.core.base.choices import Fit, OnError
from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.project.project import Project
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.project_file import write_project

LEFT_OUT = SampleSet(frozenset({(0, "dog/0.png", -1)}))


@pytest.fixture
def project(pets, tmp_path) -> Project:
    made = Project(
        (str(pets),),
        ScanOptions(follow_links=True, list_root=str(tmp_path)),
        Options(size=Size.exact(8, 9), fit=Fit.LETTERBOX, exclude=LEFT_OUT),
        RunOptions("", on_error=OnError.STOP),
    )
    write_project(str(tmp_path / "p.stackgui"), made)
    return made


def test_it_stands_for_its_sources_and_choices(project, tmp_path):
    file = str(tmp_path / "p.stackgui")
    parsed = parse(["convert", file, "--out", str(tmp_path / "s"), "--fit", "crop"])
    assert parsed.sources == list(project.sources)
    assert scan_options_of(parsed) == project.scan_options
    assert options_of(parsed) == Options(
        size=project.options.size, fit=Fit.CROP, exclude=project.options.exclude
    )
    assert run_options_of(parsed) == RunOptions(str(tmp_path / "s"), on_error=OnError.STOP)
    assert scan_options_of(parse(["scan", file])) == project.scan_options


def test_it_is_carried_out(stackgui, project, tmp_path):
    made = stackgui("plan", tmp_path / "p.stackgui", "--json").json
    assert (made["options"], made["arrays"][0]["shape"]) == (project.options.to_json(), [4, 8, 9, 3])


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["."], "is a project, which has sources of its own: name it alone."),
        (["--preset", "Exactly as they are, padded"], "leave out --plan and --preset"),
    ],
)
def test_it_stands_alone(project, tmp_path, more, told):
    with pytest.raises(UsageError, match=told):
        parse(["plan", str(tmp_path / "p.stackgui"), *more])


def test_one_that_cannot_be_read_in_full_is_refused(project, tmp_path):
    file = tmp_path / "p.stackgui"
    file.write_text(file.read_text().replace('"seed"', '"future"'))
    with pytest.raises(UsageError, match=r"Unknown choice: future\."):
        parse(["plan", str(file)])
    file.write_text("{}")
    with pytest.raises(UsageError, match=r"“p.stackgui” is not a project."):
        parse(["plan", str(file)])
