"""Every part of the benchmark runs and yields figures; what they are decides nothing."""

import json
import math
import subprocess
import sys
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from tests.benchmarks.__main__ import FAILED, INTERRUPTED, main
from tests.benchmarks.machine import describe
from tests.benchmarks.measuring import DECODED, WRITTEN, Row, bounded, paired
from tests.benchmarks.parts import PARTS, Part
from tests.benchmarks.record import Outcome, Record
from tests.benchmarks.terminal import Terminal, line
from tests.shared_data import REPOSITORY

ROW = Row("work", "peer", 1.0, None)


@pytest.mark.slow
def test_every_part_yields_figures(tmp_path):
    file = tmp_path / "found.json"
    command = (sys.executable, "-m", "tests.benchmarks", "--quick", "--rounds", "1", "--json", str(file))
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    record = Record.load(file)
    assert [outcome.name for outcome in record.outcomes] == list(PARTS)
    assert all(outcome.rows for outcome in record.outcomes)
    assert all(math.isfinite(row.measured) and row.work and row.against for row in record.rows)


@pytest.fixture
def runs(monkeypatch, tmp_path):
    """Runs the benchmark with parts of the test's own, in a folder of its own; gives its exit status."""

    def run(parts, *words):
        # The engine and the peers start processes, of which these parts make no use.
        monkeypatch.setattr("tests.benchmarks.running.Engine", MagicMock())
        monkeypatch.setattr("tests.benchmarks.running.Peers", MagicMock())
        for name in list(PARTS):
            monkeypatch.delitem(PARTS, name)
        for name, work in parts.items():
            monkeypatch.setitem(PARTS, name, Part(f"about {name}", work, 1.0, 0.001))
        monkeypatch.setattr("sys.argv", ["benchmark", "--folder", str(tmp_path), *words])
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            monkeypatch.setenv(name, str(tmp_path))
        return main()

    return run


def one_row(_bench):
    yield Row("work", "peer", 2.0, 1.5, note="1 s and 2 s")


def fails(_bench):
    yield ROW
    raise LookupError("nothing there")


def is_interrupted(_bench):
    raise KeyboardInterrupt
    yield


def test_a_part_that_fails_says_so_and_the_rest_goes_on(runs, capsys, tmp_path):
    file = tmp_path / "found.json"
    assert runs({"bad": fails, "good": one_row}, "--json", str(file)) == FAILED
    told = capsys.readouterr()
    assert "bad ended early: LookupError: nothing there" in told.err
    assert "2.00 × as fast as peer" in told.out
    record = Record.load(file)
    assert record.failed == ["bad"]
    assert record.rows == [ROW, *one_row(None)]
    assert [path.name for path in tmp_path.iterdir()] == ["found.json"]


def test_an_interrupted_benchmark_leaves_nothing_behind(runs, capsys, tmp_path):
    assert runs({"one": one_row, "other": is_interrupted}) == INTERRUPTED
    assert "Interrupted" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_too_little_room_is_said_before_anything_begins(runs, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.disk_usage", lambda _place: SimpleNamespace(free=0))
    assert runs({"one": one_row}) == FAILED
    told = capsys.readouterr()
    assert f"{tmp_path} has 0.0 GB free" in told.err
    assert "work" not in told.out


def test_a_record_survives_being_saved(tmp_path):
    rows = (Row("wörk", "bound: disk", 0.5, 0.9), Row("work", "peak", 3.0, 4.0, at_least=False, unit="MB"))
    outcomes = (Outcome("small", "many", 1.5, rows), Outcome("large", "few", 2.0, (), "ValueError: no"))
    record = Record(describe(tmp_path), "now", "made", True, 5, 2, outcomes)  # noqa: FBT003
    record.save(tmp_path / "found.json")
    assert Record.load(tmp_path / "found.json") == record
    told = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert [row["met"] for row in told["outcomes"][0]["rows"]] == [False, True]
    assert {"processor", "processors", "memory_gib", "disk", "python", "libraries", "load"} <= set(
        told["machine"]
    )


def test_a_row_is_told_in_one_line_or_in_two_where_the_terminal_is_narrow():
    row = Row("work", "a plain loop", 4.0, 5.0, note="2 s against 8 s")
    (whole,) = line(row, 140).splitlines()
    assert " ".join(whole.split()) == "4.00 × as fast as a plain loop target ≥ 5 MISSED 2 s against 8 s"
    assert [part.strip() for part in line(row, 80).splitlines()] == [
        "4.00 × as fast as a plain loop",
        "target ≥ 5 MISSED; 2 s against 8 s",
    ]
    assert line(Row("work", "peak", 187.4, None, unit="MB"), 80).strip() == "187 MB: peak"


def test_the_time_that_is_left_follows_the_pace_of_the_parts_before(monkeypatch, capsys):
    clock = iter([0.0, 0.0, 0.0, 20.0, 20.0])
    monkeypatch.setattr("tests.benchmarks.terminal.time", SimpleNamespace(monotonic=clock.__next__))
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    terminal = Terminal({"one": 10.0, "other": 40.0})
    terminal.begin("one", "first")
    terminal.begin("other", "second")
    told = capsys.readouterr().err.splitlines()
    assert told == ["[1 of 2] one, about 50 s left", "[2 of 2] other, about 80 s left"]


@pytest.mark.parametrize("text", ["[]", "{}", "nothing", '{"format": 0}', '{"format": 1, "outcomes": []}'])
def test_what_is_no_record_is_refused(text, tmp_path):
    (tmp_path / "found.json").write_text(text)
    with pytest.raises(ValueError, match=r"it is|Expecting"):
        Record.load(tmp_path / "found.json")


def test_a_slow_peer_may_do_a_share_of_the_work(monkeypatch):
    monkeypatch.setattr("time.perf_counter", iter(range(100)).__next__)
    bench = SimpleNamespace(rounds=3, step=lambda _what: None, clear=lambda: None)
    ways = {"ours": lambda: None, "slow": lambda: None}
    assert paired(bench, ways, {"slow": 0.25}) == {"ours": [1.0] * 3, "slow": [4.0] * 3}


def test_the_bound_is_the_slower_of_decoding_and_the_disk_in_each_round():
    seconds = {"ours": [2.0, 2.0, 2.0], DECODED: [1.0, 4.0, 1.0], WRITTEN: [2.0, 1.0, 1.0]}
    row = bounded(seconds, "work", "ours", 0.9)
    assert (row.measured, row.met, row.is_bound) == (1.0, True, True)


@pytest.mark.parametrize(
    ("measured", "at_least", "met"),
    [(1.0, True, True), (0.9, True, False), (1.0, False, True), (1.1, False, False)],
)
def test_a_target_is_a_limit_from_one_side(measured, at_least, met):
    assert Row("work", "peer", measured, 1.0, at_least=at_least).met is met


def test_a_figure_without_target_is_neither_met_nor_missed():
    assert Row("work", "peer", 1.0, None).met is None
