"""Projects survive their files, and what is damaged in them costs only itself."""

import json
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import Channels, Fit, OnError, Storage
from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.shared_plan import shared_plan_from_json
from stackgui.core.project.project import Project, project_from_json
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from tests.damaging import VALUES, damaged

PARTS = st.sampled_from(["a", "work", "cats", "c d", "ü", "\udcff", "~", "$HOME", "..x"])
PATHS = st.lists(PARTS, min_size=1, max_size=4).map(lambda parts: str(PurePosixPath("/", *parts)))
SAMPLES = st.frozensets(
    st.tuples(st.integers(0, 3), PARTS, st.integers(-1, 3)), max_size=4
).map(SampleSet)  # fmt: skip
OPTIONS = st.builds(
    Options,
    size=st.sampled_from([Size(), Size.exact(3, 4)]),
    fit=st.sampled_from(Fit),
    channels=st.sampled_from(Channels),
    fill=st.floats(allow_nan=False, allow_infinity=False),
    exclude=SAMPLES,
    shrink=SAMPLES,
    first=SAMPLES,
)
PROJECTS = st.builds(
    Project,
    sources=st.lists(PATHS, unique=True, max_size=4).map(tuple),
    scan_options=st.builds(
        ScanOptions,
        follow_links=st.booleans(),
        label_list=st.just("") | PATHS,
        list_root=st.just("") | PATHS,
        annotations=st.sampled_from(["auto", "none", "/auto", "/pictures/none"]) | PATHS,
        array=st.sampled_from(["", "x"]),
    ),
    options=OPTIONS,
    run=st.builds(
        RunOptions,
        destination=st.just("") | PATHS,
        storage=st.sampled_from(Storage),
        on_error=st.sampled_from(OnError),
        replace=st.booleans(),
        unfinished=st.sampled_from(IfUnfinished),
    ),
)
SOME = Project(("/files/cats", "/dogs"), ScanOptions(label_list="/files/l.csv"), Options(fit=Fit.COVER))
IN_JSON = json.loads(json.dumps(SOME.to_json("/files")))


@given(PROJECTS, PATHS)
def test_projects_survive_json(project, folder):
    read = project_from_json(json.loads(json.dumps(project.to_json(folder))), folder)
    assert (read.project, read.problems) == (project, ())


@given(PROJECTS, PATHS)
def test_a_permission_lasts_no_longer_than_the_window(project, folder):
    read = project_from_json(project.to_json(folder), folder).project
    assert (read.run.replace, read.run.unfinished) == (False, IfUnfinished.REFUSE)


def test_it_can_be_moved_with_its_folder():
    moved = project_from_json(IN_JSON, "/elsewhere").project
    assert moved.sources == ("/elsewhere/cats", "/dogs")
    assert moved.scan_options.label_list == "/elsewhere/l.csv"


def test_its_choices_can_be_used_as_those_of_a_plan():
    shared = shared_plan_from_json(IN_JSON)
    assert (shared.options, shared.scan_options) == (SOME.options, ScanOptions())


@given(damaged(IN_JSON))
def test_what_is_damaged_costs_only_itself(value):
    if value.get("format") != IN_JSON["format"]:
        with pytest.raises(UsageError, match="not a project"):
            project_from_json(value, "/files")
        return
    read = project_from_json(value, "/files").project
    for name in ("sources", "options", "scan_options"):
        if value.get(name) == IN_JSON[name]:
            assert getattr(read, name) == getattr(SOME, name)


@given(VALUES)
def test_anything_else_is_refused(value):
    with pytest.raises(UsageError, match="not a project"):
        project_from_json(value, "/files")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"version": 99}, "It has version 99"),
        ({"annotations": []}, "Unknown entry: annotations."),
        ({"options": {"fit": "fold", "seed": 3}}, "Fit: "),
        ({"options": {"future": 1}}, "Unknown choice: future."),
        ({"options": {"seed": -1}}, "Seed: A seed of -1 is not possible"),
        ({"run": 7}, "are not a table"),
        ({"sources": "x"}, "The sources are not a list."),
        ({"sources": [7]}, "“7” is not text."),
    ],
)
def test_what_cannot_be_read_is_told(changes, problem):
    read = project_from_json(IN_JSON | changes, "/files")
    assert problem in " ".join(read.problems)
    if "seed" in str(changes) and "fit" in str(changes):
        assert read.project.options.seed == 3


def test_a_blank_project_holds_nothing_to_lose():
    assert Project().is_blank
    assert not SOME.is_blank
    assert not replace(Project(), run=RunOptions("/x")).is_blank


@pytest.mark.parametrize("folder", ["", "/pictures"])
def test_addresses_are_kept_as_they_are(folder):
    sources = ("s3://bucket/pets", "https://host/list.csv", "/pictures/cats")
    project = Project(sources, run=RunOptions("s3://bucket/pets.zarr"))
    read = project_from_json(project.to_json(folder), folder)
    assert (read.project.sources, read.project.run.destination) == (sources, "s3://bucket/pets.zarr")
    assert not read.problems
