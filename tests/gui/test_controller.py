from dataclasses import replace
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from stackgui.core.advice.estimate import Verdict
from stackgui.core.base.choices import Channels, Fit, OnError, Storage
from stackgui.core.base.errors import RunError, UsageError
from stackgui.core.base.size import Size
from stackgui.core.labels.labels import Labels
from stackgui.core.options.options import Options
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.controller import Controller, View
from stackgui.gui.control.jobs import FAULT_TEXT
from stackgui.gui.control.screen import Kind, Screen, State
from tests.making import make_catalog


@pytest.fixture
def view():
    return create_autospec(View, instance=True)


@pytest.fixture
def stacks(tmp_path):
    return tmp_path / "stacks"


@pytest.fixture
def controller(engine, view, stacks):
    made = Controller(engine, view, RunOptions("", storage=Storage.FILE), Options(), stacks)
    made.begin()
    yield made
    assert made.close()


@pytest.fixture
def reach(controller, until):
    """Poll until the window is in a state."""

    def wait(state: State) -> Screen:
        until(controller.poll, lambda: controller.screen.state is state)
        return controller.screen

    return wait


@pytest.fixture
def ready(controller, reach, folders):
    controller.add_sources(folders)
    return reach(State.READY)


def shown(view) -> Screen:
    return view.present.call_args.args[0]


def messages(view) -> list[str]:
    return [call.args[1] for call in view.show_message.call_args_list]


# Sources


def test_it_begins_empty(controller, view):
    assert shown(view).state is State.EMPTY
    assert "Add a folder" in shown(view).obstacle


def test_folders_are_scanned_and_planned(ready, folders, stacks, view):
    assert ready.sources == tuple(folders)
    assert ready.statistics.samples == 4
    assert ready.plan.rows == 4
    assert ready.estimate.verdict is Verdict.FITS_IN_MEMORY
    assert ready.run.destination == str(stacks / "cats")
    assert ready.obstacle == ""
    assert shown(view) is ready


def test_figures_of_an_unfinished_scan_are_shown(controller, behaviour, folders, until):
    behaviour.scan_may_end.clear()
    controller.add_sources(folders)
    until(controller.poll, lambda: controller.screen.scan and controller.screen.scan.samples_found == 4)
    assert controller.screen.state is State.SCANNING
    assert "Still searching" in controller.screen.obstacle


def test_a_change_of_folders_drops_the_scan_that_is_under_way(controller, behaviour, engine, folders, reach):
    behaviour.scan_may_end.clear()
    controller.add_sources(folders)
    controller.remove_sources(folders[:1])
    behaviour.scan_may_end.set()
    assert reach(State.READY).catalog.sources == (folders[1],)
    assert engine.scan.call_count == 2


def test_a_stopped_scan_says_how_to_go_on(controller, behaviour, folders, reach):
    behaviour.scan_may_end.clear()
    controller.add_sources(folders)
    controller.searching.stop()
    assert "stopped" in reach(State.BLOCKED).obstacle


def test_a_scan_that_fails_says_why(controller, behaviour, folders, reach):
    behaviour.error = UsageError("There is no folder “cats”.")
    controller.add_sources(folders)
    assert reach(State.BLOCKED).obstacle == "There is no folder “cats”."


def test_a_fault_while_scanning_can_be_reported(controller, behaviour, folders, reach, view):
    behaviour.error = KeyError("odd")
    controller.add_sources(folders)
    assert reach(State.BLOCKED).obstacle == FAULT_TEXT
    kind, text, details = view.show_message.call_args.args
    assert (kind, text) == (Kind.ERROR, FAULT_TEXT)
    assert "KeyError: 'odd'" in details


def test_what_is_not_there_or_there_already_is_left_out_and_said(controller, ready, folders, tmp_path, view):
    controller.add_sources([str(tmp_path / "cat.jpg"), folders[0]])
    assert controller.screen.sources == ready.sources
    assert "cat.jpg" in messages(view)[0]
    assert "already in the list" in messages(view)[0]


def test_removing_the_last_folder_empties_the_window(controller, ready, folders):
    controller.remove_sources(folders)
    screen = controller.screen
    assert (screen.state, screen.catalog, screen.plan, screen.run.destination) == (
        State.EMPTY,
        None,
        None,
        "",
    )


def test_no_pictures_at_all_is_said(controller, behaviour, folders, reach, catalog):
    behaviour.catalog = make_catalog([])
    controller.add_sources(folders)
    assert "no pictures" in reach(State.BLOCKED).obstacle


# Choices


def test_a_choice_changes_plan_and_estimate_at_once(controller, ready):
    controller.choose_options(Options(size=Size.exact(30, 40), fit=Fit.COVER))
    assert controller.screen.plan.arrays[0].shape == (4, 30, 40, 3)
    assert controller.screen.estimate.stack_bytes < ready.estimate.stack_bytes
    assert controller.screen.state is State.READY


