"""The report of a stack: one page that needs nothing from outside."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.core.base.voice import ENGLISH, Voice
from stackgui.core.options.options import Options
from stackgui.core.run.report import Report
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.viewing import report
from tests.looking import NAMES, REASON, make_stack
from tests.pages import Page, browser, read_page


@pytest.fixture
def page_of(engine, tmp_path):
    def write(stack: Path) -> Page:
        return read_page(engine.report(str(stack), str(tmp_path / "page.html"), Control()))

    return write


def test_a_report_tells_all_and_needs_nothing_from_outside(engine, tmp_path):
    stack = make_stack(tmp_path / "<pets>", names=[*NAMES[:5], 'dog/"><script>.png', NAMES[6]])
    place = engine.report(str(stack), "", Control())
    assert place == str(stack / "report.html")
    page = read_page(place)
    page.check()
    assert page.title == "<pets>: report"
    assert page.headings[0] == (1, "<pets>")
    titles = [title for level, title in page.headings if level == 2]
    assert titles == [
        "Some rows", "Labels", "Sizes of the pictures in their rows", "Rows that stayed empty",
        "What to know", "The plan", "How to load it",
    ]  # fmt: skip
    assert REASON in page.text
    assert "row 5 · dog" in page.text
    assert '"><script>.png' in page.text
    assert f"stack = Path({str(stack)!r})" in page.text
    assert 'np.load(stack / "images.npy", mmap_mode="r")' in page.text
    assert "Pad: Keep every pixel as it is" in page.text
    assert ["0", "cat", "3", ""] in page.rows
    assert "nothing to see" in page.alternatives, "its file is not there"


def test_it_counts_and_marks_rows_whose_pictures_are_gone(page_of, tmp_path):
    page = page_of(make_stack(tmp_path / "pets", gone=(1, 4)))
    page.check()
    assert "Picture gone2" in page.text
    assert "row 1 · cat · picture gone" in page.text
    assert "icture gone" not in page_of(make_stack(tmp_path / "other")).text


@pytest.mark.parametrize("options", [Options(layout=Layout.NCHW), Options(buckets=3)])
def test_it_tells_of_other_forms_of_stacks(options, page_of, tmp_path):
    page = page_of(make_stack(tmp_path / "pets", options))
    page.check()
    assert page.pictures == 6


def test_what_is_left_of_damaged_pictures_is_shown(engine, scan, tmp_path, page_of):
    folder = tmp_path / "pictures"
    folder.mkdir()
    random = np.random.default_rng(3)
    small = Image.fromarray(random.integers(0, 256, (30, 40, 3), np.uint8))
    for name in ("whole", "cut", "gone", "header"):
        Image.fromarray(random.integers(0, 256, (300, 400, 3), np.uint8)).save(folder / f"{name}.jpg")
    cut = (folder / "cut.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(cut[: len(cut) // 2])
    small.save(tmp_path / "small.jpg")
    preview = (tmp_path / "small.jpg").read_bytes()
    hidden = b"\xff\xe1" + (len(preview) + 2).to_bytes(2, "big") + preview
    (folder / "header.jpg").write_bytes(cut[:2] + hidden + cut[2:700])
    catalog = scan(folder)
    made = _convert(engine, catalog, tmp_path / "stack")
    assert len(made.failures) == 2
    (folder / "gone.jpg").unlink()
    page = page_of(tmp_path / "stack")
    page.check()
    assert "cut.jpg: what can be read of it" in page.alternatives
    assert "header.jpg: a preview that the file holds" in page.alternatives


def test_it_speaks_another_language(engine, tmp_path):
    stack = make_stack(tmp_path / "pets", names=["Rows/Rows.png", *NAMES[1:]])
    loud = Voice("xx-YY", str.upper, lambda text: f"recalled: {text}")
    page = read_page(report.write_report(str(stack), "", engine._workers, loud, Control()))
    page.check()
    assert page.language == "xx-YY"
    assert page.headings[1] == (2, "SOME ROWS")
    assert f"recalled: {REASON}" in page.text
    assert "Rows.png" in page.text, "names stay as they are"


def test_very_many_classes_and_failures_stay_bounded(page_of, tmp_path):
    count = 320
    names = [f"class {number:03d} with a long name/{number}.png" for number in range(count)]
    stack = make_stack(tmp_path / "many", sizes=[(2, 2)] * count, names=names)
    header = json.loads((stack / "stack.json").read_text())
    header["failed"] = 150
    (stack / "stack.json").write_text(json.dumps(header))
    placements = np.load(stack / "placements.npy")
    placements[::2] = 0
    np.save(stack / "placements.npy", placements)
    page = page_of(stack)
    page.check()
    assert "and 120 more" in page.text
    assert "and 50 more" in page.text
    assert (tmp_path / "page.html").stat().st_size < 600_000


def test_it_goes_where_it_is_wanted_or_says_why_not(engine, tmp_path):
    stack = make_stack(tmp_path / "pets")
    assert engine.report(str(stack), str(tmp_path / "a" / "page.html"), Control()).endswith("page.html")
    with pytest.raises(UsageError, match="no folder"):
        engine.report(str(tmp_path / "none"), "", Control())
    with pytest.raises(StackguiError):
        engine.report(str(tmp_path), "", Control())


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("a fault")])
def test_a_report_that_fails_does_not_spoil_the_run(error, engine, scan, pictures, tmp_path, monkeypatch):
    def fail(*_arguments, **_more):
        raise error

    monkeypatch.setattr(report, "replace_file", fail)
    made = _convert(engine, scan(pictures), tmp_path / "stack", report=True)
    assert made.page == ""
    assert made.page_problem.startswith("The stack is complete, but its report could not be written.")
    assert (tmp_path / "stack" / "stack.json").is_file()


def test_a_run_that_is_cancelled_at_its_report_is_complete(engine, scan, pictures, tmp_path, monkeypatch):
    control = Control()
    begin = report.view_rows

    def cancelled(*arguments):
        control.cancel()
        return begin(*arguments)

    monkeypatch.setattr(report, "view_rows", cancelled)
    made = _convert(engine, scan(pictures), tmp_path / "stack", control, report=True)
    assert "cancelled before it was written" in made.page_problem
    assert not (tmp_path / "stack" / "report.html").exists()


def _convert(engine, catalog, stack: Path, control: Control | None = None, **run) -> Report:
    from stackgui.core.plan.resolve import resolve

    return engine.convert(resolve(Options(), catalog), RunOptions(str(stack), **run), control or Control())


def test_a_browser_shows_it(engine, tmp_path):
    show = browser()
    stack = make_stack(tmp_path / "pets")
    page = engine.report(str(stack), "", Control())
    shown = read_page(show(page, tmp_path))
    assert REASON in shown.text
    assert ENGLISH.code == shown.language
    assert replace(shown, scripts=0) == shown
