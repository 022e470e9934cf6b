from dataclasses import replace

import pytest

from stackgui.core.base.warnings import DataWarning, Mend, warning_line, warning_words
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.mending import mend, mended
from stackgui.core.options.options import Options

THIRD = mend(
    "Use the third folders instead",
    labels=Labels.parse("level:3"),
    split=Split.parse("level:2"),
    not_classes=("images", "a,b"),
)


def test_a_change_is_carried_out_and_spelled():
    options, scan = mended(THIRD, Options(seed=3), ScanOptions(follow_links=True))
    assert (str(options.labels), str(options.split), options.not_classes) == (
        "level:3", "level:2", ("images", "a,b"),
    )  # fmt: skip
    assert (options.seed, scan) == (3, ScanOptions(follow_links=True))
    assert THIRD.spelled == "--labels level:3 --split level:2 --not-classes 'images,\"a,b\"'"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("auto", "auto"),
        ("given", "given"),
        ("folders", "auto"),
        ("none", "auto"),
        ("level:2", "given,level:2"),
    ],
)
def test_a_list_that_is_taken_counts(before, after):
    change = mend("Take the labels from l.csv", label_list="/l.csv")
    options, scan = mended(change, Options(labels=Labels.parse(before)), ScanOptions())
    assert (str(options.labels), scan.label_list) == (after, "/l.csv")


def test_a_warning_with_a_change_is_kept_in_json():
    warning = DataWarning("one-class", "All alike.", 2, ("a", "b"), mend=THIRD)
    assert DataWarning.from_json(warning.to_json()) == warning
    assert "mend" not in replace(warning, mend=None).to_json()
    unknown = Mend("Do it", (("no_such_choice", 1), ("labels", 7)), "--no-such")
    assert mended(unknown, Options(), ScanOptions()) == (Options(), ScanOptions())


def test_the_terminal_has_options_where_the_window_has_a_button():
    warning = DataWarning("one-class", "All alike.", 2, ("a", "b"), mend=mend("None", labels=Labels.NONE))
    assert warning_line(warning) == "All alike. None: --labels none. For example: a, b"
    assert warning_words(warning) == "All alike. For example: a, b"
