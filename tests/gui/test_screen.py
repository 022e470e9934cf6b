"""Every state follows from the values shown; so no two can hold at once."""

from dataclasses import replace

import pytest

from stackgui.core.advice.estimate import estimate
from stackgui.core.base.choices import Channels, Fit
from stackgui.core.base.size import Size
from stackgui.core.catalog.statistics import describe
from stackgui.core.plan.resolve import resolve
from stackgui.core.project.project import Project
from stackgui.core.project.queue import Queue, QueuedJob
from stackgui.core.run.progress import FillProgress, ScanProgress
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.place import Destination
from stackgui.gui.control.running import QueueState, Running
from stackgui.gui.control.screen import Check, Health, RunEnd, Screen, State
from tests.gui.conftest import RESOURCES

RUNNING = Running("/stacks/pets", FillProgress())
MADE = RunEnd(State.FINISHED, "/stacks/pets")


@pytest.fixture
def ready(plan) -> Screen:
    return Screen(
        run=RunOptions("/stacks/pets"),
        sources=plan.catalog.sources,
        catalog=plan.catalog,
        statistics=describe(plan.catalog),
        plan=plan,
        resources=RESOURCES,
        estimate=estimate(plan, RESOURCES),
        destination=Destination(),
    )


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({}, State.READY, ""),
        ({"sources": ()}, State.EMPTY, "Add a folder"),
        ({"scan": ScanProgress()}, State.SCANNING, "Still searching"),
        ({"scan_problem": "There is no such folder."}, State.BLOCKED, "There is no such folder."),
        ({"plan_problem": "Too few channels."}, State.BLOCKED, "Too few channels."),
        ({"destination": None}, State.BLOCKED, "Checking the folder"),
        ({"destination": Destination("It is a file.")}, State.BLOCKED, "It is a file."),
        ({"running": RUNNING}, State.RUNNING, "“pets” is being made."),
        ({"running": replace(RUNNING, paused=True)}, State.PAUSED, "“pets” is paused."),
        ({"running": replace(RUNNING, retrying=True)}, State.RUNNING, "Failed rows of “pets” are being"),
        ({"running": Running("/stacks/b", FillProgress())}, State.RUNNING, ""),
        (
            {"queue": QueueState(Queue().added(QueuedJob(Project(run=RunOptions("/stacks/pets")))))},
            State.BLOCKED,
            "“pets” is in the queue.",
        ),
        ({"end": MADE, "made": MADE}, State.FINISHED, "This stack is done"),
        ({"made": MADE}, State.BLOCKED, "This stack is done"),
        ({"end": RunEnd(State.FINISHED, "/stacks/other")}, State.FINISHED, ""),
        ({"end": RunEnd(State.CANCELLED, "/stacks/pets")}, State.CANCELLED, ""),
        ({"end": RunEnd(State.FAILED, "/stacks/pets")}, State.FAILED, ""),
    ],
)
def test_state_and_what_is_in_the_way(ready, changes, state, words):
    screen = replace(ready, **changes)
    assert screen.state is state
    assert words in screen.obstacle
    assert bool(screen.obstacle) == bool(words)


@pytest.mark.parametrize(
    ("before", "after", "went_on"),
    [
        ({"running": RUNNING}, {"running": replace(RUNNING, progress=FillProgress(rows_done=1))}, "running"),
        ({"scan": ScanProgress()}, {"scan": ScanProgress(samples_found=1)}, "scan"),
        ({"check": Check("/s")}, {"check": Check("/s", FillProgress())}, "check"),
        ({"health": Health()}, {"health": Health(progress=FillProgress())}, "health"),
        ({}, {"health": Health()}, ""),
        ({}, {}, ""),
        ({}, {"running": RUNNING}, ""),
        ({"running": RUNNING}, {"running": None}, ""),
        ({"running": RUNNING}, {"running": replace(RUNNING, paused=True)}, ""),
        ({"scan": ScanProgress()}, {"scan": ScanProgress(), "sources": ("/more",)}, ""),
        ({}, {"destination": Destination("It is a file.")}, ""),
    ],
)
def test_what_merely_got_on_is_told_from_what_is_new(ready, before, after, went_on):
    screen = replace(ready, **before)
    assert replace(screen, **after).went_on_from(screen) == went_on


def test_another_size_is_told_from_other_choices(ready):
    def planned(**choices: object) -> Screen:
        options = replace(ready.options, **choices)
        plan = resolve(options, ready.catalog)
        run = replace(ready.run)
        return replace(ready, options=options, plan=plan, estimate=estimate(plan, RESOURCES), run=run)

    assert planned(size=Size.exact(90, 80)).went_on_from(ready) == "size"
    assert planned(size=Size.exact(90, 80), fit=Fit.CROP).went_on_from(ready) == ""
    assert planned(size=Size.exact(90, 80), channels=Channels.GREY).went_on_from(ready) == ""
    waiting = replace(ready, options=replace(ready.options, size=Size.exact(90, 80)))
    assert waiting.planning
    assert waiting.went_on_from(ready) == ""
    assert planned(size=Size.exact(90, 80)).went_on_from(waiting) == ""
    assert replace(planned(size=Size.exact(90, 80)), sources=("/more",)).went_on_from(ready) == ""
