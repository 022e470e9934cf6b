"""What makes the arrays smaller: the ways beside the verdict, the outliers, and another computer."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QDoubleSpinBox, QSpinBox, QTabWidget, QWidget

from stackgui.core.advice.outliers import outliers
from stackgui.core.advice.remedies import Machine, RemedyKind, remedies
from stackgui.core.advice.savings import savings
from stackgui.core.base.choices import Numbers, OnError, Storage
from stackgui.core.base.errors import Cancelled
from stackgui.core.base.size import Size
from stackgui.core.base.units import format_bytes
from stackgui.core.catalog.sample_set import NOTHING
from stackgui.core.options.options import Options
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.app.app import App
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.texts.savings_texts import array_bytes, tax
from tests.gui.acting import words
from tests.making import make_catalog, make_plan

SIZES = [(100, 100)] * 30 + [(100, 200), (101, 199), (300, 90), (0, 0)]


@pytest.fixture
def catalog():
    """Thirty alike, three that are larger, and one that cannot be read."""
    return make_catalog(SIZES, problem=[""] * 33 + ["it is torn"])


@pytest.fixture
def known(ready, app, qtbot):
    """Wait until what is shown was worked out for the plan of now."""

    def done():
        screen, found = app.controller.screen, app.window.found.outliers._found
        return not screen.planning and found is not None and found.plan is screen.plan

    def wait():
        qtbot.waitUntil(done)
        return app.controller.screen.plan

    wait()
    return wait


@pytest.fixture
def page(app, find, known):
    shown = app.window.found.outliers
    find(QTabWidget, "found.tabs").setCurrentWidget(shown)
    return shown


@pytest.mark.parametrize("kind", [RemedyKind.BUCKETS, RemedyKind.EXCLUDE, RemedyKind.SHRINK, RemedyKind.GREY])
def test_a_click_makes_it_as_small_as_was_said_and_can_be_undone(known, app, click, kind):
    plan = known()
    remedy = next(each for each in remedies(plan) if each.kind is kind)
    click(f"smaller.{kind.name.lower()}")
    assert array_bytes(known()) == remedy.array_bytes < array_bytes(plan)
    app.controller.travel(back=True)
    assert app.controller.screen.options == plan.options


def test_the_ways_are_counted_and_each_tells_what_it_saves(known, app, find):
    app.controller.choose_options(Options(dtype=Numbers.FLOAT32))
    plan = known()
    found = remedies(plan)
    title = find(QAbstractButton, "smaller.ways.title")
    assert title.text() == f"{len(found)} ways to make it smaller"
    assert words(find, "smaller.uint8.saved").endswith("(75 %)")
    title.click()
    assert not find(QAbstractButton, "smaller.uint8").isVisible()


def test_what_belongs_to_another_plan_cannot_be_chosen(known, app, find):
    choose = find(QAbstractButton, "smaller.grey")
    assert choose.isEnabled()
    app.controller.choose_options(Options(size=Size.exact(90, 90)))
    assert not choose.isEnabled()
    known()
    assert choose.isEnabled()


def test_filling_a_file_instead_of_memory_is_one_of_the_ways(known, app, find, click):
    assert not find(QAbstractButton, "smaller.file").isVisible()
    app.controller.choose_run(RunOptions("", storage=Storage.MEMORY, on_error=OnError.STOP))
    plan = app.controller.screen.plan
    pixels = sum(plan.catalog.height.astype(int) * plan.catalog.width) * plan.channels
    assert find(QWidget, "smaller.file.saved").toolTip().startswith(f"{pixels:,} bytes")
    assert words(find, "smaller.file.saved") == f"up to {format_bytes(pixels)} of memory"
    click("smaller.file")
    run = app.controller.screen.run
    assert (run.storage, run.on_error) == (Storage.FILE, OnError.STOP)
    assert not find(QAbstractButton, "smaller.file").isVisible()


def test_an_outlier_left_out_gives_the_figure_that_its_line_told(page, known, app, click, find):
    plan = known()
    first = outliers(plan)[0]
    assert first.samples == (32,)
    assert words(find, "outliers.0.name") == "32.png"
    assert "without it" in words(find, "outliers.0.cost")
    click("outliers.0.exclude")
    assert array_bytes(known()) == first.array_bytes
    assert words(find, "outliers.0.name") == "32.png", "it stays where it can be kept again"
    assert find(QAbstractButton, "outliers.0.exclude").isChecked()
    click("outliers.0.shrink")
    assert array_bytes(known()) == first.shrunk_bytes
    click("outliers.0.keep")
    assert array_bytes(known()) == array_bytes(plan)
    options = app.controller.screen.options
    assert options.exclude == options.shrink == NOTHING


@pytest.mark.parametrize("fate", ["exclude", "shrink"])
def test_all_of_them_at_once(page, known, app, click, fate, find):
    last = outliers(known())[-1]
    click(f"outliers.{fate}")
    plan = known()
    expected = last.array_bytes if fate == "exclude" else last.shrunk_bytes
    assert array_bytes(plan) == expected
    assert words(find, "outliers.headline").startswith("There are no outliers")
    assert len(page.samples_in_view()) == 3
    app.controller.travel(back=True)
    assert array_bytes(known()) > expected


def test_their_pictures_are_made_only_while_they_are_looked_at(known, app, engine, find, qtbot):
    def asked():
        return [call.args[1] for call in engine.previews.call_args_list if call.args[2] == 128]

    qtbot.wait(300)
    assert asked() == []
    page = app.window.found.outliers
    find(QTabWidget, "found.tabs").setCurrentWidget(page)
    qtbot.waitUntil(lambda: 32 in page._thumbs)
    assert [sorted(samples) for samples in asked()] == [[30, 31, 32]]


def test_where_the_size_was_chosen_nothing_is_an_outlier(page, known, app, find):
    app.controller.choose_options(replace(Options(), size=Size.exact(50, 50)))
    known()
    assert "the largest picture does not set the size" in words(find, "outliers.headline")
    assert not find(QAbstractButton, "outliers.0.keep").isVisible()


def test_with_several_arrays_it_is_said_that_these_part_the_pictures(page, known, app, find):
    app.controller.choose_options(replace(Options(), buckets=2))
    known()
    told = words(find, "outliers.headline")
    assert "divided among several arrays" in told
    assert "does not set the size" not in told


def test_the_tax_is_told_in_words():
    plan = make_plan(SIZES[:31])
    assert tax(plan, outliers(plan)) == (
        "1 picture out of 31 doubles the array: 1.86 MB → 900 kB without it."
    )
    plan = make_plan(SIZES[:33])
    assert "3 pictures out of 33 make the array 6." in tax(plan, outliers(plan))


def test_whether_it_fits_elsewhere_is_answered_and_remembered(known, app, find, engine):
    find(QAbstractButton, "other.fold.title").click()
    assert words(find, "other.verdict").startswith("All ")
    find(QDoubleSpinBox, "other.memory").setValue(4.0)
    find(QDoubleSpinBox, "other.gpu").setValue(0.0)
    find(QSpinBox, "other.batch").setValue(100_000)
    assert "too much beside a model in memory" in words(find, "other.verdict")
    app.close()
    assert Preferences().machine() == Machine(4 * 10**9, 0, 100_000)
    again = App(engine, Preferences())
    assert again.window.memory.other.machine() == Machine(4 * 10**9, 0, 100_000)
    again.close()
    again.window.deleteLater()


def test_savings_hold_together():
    plan = make_plan(SIZES[:33])
    found = savings(plan)
    assert (found.plan, found.former_outliers) == (plan, ())
    assert found.outliers == outliers(plan)
    assert {remedy.kind for remedy in found.remedies} >= {RemedyKind.EXCLUDE, RemedyKind.BUCKETS}


def test_savings_are_broken_off_between_two_remedies():
    looks = []

    class Twice:
        def check(self):
            looks.append(None)
            if len(looks) == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        savings(make_plan(SIZES[:33]), Twice())
    assert len(looks) == 2
