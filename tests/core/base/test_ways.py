"""What leads on, told for errors, reasons and kinds, and worded at the terminal and in the window."""

import ast
import pickle
import re
from pathlib import Path

import pytest

import stackgui
from stackgui.cli import ways_out as typed
from stackgui.cli.arguments import parse
from stackgui.cli.command_names import COMMANDS
from stackgui.core.base import ways
from stackgui.core.base.choice_table import choices_of
from stackgui.core.base.choices import Channels, Numbers, Scale
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import OtherJobError, PlanError, UnfinishedError, UsageError
from stackgui.core.base.skip_kinds import ARCHIVES, LINKS_OUTSIDE, NOT_A_PICTURE, OUTSIDE_LIST
from stackgui.core.base.ways import Way, ways_of_kinds, ways_of_reasons
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.options.options import Options
from stackgui.core.plan.nothing_found import nothing_found
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.texts import ways_out as chosen
from tests.making import make_catalog, make_plan

PACKAGE = Path(stackgui.__file__).parent


def options_of_the_terminal(capsys):
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            parse([command, "--help"])
    return set(re.findall(r"--[a-z-]+", capsys.readouterr().out))


def test_each_way_is_an_option_that_there_is(capsys):
    known = options_of_the_terminal(capsys)
    assert set(typed.TYPED) == set(Way)
    for sentence in typed.TYPED.values():
        named = re.findall(r"--[a-z-]+", sentence)
        assert named
        assert set(named) <= known


