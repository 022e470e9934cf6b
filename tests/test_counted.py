"""What is said of none, one and two, at the terminal and in the window."""

import re

import numpy as np
import pytest

from stackgui.cli import show
from stackgui.core.advice.health import SAID, said_of
from stackgui.core.base import skip_kinds
from stackgui.core.base.choices import Storage
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import PlanError
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.selection import SizeRange
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.catalog.statistics import describe
from stackgui.core.options.options import Options
from stackgui.core.plan.nothing_found import nothing_found
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.findings import Damage
from stackgui.core.run.progress import FillProgress, Phase, ScanProgress
from stackgui.core.run.report import Failure, NonFiniteCount, Report, RetryReport, Status, Unfinished
from stackgui.core.run.verify import VerifyReport
from stackgui.gui.texts import label_texts, run_texts, savings_texts, texts
from stackgui.gui.texts.overview_texts import overview
from tests.making import make_catalog, make_plan
from tests.test_plurals import NOUNS

WRONG = re.compile(
    rf"(?<![\d.,×] )(?<![\d.,])\b1 (?!of\b)(?:[a-z]+ )?(?:{NOUNS})\b"
    r"|\b(?:picture|row|file|value|tensor|array) (?:are|have|were)\b|\b[02-9] (?:picture|row|file|tensor)\b"
)
"""One of several, or several of one."""

KINDS = sorted(
    {value for name, value in vars(skip_kinds).items() if name.isupper() and isinstance(value, str)}
)


def failures(count):
    return tuple(Failure(row, f"/pictures/{row}.png", "it is damaged") for row in range(count))


def report(rows, failed, each=0):
    return Report(
        Status.COMPLETE,
        "/out/pets",
        rows,
        failures(failed),
        dict.fromkeys(KINDS, each) if each else {},
        (ArraySpec("images.npy", (rows, each + 1, each + 1, 3), np.dtype(np.uint8)),),
        Storage.FILE,
        "0" * 16,
        float(each),
        float(each),
        each,
        NonFiniteCount(each, each),
        each,
    )


def some_catalog(each):
    skipped = [kind for kind in KINDS for _ in range(each)]
    return make_catalog(
        [(1, 1)] * each,
        channels=[each] * each,
        frames=[each + 1] * each,
        orientation=[6] * each,
        profile=["Adobe RGB (1998)"] * each,
        file_bytes=[each] * each,
        skipped=Skipped(
            Paths.from_names(f"/x/{place}" for place in range(len(skipped))),
            Coded.from_values(skipped),
            Coded.constant("", len(skipped)),
        ),
    )


def of_the_terminal(each):
    """All that the terminal says of so many."""
    catalog = some_catalog(each)
    yield from show.scan_lines(catalog, describe(catalog), ())
    yield str(nothing_found(catalog))
    for failed in range(each + 1):
        yield from show.report_lines(report(each, failed, each))
        retried = RetryReport(Status.COMPLETE, "/out/pets", ("/pictures",), each, failures(failed), 1.0)
        yield from show.retry_lines(retried)
    damage = tuple(Damage("images.npy", "it is not the array it should be") for _ in range(each))
    yield from show.verify_lines(VerifyReport("/out/pets", each, each, damage, failures(each)))
    yield from (said_of(kind, each) for kind in SAID)


def of_the_window(each):
    """All that the window says of so many."""
    catalog = some_catalog(each)
    statistics = describe(catalog)
    yield from (texts.census(statistics), texts.turned_line(statistics), texts.profiles_line(statistics))
    yield from (line.text for line in overview(statistics))
    yield texts.frames(each, each + 1)
    yield texts.scan_line(ScanProgress(samples_found=each, searching=True))
    yield str(SizeRange(each, each, each, each))
    running = FillProgress(Phase.FILLING, 1, each, each, rows_per_s=float(each))
    yield run_texts.progress_line(running, paused=False)
    yield run_texts.check_progress(running)
    for failed in range(each + 1):
        made = report(each, failed, each)
        yield from (run_texts.result_line(made), run_texts.result_details(made))
        yield run_texts.retry_details(
            RetryReport(Status.COMPLETE, "/out", ("/in",), each, failures(failed), 1.0)
        )
    yield run_texts.check_details(VerifyReport("/out/pets", each, each, (), failures(each)))
    yield savings_texts.ways(each)
    plan = make_plan([(1, 1)] * each, path=[f"cat/{row}.png" for row in range(each)])
    yield label_texts.labels_line(plan, label_texts.counts_of(plan))


@pytest.mark.parametrize("each", [1, 2])
@pytest.mark.parametrize("sentences", [of_the_terminal, of_the_window])
def test_nothing_that_is_counted_reads_badly(sentences, each):
    said = list(sentences(each))
    assert len(said) > 10
    assert [sentence for sentence in said if WRONG.search(sentence)] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "1 of 1 picture are in /out",
        "None of 1 pictures can be read",
        "1 not pictures",
        "1 are damaged",
        "1 failed rows",
        "2 picture",
    ],
)
def test_what_reads_badly_is_noticed(sentence):
    assert WRONG.search(sentence)


@pytest.mark.parametrize(
    ("rows", "failed", "line"),
    [
        (1, 0, "The picture is in /out/pets"),
        (1, 1, "No picture is in /out/pets"),
        (2, 0, "Both pictures are in /out/pets"),
        (2, 1, "1 of 2 pictures is in /out/pets"),
        (2, 2, "No picture is in /out/pets"),
        (3, 1, "2 of 3 pictures are in /out/pets"),
        (3, 0, "All 3 pictures are in /out/pets"),
    ],
)
def test_the_terminal_tells_how_many_pictures_there_are(rows, failed, line):
    assert show.report_lines(report(rows, failed))[0] == line
    assert run_texts.result_line(report(rows, failed)).startswith(line.replace("/out/pets", "“pets”"))


def test_failures_are_counted_under_their_heading():
    assert "  1 still fails:" in show.retry_lines(
        RetryReport(Status.COMPLETE, "/out", ("/in",), 2, failures(1), 1.0)
    )
    damaged = VerifyReport("/out", 1, 0, (Damage("images.npy", "it is gone"),))
    assert "  1 place is damaged:" in show.verify_lines(damaged)


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "The picture /pictures/0.png cannot be read: it is damaged."),
        (2, "None of the 2 pictures can be read. The first is /pictures/0.png: it is damaged."),
    ],
)
def test_pictures_that_cannot_be_read_are_named(count, sentence):
    with pytest.raises(PlanError) as raised:
        make_plan([(4, 4)] * count, problem=["it is damaged"] * count)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("done", "rows", "line"),
    [
        (0, 1, "No row is kept."),
        (1, 1, "The row is kept."),
        (1, 2, "1 of 2 rows is kept."),
        (2, 2, "Both rows are kept."),
    ],
)
def test_what_a_run_left_is_counted(done, rows, line):
    left = Unfinished("/p", "/out", done, rows, 0, ("/in",), ScanOptions(), Options(), 0.0, in_use=False)
    assert run_texts.left_line(left).startswith(line)
