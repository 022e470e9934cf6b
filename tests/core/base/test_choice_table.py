"""The table of choices: nothing in it is forgotten, and nothing that is read from it breaks the program."""

import contextlib
import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choice_table import FlagSpelling, Spelling, choices_of, from_json, to_json
from stackgui.core.base.choices import Channels
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import Place, shown
from stackgui.core.base.list_kinds import Listed
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.size_independent import same_apart_from_size
from stackgui.core.run.run_options import Limits, RunOptions
from tests.damaging import VALUES
from tests.making import make_plan

TABLES = (Options, ScanOptions, RunOptions, Limits)
CHOICES = [(table, name) for table in TABLES for name in choices_of(table)]

FIRST = {
    Options: "size fit anchor fill channels dtype scale layout labels classes resample reduce non_finite "
    "alpha background icc decode buckets multiple smallest_px exclude shrink split shuffle seed",
    ScanOptions: "follow_links tensor_layout array frames open_archives path_column label_column "
    "split_column list_root label_list",
    RunOptions: "storage on_error replace",
    Limits: "",
}
"""The choices that version 0.1 wrote into its files; to all later ones `is_later` belongs."""


@pytest.mark.parametrize(("table", "name"), CHOICES)
def test_each_choice_is_told_to_people(table, name):
    declared = choices_of(table)[name]
    assert declared.about.endswith(".")
    assert declared.title
    assert declared.caption
    assert [field.name for field in fields(table)] == list(choices_of(table))
    for spelling in declared.spellings:
        if isinstance(spelling, FlagSpelling):
            assert spelling.about.endswith(".")
    files = [each.names_file for each in declared.spellings if isinstance(each, Spelling)]
    assert any(files) is isinstance(declared.kind, Listed), "only lists are read from files"


@pytest.mark.parametrize("table", TABLES)
def test_choices_that_came_later_do_not_change_the_fingerprints_of_stacks(table):
    first = {name for name, each in choices_of(table).items() if each.is_saved and not each.is_later}
    assert first == set(FIRST[table].split())


def test_fingerprints_are_those_of_the_first_version():
    options = Options.from_json(
        {
            "size": "4x5", "fit": "cover", "fill": 3, "background": "#010203", "labels": "name:{label}.*",
            "split": "rows:80/10/10", "exclude": [[0, "1.png", -1]], "shuffle": True, "seed": 5, "buckets": 2,
        }
    )  # fmt: skip
    assert make_plan([(2, 3)] * 3, options).fingerprint == "11eacf716123e266d74b467254ae0fdd"
    assert (
        make_plan([(2, 3), (4, 5)], Options.from_json({})).fingerprint == "5c01c61c0d35ec8c6150e46dedd2b4e0"
    )


@given(st.sampled_from(CHOICES), VALUES)
def test_any_value_is_read_or_refused_with_a_sentence(place, value):
    table, name = place
    needed = {"destination": ""} if table is RunOptions else {}
    with contextlib.suppress(UsageError):
        made = from_json(table, {name: value}, **needed)
        assert from_json(table, json.loads(json.dumps(to_json(made))), **needed) == made


@given(VALUES)
def test_any_table_is_read_or_refused_with_a_sentence(value):
    for table in (Options, ScanOptions):
        with contextlib.suppress(UsageError):
            table.from_json(value)
    assert len(shown(value)) < 1000


def test_what_leads_outside_is_never_taken_from_another_person():
    outside = {name for name, each in choices_of(ScanOptions).items() if each.leads_outside}
    assert outside == {"follow_links", "list_root", "label_list", "annotations", "masks"}
    files = [each for each in choices_of(ScanOptions).values() if isinstance(each.kind, Place)]
    assert all(each.leads_outside for each in files)


def test_the_basis_hangs_on_what_rows_hold():
    assert same_apart_from_size(Options(), Options(size=Size.exact(3, 4), buckets=4))
    for other in (
        Options(channels=Channels.GREY),
        Options(fill=4),
        Options(exclude=SampleSet(frozenset({(0, "a", -1)}))),
        replace(Options(), seed=4),
    ):
        assert not same_apart_from_size(Options(), other)


def test_what_a_file_holds_hangs_on_how_it_is_read():
    assert ScanOptions(array="x").reading != ScanOptions().reading
    assert ScanOptions(follow_links=True).reading == ScanOptions().reading