def test_each_way_of_the_window_is_a_control_that_there_is():
    texts = {
        node.value.replace("&", "").rstrip(":")
        for path in (PACKAGE / "gui" / "panels").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    texts |= {
        each.caption for table in (Options, ScanOptions, RunOptions) for each in choices_of(table).values()
    }
    for sentence in chosen.CHOSEN.values():
        names = re.findall("“(.*?)”", sentence)
        assert names
        assert set(names) <= texts


@pytest.mark.parametrize(
    ("reason", "way"),
    [
        ("it is a link that leads out of the folder of the list", Way.FOLLOW_LINKS),
        ("there is no such file", Way.LIST_ROOT),
        ("it holds several arrays, and none was chosen: a, b", Way.ARRAY),
        ("it holds no array called “x”; it has a, b", Way.ARRAY),
        ("it has 1,234 frames or pages, so none has the number 2,000", Way.FRAMES),
        ("it has 1 channel, which cannot become 5", Way.CHANNELS),
        ("it has 3 channels and no palette, so that there are no indices to take", Way.CHANNELS),
        ("it has 3 channels and no palette, so that there are no indices to take", Way.RGB),
        ("it has 3 channels and no palette, so that there are no indices to take", Way.EXCLUDE),
        ("2 of its values are not finite (NaN or infinity)", Way.NON_FINITE),
        ("reading it takes longer than 20 seconds", Way.SAMPLE_SECONDS),
        ("reading it takes more memory than 1.00 GB", Way.SAMPLE_MEMORY),
        ("it needs more memory than is allowed", Way.SAMPLE_MEMORY),
    ],
)
def test_reasons_lead_on(reason, way):
    assert way in ways_of_reasons([reason, "it is damaged", reason])
    assert len(ways_of_reasons([reason, reason])) == len(set(ways_of_reasons([reason])))


def said(node):
    """What a sentence in the program's text comes to, with 0 for all numbers; ``""`` for what is none."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"say", "say_many"}:
        fields = {word.arg: said(word.value) or "0" for word in node.keywords}
        template = said(node.args[-1])
        return re.sub(r"\{(\w+)[^}]*\}", lambda found: fields.get(found[1], "0"), template)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "format_count":
        return f"0 {said(node.args[1])}"
    return ""


def test_each_reason_is_one_that_the_program_gives():
    """A reason that is reworded is noticed here."""
    sentences = [
        said(node)
        for path in PACKAGE.rglob("*.py")
        if path.name != "ways.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    for pattern, _ways in ways._OF_REASONS:
        assert any(map(pattern.match, sentences)), pattern.pattern


def test_kinds_lead_on():
    assert ways_of_kinds([LINKS_OUTSIDE, NOT_A_PICTURE, OUTSIDE_LIST, ARCHIVES, LINKS_OUTSIDE]) == (
        Way.FOLLOW_LINKS,
        Way.LIST_ROOT,
        Way.ARCHIVES,
    )


def test_errors_keep_their_ways_across_processes():
    error = pickle.loads(pickle.dumps(PlanError("It is too large.", ways=[Way.SMALLER])))
    assert (str(error), error.ways) == ("It is too large.", (Way.SMALLER,))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UsageError("No."), "No."),
        (
            UnfinishedError("It is there.", ways=(Way.RESUME, Way.RESTART)),
            "It is there. --resume continues it; --restart throws away what it made.",
        ),
        (OtherJobError("Other.", redoable=False), "Other. --restart throws away what it made."),
        (
            OtherJobError("Other.", redoable=True),
            "Other. --resume --redo-changed redoes those files; --restart throws away what it made.",
        ),
    ],
)
def test_the_terminal_tells_what_to_type(error, told):
    assert typed.explained(error) == told


def test_what_a_sentence_names_already_is_not_told_again():
    error = PlanError("It holds several (--array NAME).", ways=(Way.ARRAY, Way.FRAMES))
    assert typed.explained(error) == "It holds several (--array NAME). --frames chooses another, or all."


def test_the_window_tells_where_to_choose():
    assert (
        chosen.told(PlanError("They differ.", ways=(Way.RGB, Way.EXCLUDE)))
        == "They differ. Set “Colours” to red, green, blue."
    )
    assert chosen.told(UnfinishedError("It is there.", ways=(Way.RESUME,))) == "It is there."


@pytest.mark.parametrize(
    ("options", "columns", "option"),
    [
        (Options(channels=Channels.AUTO), {"channels": [3, 7]}, "--channels rgb"),
        (Options(channels=Channels.GREY, scale=Scale.IMAGENET, dtype=Numbers.FLOAT32), {}, "--channels rgb"),
        (Options(fill=300), {}, "--fill"),
        (Options(fill=1e6, dtype=Numbers.FLOAT16), {}, "--fill"),
        (Options(channels=Channels.RGB), {"channels": [9, 9]}, "--channels auto"),
        (Options(), {"problem": ["reading it takes longer than 20 seconds"] * 2}, "--sample-seconds"),
    ],
)
def test_plans_that_cannot_be_met_name_an_option(options, columns, option):
    with pytest.raises(PlanError) as raised:
        make_plan([(4, 4), (5, 5)], options, **columns)
    assert option in typed.explained(raised.value)


def skipped(*files):
    paths, kinds, details = zip(*files, strict=True)
    return Skipped(Paths.from_names(paths), Coded.from_values(kinds), Coded.from_values(details))


@pytest.mark.parametrize(
    ("source", "folder", "sentence"),
    [
        ("/pets", "/pets", "There are no pictures in the folder /pets."),
        ("/pets.zip", "/pets.zip", "There are no pictures in the archive /pets.zip."),
        ("/all/pets.csv", "/all", "The list /all/pets.csv names no pictures."),
        ("/all/a.txt2", "/all", "The file /all/a.txt2 is not a picture of a kind that can be read."),
    ],
)
def test_nothing_is_said_of_what_it_is(source, folder, sentence):
    catalog = make_catalog([], sources=(source,), folders=(folder,))
    assert str(nothing_found(catalog)) == sentence


def test_what_was_left_aside_is_named_where_nothing_is_found():
    catalog = make_catalog(
        [],
        sources=("/pets",),
        skipped=skipped(
            ("/pets/a.txt", NOT_A_PICTURE, ".txt"),
            ("/pets/b.zip", "damaged archives", "the archive is cut off"),
            ("/pets/c", LINKS_OUTSIDE, "/elsewhere"),
        ),
    )
    error = nothing_found(catalog)
    assert str(error) == (
        "There are no pictures in the folder /pets. 1 damaged archive, 1 link to another place and "
        "1 file that is not a picture were left aside: a.txt, b.zip (the archive is cut off), "
        "c (/elsewhere)."
    )
    assert typed.explained(error).endswith(" --follow-links follows links that lead elsewhere.")


def test_a_file_that_is_no_picture_is_not_told_twice():
    catalog = make_catalog(
        [], sources=("/all/a.md",), folders=("/all",), skipped=skipped(("/all/a.md", NOT_A_PICTURE, ".md"))
    )
    assert str(nothing_found(catalog)) == "The file /all/a.md is not a picture of a kind that can be read."
