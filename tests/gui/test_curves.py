from unittest.mock import create_autospec

import pytest

from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.gui.control import curves as module
from stackgui.gui.control.asking import SETTLE_S
from stackgui.gui.control.curves import Curves, CurveView
from stackgui.gui.control.jobs import FAULT_TEXT, Jobs
from stackgui.gui.control.screen import Kind


@pytest.fixture
def view():
    return create_autospec(CurveView, instance=True)


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    assert made.close(10)


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def curves(jobs, view, now):
    made = Curves(jobs, view, clock=lambda: now[0])
    made.want(visible=True)
    return made


@pytest.fixture
def settle(curves, jobs, until, now):
    def wait():
        now[0] += 2 * SETTLE_S
        curves.poll()
        until(lambda: (jobs.poll(), curves.poll()), lambda: not jobs.is_active("curve"))

    return wait


def shown(view) -> list[int]:
    return [len(call.args[0]) for call in view.show_curve.call_args_list]


def test_the_curve_is_kept_when_only_the_number_of_arrays_changes(curves, settle, view, plan):
    curves.use(plan)
    settle()
    curves.use(resolve(Options(buckets=3), plan.catalog))
    settle()
    assert shown(view) == [0, 8]


def test_an_answer_to_what_has_passed_is_not_shown(curves, settle, view, plan, jobs, now):
    curves.use(plan)
    now[0] += 2 * SETTLE_S
    curves.poll()
    assert jobs.is_active("curve")
    curves.use(resolve(Options(multiple=64), plan.catalog))
    settle()
    assert shown(view) == [0, 0, 8]
    last = view.show_curve.call_args.args[0]
    assert last[0].arrays == resolve(Options(multiple=64), plan.catalog).arrays


def test_a_plan_that_is_still_being_dragged_is_not_worked_out(curves, jobs, plan, now):
    curves.use(plan)
    now[0] += SETTLE_S / 2
    curves.poll()
    assert not jobs.is_active("curve")


def test_without_a_plan_there_is_no_curve(curves, settle, view, plan):
    curves.use(plan)
    settle()
    curves.use(None)
    settle()
    assert shown(view) == [0, 8, 0]


def test_a_fault_is_told(curves, settle, view, plan, monkeypatch):
    def fail(*_args):
        raise RuntimeError("broken")

    monkeypatch.setattr(module, "curve", fail)
    curves.use(plan)
    settle()
    kind, text, details = view.show_message.call_args.args
    assert (kind, text) == (Kind.ERROR, FAULT_TEXT)
    assert "broken" in details
