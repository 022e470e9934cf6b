from dataclasses import replace

import numpy as np
import pytest

from stackgui.core.advice.estimate import estimate
from stackgui.core.advice.problem_files import files_of_examples
from stackgui.core.advice.problem_words import Severity
from stackgui.core.advice.problems import Problem
from stackgui.core.base.choices import Fit, Icc, Layout
from stackgui.core.base.size import Size
from stackgui.core.base.skip_kinds import EXCLUDED
from stackgui.core.catalog.statistics import describe
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.taken import LabelsAndParts, LabelsTaken, PartsTaken
from stackgui.core.run.loading import Loadable, snippet
from stackgui.core.run.progress import FillProgress, Phase, ScanProgress
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.problems import screen_problems
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts import problem_texts, run_texts, texts
from stackgui.gui.texts.overview_texts import overview
from tests.gui.conftest import RESOURCES
from tests.making import make_catalog, make_plan


def test_an_unfinished_scan_says_that_it_is():
    searching = texts.scan_line(ScanProgress(samples_found=3120, searching=True))
    assert "3,120 files" in searching
    assert "still counting" in searching
    reading = texts.scan_line(ScanProgress(samples_found=3120, samples_read=12, searching=False))
    assert "12 of 3,120" in reading
    files = ScanProgress(searching=False, annotations=7, annotations_read=3)
    assert (texts.scan_line(files), files.stage) == ("Reading the annotations: 3 of 7 files so far.", (3, 7))
    one = ScanProgress(searching=False, annotations=1)
    assert (texts.scan_line(one), one.stage) == ("Reading the annotations…", (0, 0))


@pytest.mark.parametrize(
    ("asked", "seconds", "told"),
    [
        ("s3://bucket/pets", 0, "Asking s3://bucket/pets…"),
        ("s3://bucket/pets", 12, "Asking s3://bucket/pets (12 s)."),
        ("/mnt/nas", 0, "/mnt/nas/1.jpg"),
        ("/mnt/nas", 12, "Waiting for /mnt/nas (12 s)."),
        ("", 12, "No answer for 12 s."),
    ],
)
def test_a_scan_says_of_what_it_awaits_an_answer(asked, seconds, told):
    progress = ScanProgress(current="/mnt/nas/1.jpg", asked=asked, asked_s=seconds)
    assert texts.scan_place(progress) == told


def test_a_run_says_for_how_long_nothing_came():
    progress = FillProgress(Phase.FILLING, 3, 10)
    assert run_texts.progress_line(progress, paused=False, still_s=40).endswith("nothing new for 40 s")
    assert "nothing new" not in run_texts.progress_line(progress, paused=True, still_s=40)
    assert "nothing new" not in run_texts.progress_line(progress, paused=False)


def test_the_census_names_what_is_most_frequent_first(catalog):
    assert texts.census(describe(catalog)) == "2 JPEG, 1 PNG · 2 colour, 1 grey · all uint8"


def test_sizes_in_a_line(catalog):
    line = texts.spread_line(describe(catalog))
    assert line == "Width 150 to 200 px, typically 160 · Height 100 to 300 px, typically 120"
    assert texts.spread_line(describe(make_catalog([]))) == "No picture could be read."
    assert texts.spread_line(describe(make_catalog([(3, 4), (3, 4)]))) == "all 4 × 3 px"


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([1, 1], ""),
        ([1, 6], "1 picture has an orientation mark"),
        ([8, 6], "2 pictures have an orientation mark"),
    ],
)
def test_turned_pictures_are_told_of_as_a_colleague_would(marks, words):
    statistics = describe(make_catalog([(4, 4)] * 2, orientation=np.array(marks, np.uint8)))
    assert texts.turned_line(statistics).startswith(words)
    assert bool(texts.turned_line(statistics)) == bool(words)


def test_colours_other_than_srgb_are_counted_by_name():
    catalog = make_catalog([(4, 4)] * 3, profile=["Adobe RGB (1998)", "", "Adobe RGB (1998)"])
    line = texts.profiles_line(describe(catalog))
    assert line.startswith("2 pictures have a colour profile other than sRGB (2 Adobe RGB (1998));")
    assert texts.profiles_line(describe(make_catalog([(4, 4)]))) == ""
    assert texts.effects(resolve(Options(icc=Icc.SRGB), catalog), 0) == "2 pictures are converted to sRGB."


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(), "Every picture keeps its size."),
        (Options(size=Size.exact(5, 5)), "2 pictures are made smaller."),
        (
            Options(size=Size.exact(8, 8), fit=Fit.COVER),
            "1 picture is made smaller; 1 picture is made larger; ",
        ),
        (Options(size=Size.exact(8, 4), fit=Fit.CROP), "2 pictures are cropped."),
    ],
)
def test_effects_in_words(options, words):
    assert texts.effects(make_plan([(6, 6), (10, 20)], options), 0).startswith(words)


def test_empty_places_are_an_effect(plan):
    assert texts.effects(plan, 1) == "1 place stays empty."
    assert texts.effects(plan, 2) == "2 places stay empty."


def test_the_shape_is_as_a_programmer_writes_it(catalog):
    plan = resolve(Options(size=Size.exact(30, 40), layout=Layout.NCHW), catalog)
    assert texts.shape(plan) == "(4, 3, 30, 40) uint8"


def test_size_and_padding(plan):
    found = estimate(plan, RESOURCES)
    assert texts.plan_size(plan, found) == f"{found.stack_bytes / 1000:.0f} kB, 65 % padding"


