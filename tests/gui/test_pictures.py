from dataclasses import replace
from unittest.mock import create_autospec

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import RunError
from stackgui.core.base.size import Size
from stackgui.core.catalog.selection import Selection
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.gui.control.jobs import FAULT_TEXT, Jobs
from stackgui.gui.control.pictures import KEPT, PAGE, SETTLE_S, Gallery, Pictures
from stackgui.gui.control.sample_previews import shown_samples, telling_samples
from stackgui.gui.control.screen import Kind, State
from stackgui.gui.panels.found.fits import FitsPage
from tests.gui.conftest import make_thumb
from tests.making import make_plan


@pytest.fixture
def gallery():
    return create_autospec(Gallery, instance=True)


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    assert made.close(10)


@pytest.fixture
def pictures(engine, jobs, gallery, now):
    return Pictures(engine, jobs, gallery, clock=lambda: now[0])


@pytest.fixture
def settle(pictures, jobs, until, now):
    """Let the plan settle, and all that was asked for arrive."""

    def wait():
        now[0] += 2 * SETTLE_S
        pictures.poll()
        until(lambda: (jobs.poll(), pictures.poll()), lambda: not idle_kinds(jobs))

    def idle_kinds(jobs):
        return [kind for kind in ("pictures", "outlook") if jobs.is_active(kind)]

    return wait


def shown(gallery) -> dict:
    return {call.args[0]: call.args[1] for call in gallery.show_thumb.call_args_list}


def test_only_what_is_visible_is_asked_for(pictures, gallery, settle, plan):
    pictures.use(plan)
    pictures.want(range(1, 3))
    settle()
    assert sorted(shown(gallery)) == [1, 2]
    assert shown(gallery)[2].row == 2


def test_what_is_shown_is_not_asked_for_again(pictures, gallery, settle, plan, engine):
    pictures.use(plan)
    pictures.want(range(2))
    settle()
    gallery.show_thumb.reset_mock()
    pictures.want(range(4))
    assert sorted(shown(gallery)) == [0, 1], "another tab may show them now"
    settle()
    assert [list(call.args[1]) for call in engine.previews.call_args_list][-1] == [2, 3]


def test_a_long_page_comes_in_parts(pictures, gallery, settle, engine):
    pictures.use(make_plan([(4, 4)] * 100))
    pictures.want(range(2 * PAGE + 1))
    settle()
    asked = [call.args[1] for call in engine.previews.call_args_list if len(call.args[1]) > 5]
    assert [len(part) for part in asked] == [PAGE, PAGE]
    assert len(shown(gallery)) == 2 * PAGE + 1


def test_a_plan_that_is_still_changing_is_not_drawn(pictures, engine, now, plan):
    pictures.use(plan)
    pictures.want(range(4))
    now[0] += SETTLE_S / 2
    pictures.poll()
    engine.previews.assert_not_called()


def test_a_new_plan_is_drawn_anew(pictures, gallery, settle, plan, catalog):
    pictures.use(plan)
    pictures.want(range(1))
    settle()
    pictures.use(resolve(Options(size=Size.exact(9, 9)), catalog))
    settle()
    assert [call.args[0] for call in gallery.show_thumb.call_args_list] == [0, 0]


def test_the_oldest_thumbnails_are_let_go(pictures, gallery, settle):
    pictures.use(make_plan([(4, 4)] * (KEPT + 10)))
    pictures.want(range(KEPT))
    settle()
    pictures.want(range(10, KEPT + 10))
    settle()
    gone = [sample for sample, thumb in shown(gallery).items() if thumb is None]
    assert gone == list(range(10))


def test_the_telling_samples_are_shown_with_their_names(pictures, gallery, settle, plan):
    pictures.use(plan)
    settle()
    names, thumbs = gallery.show_outlook.call_args.args
    assert names == ("widest", "tallest", "smallest"), "each of the three is shown once"
    assert [thumb.row for thumb in thumbs] == [0, 1, 3]


def test_a_picture_that_turns_out_to_be_broken_is_no_example(gallery, engine, jobs, now, until):
    def previews(plan, samples, *_, **__):
        return tuple(replace(make_thumb(sample), reason="damaged" * (sample < 2)) for sample in samples)

    engine.previews.side_effect = previews
    told = []
    looked = Pictures(engine, jobs, gallery, lambda _plan, *seen: told.append(seen), lambda: now[0])
    looked.use(make_plan([(90, 90), (80, 80), (7, 70), (60, 6), (4, 4), (20, 20), (30, 30)]))
    now[0] += SETTLE_S
    until(lambda: (jobs.poll(), looked.poll()), lambda: told)
    names, thumbs = gallery.show_outlook.call_args.args
    shown = dict(zip(names, [thumb.row for thumb in thumbs], strict=True))
    assert shown == {"widest": 2, "tallest": 3, "smallest": 4, "typical": 5, "large": 6}
    samples, tries = told[0]
    assert {0, 1} <= set(samples), "what was found out is told"
    assert [thumb.row for thumb in tries] == list(samples)


def test_that_no_picture_can_be_read_is_said_where_they_would_be(app, behaviour, folders, reach, find, qtbot):
    behaviour.checks = replace(behaviour.checks, problem=Coded.constant("it is damaged", 4))
    strip = find(QWidget, "sizes.outlook")
    assert strip.accessibleDescription() == "No pictures yet."
    app.controller.add_sources(folders)
    reach(State.READY)
    said = "None of the pictures can be read. The tab “Problems” says why."
    qtbot.waitUntil(lambda: strip.accessibleDescription() == said)
    app.window.found.show_tab(FitsPage)
    qtbot.waitUntil(lambda: find(QWidget, "fits.crop.rows").accessibleDescription() == said)
    app.controller.remove_sources(folders)
    qtbot.waitUntil(lambda: strip.accessibleDescription() == "No pictures yet.")


def test_examples_are_shown_where_no_picture_that_was_picked_out_can_be_read():
    plan = make_plan([(90, 90), (80, 80), (7, 70)])
    picked = Selection("", np.array([0, 1]))
    assert shown_samples(plan, picked, {0}) == (("1.png", 1),)
    assert shown_samples(plan, picked, {0, 1}) == telling_samples(plan, {0, 1})


def test_no_plan_takes_them_away(pictures, gallery, settle, plan):
    pictures.use(plan)
    settle()
    pictures.use(None)
    gallery.clear_outlook.assert_called_with()


def test_thumbnails_that_cannot_be_made_are_missing_and_not_asked_for_for_ever(
    pictures, gallery, settle, engine, plan
):
    engine.previews.side_effect = RunError("The workers could not be started.")
    pictures.use(plan)
    pictures.want(range(4))
    settle()
    assert engine.previews.call_count == 2
    gallery.show_thumb.assert_not_called()
    gallery.show_message.assert_not_called()


def test_a_fault_while_making_them_is_shown(pictures, gallery, settle, engine, plan):
    engine.previews.side_effect = KeyError("odd")
    pictures.use(plan)
    settle()
    kind, text, details = gallery.show_message.call_args.args
    assert (kind, text) == (Kind.ERROR, FAULT_TEXT)
    assert "KeyError: 'odd'" in details
