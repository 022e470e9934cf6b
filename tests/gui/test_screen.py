"""Every state follows from the values shown; so no two can hold at once."""

from dataclasses import replace

import pytest

from stackgui.core.estimate import estimate
from stackgui.core.run import FillProgress, RunOptions, ScanProgress
from stackgui.core.statistics import describe
from stackgui.gui.screen import Destination, RunEnd, Screen, State
from tests.gui.conftest import RESOURCES


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
        ({"scan": ScanProgress()}, State.SCANNING, "Still looking"),
        ({"scan_problem": "There is no such folder."}, State.BLOCKED, "There is no such folder."),
        ({"plan_problem": "Too few channels."}, State.BLOCKED, "Too few channels."),
        ({"destination": None}, State.BLOCKED, "Looking at the place"),
        ({"destination": Destination("It is a file.")}, State.BLOCKED, "It is a file."),
        ({"progress": FillProgress()}, State.RUNNING, "is running"),
        ({"progress": FillProgress(), "paused": True}, State.PAUSED, "is running"),
        ({"end": RunEnd(State.FINISHED)}, State.FINISHED, "This one is done"),
        ({"end": RunEnd(State.CANCELLED)}, State.CANCELLED, ""),
        ({"end": RunEnd(State.FAILED)}, State.FAILED, ""),
        ({"progress": FillProgress(), "end": RunEnd(State.FAILED)}, State.RUNNING, "is running"),
    ],
)
def test_state_and_what_is_in_the_way(ready, changes, state, words):
    screen = replace(ready, **changes)
    assert screen.state is state
    assert words in screen.obstacle
    assert bool(screen.obstacle) == bool(words)