def test_of_many_samples_only_another_size_is_planned_at_once(controller, ready, monkeypatch, until):
    monkeypatch.setattr("stackgui.gui.control.planning.MANY_SAMPLES", 1)
    controller.choose_size(5, 7)
    assert not controller.screen.planning
    controller.choose_options(replace(controller.screen.options, channels=Channels.GREY))
    assert controller.screen.planning
    assert controller.screen.plan.channels == 3
    until(controller.poll, lambda: not controller.screen.planning)
    assert controller.screen.plan.channels == 1
    assert (controller.screen.plan.largest.height, controller.screen.plan.largest.width) == (5, 7)


def test_a_dragged_size_keeps_the_other_choices(controller, ready):
    controller.choose_options(Options(fit=Fit.CROP))
    controller.choose_size(50, 60)
    assert controller.screen.options == Options(fit=Fit.CROP, size=Size.exact(50, 60))


def test_the_same_choice_again_shows_nothing_new(controller, ready, view):
    before = view.present.call_count
    controller.choose_options(ready.options)
    assert view.present.call_count == before


def test_a_choice_that_cannot_be_met_says_why(controller, ready):
    controller.choose_options(Options(fill=300.0))
    assert (controller.screen.state, controller.screen.plan) == (State.BLOCKED, None)
    assert "fill value of 300" in controller.screen.obstacle
    controller.choose_options(Options())
    assert controller.screen.state is State.READY


def test_more_than_the_disk_holds_is_refused_with_numbers(controller, ready, engine, reach, until):
    engine.resources.return_value = replace(engine.resources.return_value, free_disk_bytes=1000)
    controller.look_again()
    until(controller.poll, lambda: controller.screen.resources.free_disk_bytes == 1000)
    assert controller.screen.state is State.BLOCKED
    assert controller.screen.obstacle == controller.screen.estimate.reason


def test_searching_again_measures_the_disk_again(controller, ready, engine, reach, until):
    engine.resources.return_value = replace(engine.resources.return_value, free_disk_bytes=1000)
    controller.searching.again()
    until(controller.poll, lambda: controller.screen.resources.free_disk_bytes == 1000)


def test_a_stack_that_has_filled_the_disk_is_not_called_too_large(controller, ready, engine, reach, until):
    full = replace(controller.screen.resources, free_disk_bytes=1)
    engine.resources.return_value = full
    controller.convert()
    reach(State.FINISHED)
    until(controller.poll, lambda: controller.screen.destination is not None)
    controller.look_again()
    until(controller.poll, lambda: engine.resources.call_count > 1)
    controller.poll()
    assert controller.screen.estimate.verdict is not Verdict.DOES_NOT_FIT


def test_memory_that_is_too_small_can_be_avoided_by_a_file(controller, ready, engine, until):
    engine.resources.return_value = replace(engine.resources.return_value, free_memory_bytes=1000)
    controller.look_again()
    until(controller.poll, lambda: controller.screen.resources.free_memory_bytes == 1000)
    controller.choose_run(RunOptions("", storage=Storage.MEMORY, on_error=OnError.BLANK))
    assert "too large to fill in memory" in controller.screen.obstacle
    controller.choose_run(RunOptions("", storage=Storage.FILE, on_error=OnError.STOP))
    assert controller.screen.state is State.READY
    assert controller.screen.run.on_error is OnError.STOP


# Destination


def test_a_taken_name_is_not_proposed(controller, stacks, folders, reach):
    (stacks / "cats").mkdir(parents=True)
    controller.add_sources(folders)
    assert reach(State.READY).run.destination == str(stacks / "cats 2")


def test_an_older_stack_can_be_replaced_when_the_person_says_so(
    controller, ready, behaviour, tmp_path, reach, until
):
    place = str(tmp_path / "old")
    behaviour.taken.add(place)
    controller.choose_destination(place)
    until(controller.poll, lambda: controller.screen.destination)
    assert controller.screen.state is State.BLOCKED
    assert controller.screen.destination.replaceable
    assert "is there already" in controller.screen.obstacle
    controller.choose_replace(wanted=True)
    assert reach(State.READY).run.replace


def test_another_place_forgets_the_permission_to_replace(controller, ready, behaviour, tmp_path, reach):
    behaviour.taken.add(str(tmp_path / "old"))
    controller.choose_destination(str(tmp_path / "old"))
    controller.choose_replace(wanted=True)
    reach(State.READY)
    controller.choose_destination(str(tmp_path / "other"))
    assert not controller.screen.run.replace
    assert controller.saved_in == tmp_path


def test_a_chosen_place_stays_when_folders_change(controller, ready, tmp_path, folders, reach):
    controller.choose_destination(str(tmp_path / "mine"))
    controller.remove_sources(folders[:1])
    assert reach(State.READY).run.destination == str(tmp_path / "mine")


# The run


def test_a_run_ends_with_its_report(controller, ready, reach, engine):
    controller.convert()
    assert controller.screen.state is State.RUNNING
    end = reach(State.FINISHED).end
    assert end.report.rows == 4
    assert [failure.row for failure in end.report.failures] == [2]
    plan, run = engine.convert.call_args.args[:2]
    assert plan is ready.plan
    assert run == replace(ready.run, pause_on_trouble=True)


