from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import Fit, Storage
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.project.change import described
from stackgui.core.project.history import MAX_STEPS, MERGE_WITHIN_S, History, Work
from stackgui.core.project.project import Project
from stackgui.core.run.run_options import RunOptions

A, B, C = (SampleSet(frozenset({(0, name, -1)})) for name in "abc")
CHANGES = st.one_of(
    st.sampled_from(list(Fit)).map(lambda fit: {"options": Options(fit=fit)}),
    st.sampled_from([A, B, A | B]).map(lambda samples: {"options": Options(exclude=samples)}),
    st.booleans().map(lambda follow: {"scan_options": ScanOptions(follow_links=follow)}),
    st.sampled_from(Storage).map(lambda storage: {"run": RunOptions("", storage=storage)}),
    st.sampled_from(["", "/s"]).map(lambda place: {"run": RunOptions(place)}),
    st.lists(st.sampled_from(["/a", "/b"]), unique=True).map(lambda names: {"sources": tuple(names)}),
)
EVENTS = st.lists(st.tuples(CHANGES, st.sampled_from(["/1.stackgui", "/2.stackgui"])), max_size=12)


@given(EVENTS)
def test_all_steps_are_undone_and_redone(events):
    history, work = History(), Work("/1.stackgui")
    seen = [work]
    for index, (change, file) in enumerate(events):
        after = Work(file, replace(work.project, **change))
        if after == work:
            continue
        what = "New project" if file != work.file else ""
        history, work = history.step(work, after, index * 2 * MERGE_WITHIN_S, what), after
        assert history.past[-1].what
        seen.append(work)
    told = [step.what for step in history.past]
    for expected in [*reversed(seen[:-1]), seen[0]]:
        work, history = history.back(work)
        assert work == expected
    assert [step.what for step in reversed(history.future)] == told
    for expected in [*seen[1:], seen[-1]]:
        work, history = history.forth(work)
        assert work == expected
    assert [step.what for step in history.past] == told


def with_options(**choices):
    return Work("/p", Project(options=Options(**choices)))


def test_a_drag_is_one_step():
    history, work = History(), Work("/p")
    for moment in range(10):
        after = with_options(size=Size.exact(10 + moment, 10))
        history, work = history.step(work, after, moment * 0.03), after
    last = with_options(size=Size.exact(19, 10), fit=Fit.CROP)
    history = history.step(work, last, 0.31)
    assert [step.what for step in history.past] == ["Change “Size”", "Change “Fit”"]
    before, history = history.back(last)
    assert before == work
    assert history.back(before)[0] == Work("/p")


def test_pictures_that_are_left_out_one_after_another_are_steps_of_their_own():
    history = History().step(Work("/p"), with_options(exclude=A), 0.0)
    history = history.step(with_options(exclude=A), with_options(exclude=A | B), 0.1)
    assert len(history.past) == 2


def test_a_new_choice_ends_what_was_undone():
    history = History().step(Work("/p"), with_options(fit=Fit.CROP), 0.0)
    work, history = history.back(with_options(fit=Fit.CROP))
    history = history.step(work, with_options(fit=Fit.COVER), 0.1)
    assert history.forth(with_options(fit=Fit.COVER))[0] == with_options(fit=Fit.COVER)
    assert [step.work for step in history.past] == [Work("/p")]


def test_it_does_not_grow_for_ever():
    history, work = History(), Work("/p")
    for moment in range(2 * MAX_STEPS):
        after = with_options(size=Size.exact(moment + 1, 1))
        history, work = history.step(work, after, moment * 2 * MERGE_WITHIN_S), after
    assert len(history.past) == MAX_STEPS


def test_a_project_that_is_saved_elsewhere_stays_there_when_steps_are_undone():
    history = History().step(Work("/p"), with_options(fit=Fit.CROP), 0.0).moved("/p", "/q")
    assert history.back(Work("/q"))[0] == Work("/q")


BOTH = Project(("/x/cats", "/dogs"))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (Project(), Project(), ""),
        (Project(), BOTH, "Add 2 sources"),
        (Project(("/dogs",)), BOTH, "Add “cats”"),
        (BOTH, Project(("/dogs",)), "Remove “cats”"),
        (BOTH, Project(), "Remove 2 sources"),
        (BOTH, Project(("/dogs", "/x/cats")), "Reorder the sources"),
        (BOTH, Project(("/dogs", "/birds")), "Change the sources"),
        (Project(), Project(options=Options(exclude=A | B)), "Leave out 2 pictures"),
        (Project(options=Options(exclude=A | B)), Project(options=Options(exclude=A)), "Take in 1 picture"),
        (Project(options=Options(shrink=A)), Project(), "Stop shrinking 1 picture"),
        (
            Project(options=Options(exclude=A)),
            Project(options=Options(exclude=B)),
            "Change which pictures are left out",
        ),
        (Project(), Project(run=RunOptions("/s")), "Change “Save as”"),
        (Project(), Project(run=RunOptions("", storage=Storage.FILE)), "Change “Fill it”"),
        (Project(), Project(scan_options=ScanOptions(array="x")), "Change “Array”"),
        (Project(), Project(options=Options(fit=Fit.CROP, seed=2)), "Change 2 choices"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words(before, after, words):
    assert described(before, after) == words