def test_progress_in_a_line():
    progress = FillProgress(Phase.FILLING, 1000, 4000, 2, rows_per_s=512.3, seconds_left=240.0)
    assert run_texts.progress_line(progress, paused=False) == (
        "Converting · 1,000 of 4,000 rows · 512 rows a second · about 4 minutes left · 2 could not be read"
    )
    assert (
        run_texts.progress_line(progress, paused=True) == "Paused · 1,000 of 4,000 rows · 2 could not be read"
    )


def test_the_result_counts_what_failed(report):
    assert run_texts.result_line(report) == "3 of 4 pictures are in “pets”; 1 could not be read."
    assert run_texts.result_line(replace(report, failures=())) == "All 4 pictures are in “pets”."
    assert run_texts.result_line(replace(report, failures=(), rows=1)) == "The picture is in “pets”."
    without = replace(report, failures=(), skipped={EXCLUDED: 2, "hidden files": 7})
    assert run_texts.result_line(without) == "All 4 pictures are in “pets”; 2 were left out by you."
    both = replace(report, skipped={EXCLUDED: 1})
    assert run_texts.result_line(both).endswith("; 1 could not be read; 1 was left out by you.")


def test_the_result_tells_array_time_and_memory(report):
    details = run_texts.result_details(report)
    assert "images.npy (shape (4, 300, 200, 3), uint8, 720 kB)" in details
    assert "It took 1.5 seconds (2.7 pictures a second)" in details
    assert "at most 300 MB" in details


def test_the_result_tells_labels_and_parts(report):
    took = LabelsAndParts(
        LabelsTaken("the folders below train", {"cat": 2, "dog": 1}, labelled=3, without=1),
        PartsTaken("the folders train and test", {"train": 3, "test": 1}),
    )
    assert (
        "Labels: 2 classes from the folders below train; 3 of 4 pictures have one. "
        "Parts: train 3, test 1, by the folders train and test."
    ) in run_texts.result_details(replace(report, taken=took))


def test_the_result_tells_where_to_choose_otherwise(report):
    failure = replace(report.failures[0], reason="it holds several arrays, and none was chosen: a, b")
    details = run_texts.result_details(replace(report, failures=(failure,)))
    assert details.endswith("of memory. Choose one in “Array”.")
    assert run_texts.result_details(replace(report, failures=())).endswith("of memory.")


def test_the_problems_tell_where_to_choose_otherwise():
    problem = ["2 of its values are not finite (NaN or infinity)", ""]
    shown = Screen(RunOptions(""), catalog=make_catalog([(1, 1)] * 2, problem=problem))
    (found,) = screen_problems(shown).entries
    told = problem_texts.advice(found)
    assert told.endswith("Set “Invalid numbers” to accept such pictures.")


def test_the_snippet_loads_a_stack(tmp_path, report):
    folder = tmp_path / "it's a “stack”"
    folder.mkdir()
    np.save(folder / "images.npy", np.zeros((4, 2, 2, 3), np.uint8))
    np.save(folder / "valid.npy", np.ones(4, np.bool_))
    np.save(folder / "placements.npy", np.zeros((4, 4), np.int32))
    np.save(folder / "labels.npy", np.zeros(4, np.int32))
    (folder / "classes.json").write_text('["tabby"]', encoding="utf-8")
    names: dict = {}
    exec(snippet(Loadable(str(folder), report.arrays, labels=True), "numpy"), names)
    assert names["images"].shape == (4, 2, 2, 3)
    assert names["classes"] == ["tabby"]
    assert len(names["labels"]) == len(names["valid"]) == len(names["placements"]) == 4


def test_only_the_most_frequent_problems_are_named_in_the_overview():
    reasons = ["a"] * 5 + ["b"] * 4 + ["c"] * 3 + ["d"] * 2 + ["e", "f"]
    statistics = describe(make_catalog([(1, 1)] * len(reasons), problem=reasons))
    lines = {line.title: line.text for line in overview(statistics)}["Cannot be read"].splitlines()
    assert lines == ["5: a", "4: b", "3: c", "2: d", "2 for other reasons; “Problems” lists them all"]
    assert [(line.title, line.text) for line in overview(describe(make_catalog([])))] == [("Pictures", "0")]


@pytest.mark.parametrize(
    ("phase", "line"),
    [
        (Phase.PREPARING, "Getting ready"),
        (Phase.SCANNING, "Looking at the pictures again · 5 of 9 pictures"),
        (Phase.CHECKING, "Checking the rows already written · 5 of 9 rows"),
    ],
)
def test_progress_counts_what_the_phase_is_about(phase, line):
    assert run_texts.progress_line(FillProgress(phase, 5, 9), paused=False) == line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "--labels says where labels come from, and --exclude-from leaves pictures out.",
            "“Labels” says where labels come from, and “Leave out” leaves pictures out.",
        ),
        ("--reduce none keeps numbers that fit.", "“Brightness range: none” keeps numbers that fit."),
        ("It is called --odd name.", "It is called --odd name."),
        ("Another --seed divides differently.", "Another “Seed” divides differently."),
    ],
)
def test_the_window_names_its_own_controls_instead_of_options(text, words):
    assert problem_texts.in_window(text) == words


def test_a_range_of_which_half_is_alike_is_no_range():
    sizes = [(64, 64)] * 20 + [(300, 200)]
    told = {line.title: line.text for line in overview(describe(make_catalog(sizes)))}
    assert told["Widths"] == "64 px to 200 px; at least half are 64 px; 99 % are at most 200 px"


def test_places_in_annotation_files_are_named_rather_than_the_pictures():
    pictures = files_of_examples(("a.png", "b.png"))
    found = Problem("annotations-doubtful", Severity.LOOK_AT_IT, "", "", 2, pictures)
    assert problem_texts.first_files(found) == "a.png\nb.png"
    told = problem_texts.first_files(replace(found, places=("boxes.json: annotations[3]",)))
    assert told == "boxes.json: annotations[3]"