def test_nothing_starts_while_something_is_in_the_way(controller, engine):
    controller.convert()
    assert controller.screen.state is State.EMPTY
    engine.convert.assert_not_called()


def test_the_next_stack_is_prepared_while_one_is_made(controller, ready, behaviour, reach, folders, engine):
    behaviour.run_may_end.clear()
    controller.convert()
    controller.choose_options(Options(fit=Fit.CROP))
    assert controller.screen.run.destination == f"{ready.run.destination} 2", "the other name is taken"
    controller.choose_run(RunOptions("", storage=Storage.MEMORY, on_error=OnError.STOP))
    assert engine.convert.call_count == 1
    behaviour.run_may_end.set()
    screen = reach(State.FINISHED)
    assert screen.end.report.stack == ready.run.destination
    assert (screen.options.fit, screen.run.on_error) == (Fit.CROP, OnError.STOP)
    controller.dismiss()
    assert reach(State.READY).run.destination == f"{ready.run.destination} 2"


def test_other_folders_are_searched_while_a_stack_is_made(controller, ready, behaviour, until, folders):
    behaviour.run_may_end.clear()
    controller.convert()
    controller.projects.start_new()
    assert (controller.screen.state, controller.screen.sources) == (State.RUNNING, ())
    controller.add_sources(folders[1:])
    until(controller.poll, lambda: controller.screen.plan)
    assert controller.screen.run.destination.endswith("dogs")
    assert controller.screen.running.destination == ready.run.destination
    behaviour.run_may_end.set()
    until(controller.poll, lambda: controller.screen.end)
    assert controller.screen.sources == (folders[1],)
    until(controller.poll, lambda: not controller.screen.obstacle)


def test_pause_go_on_and_cancel(controller, ready, behaviour, reach, until):
    behaviour.run_may_end.clear()
    controller.convert()
    until(controller.poll, lambda: controller.screen.running.progress.rows_done == 2)
    controller.runs.pause_or_resume()
    assert controller.screen.state is State.PAUSED
    controller.runs.pause_or_resume()
    assert controller.screen.state is State.RUNNING
    controller.runs.pause_or_resume()
    controller.runs.cancel()
    assert reach(State.CANCELLED).end.text == "You cancelled the conversion."


@pytest.mark.parametrize(
    ("error", "text", "details"),
    [
        (RunError("The disk is full."), "The disk is full.", ""),
        (KeyError("odd"), FAULT_TEXT, "KeyError: 'odd'"),
    ],
)
def test_a_run_that_fails_says_why_and_can_be_resumed(
    controller, ready, behaviour, reach, until, error, text, details
):
    behaviour.error = error
    controller.convert()
    end = reach(State.FAILED).end
    assert end.text == text
    assert details in end.details
    behaviour.error = None
    until(controller.poll, lambda: controller.screen.unfinished)
    controller.left_over.resume()
    reach(State.FINISHED)


def test_after_a_finished_run_a_change_proposes_a_new_name(controller, ready, reach):
    controller.convert()
    reach(State.FINISHED)
    assert "This stack is done" in controller.screen.obstacle
    Path(ready.run.destination).mkdir(parents=True)
    controller.choose_options(Options(labels=Labels.NONE))
    assert reach(State.READY).run.destination == f"{ready.run.destination} 2"


def test_new_begins_with_no_folders_and_the_same_choices(controller, ready, reach):
    controller.choose_options(Options(fit=Fit.COVER))
    controller.convert()
    reach(State.FINISHED)
    controller.projects.start_new()
    assert (controller.screen.state, controller.screen.sources) == (State.EMPTY, ())
    assert controller.screen.options.fit is Fit.COVER


def test_a_fault_in_the_window_ends_the_running_state(controller, ready, view, reach):
    controller.convert()
    view.present.side_effect = lambda screen: 1 / 0 if screen.end else None
    with pytest.raises(ZeroDivisionError):
        reach(State.FAILED)
    view.present.side_effect = None
    controller.runs.recover()
    assert controller.screen.state is State.FINISHED


def test_a_fault_before_the_ending_is_taken_in_ends_the_running_state_too(
    controller, ready, monkeypatch, until
):
    monkeypatch.setattr("stackgui.gui.control.transitions.run_end", lambda *_: 1 / 0)
    controller.convert()
    with pytest.raises(ZeroDivisionError):
        until(controller.poll, lambda: False)
    controller.runs.recover()
    assert (controller.screen.state, controller.screen.end.text) == (State.FAILED, FAULT_TEXT)


def test_a_fault_elsewhere_leaves_the_run_alone(controller, ready, behaviour, reach):
    behaviour.run_may_end.clear()
    controller.convert()
    controller.runs.recover()
    assert controller.screen.state is State.RUNNING
    behaviour.run_may_end.set()
    reach(State.FINISHED)
