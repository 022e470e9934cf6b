"""The picture and the tables that are made of what a benchmark found."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.benchmarks import documents, drawing
from tests.benchmarks.measuring import FAST, LONG, SLOWER, Row
from tests.benchmarks.record import Outcome, Record

MACHINE = {
    "processor": "Some <processor> & more", "processors": 2, "memory_gib": 8.0, "disk": "ext4",
    "python": "3.11", "stackgui": "0.1", "load": 0.0,
}  # fmt: skip
ROWS = (
    Row("30,000 <small> ones", SLOWER, 0.9, 0.85),
    Row("30,000 <small> ones", "a plain loop", 4.115, 5.0, unit=FAST),
    Row("scan", "one thread", 300.0, 2.0, at_least=False, unit=LONG),
    Row("memory", "peak", 187.4, 600.0, at_least=False, unit="MB"),
    Row("only told", "seconds", 12.34, None, unit="s"),
)


@pytest.fixture
def record():
    return Record(MACHINE, "2026-01-01 12:00 UTC", "made", True, 5, 2, (Outcome("small", "many", 1, ROWS),))  # noqa: FBT003


def named(picture, name, kind):
    return [
        each for each in picture.iter(f"{{http://www.w3.org/2000/svg}}{name}") if each.get("class") == kind
    ]


def test_the_picture_is_valid_and_shows_bars_targets_and_misses(record):
    picture = ET.fromstring(drawing.drawn(record))
    words = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"30,000 <small> ones", SLOWER, "4.12 ×", "≥ 5 ✗ missed", "187 MB", "≤ 600 ✓"} <= set(words)
    assert "only told" not in words
    assert [len(named(picture, "rect", kind)) for kind in ("bar", "bound", "over")] == [1, 1, 2]
    assert len(named(picture, "line", "target")) == 4


def test_what_the_host_gave_to_others_is_told_with_the_figures(record):
    assert "host" not in next(iter(documents.table(record)))
    parts = (replace(record.outcomes[0], stolen=0.25), Outcome("large", "large", 3, (), stolen=0.01))
    busy = replace(record, outcomes=parts)
    assert busy.stolen == pytest.approx(0.07)
    for lines in (documents.table(busy), documents.summary(busy), [drawing.drawn(busy)]):
        assert "the host gave 7% of its processors' time to other machines" in "\n".join(lines)


def test_nothing_of_the_picture_lies_outside_of_it(record):
    picture = ET.fromstring(drawing.drawn(record))
    _, _, width, height = map(float, picture.get("viewBox").split())
    for bar in picture.iter("{http://www.w3.org/2000/svg}rect"):
        if bar.get("class") != "back":
            assert float(bar.get("x")) >= 0
            assert float(bar.get("x")) + float(bar.get("width")) <= width
            assert 0 <= float(bar.get("y")) <= height
    for text in picture.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 < float(text.get("y")) < height


def test_the_picture_needs_nothing_from_elsewhere_and_follows_light_and_dark(record):
    text = drawing.drawn(record)
    assert "prefers-color-scheme: dark" in text
    assert text.count("http") == 1  # the name of the format
    assert "url(" not in text
    assert "@import" not in text
    assert "var(" not in text, "some viewers know no variables, and paint everything black"


def test_a_picture_can_be_drawn_of_few_rows_and_of_none(record):
    for rows in ((), ROWS[:1], ROWS[2:3], ROWS[4:]):
        few = Record(**{**vars(record), "outcomes": (Outcome("small", "many", 1, rows),)})
        assert ET.fromstring(drawing.drawn(few)).get("role") == "img"


@pytest.fixture
def places(monkeypatch, tmp_path):
    for name in ("README", "PERFORMANCE"):
        file = tmp_path / name
        file.write_text(f"before\n{documents.BEGIN}\nstale\n{documents.END}\nafter\n", encoding="utf-8")
        monkeypatch.setattr(documents, name, file)
    monkeypatch.setattr(documents, "PICTURE", tmp_path / "PICTURE")
    return tmp_path


def test_documents_are_renewed_between_their_marks_and_nowhere_else(record, places):
    assert [file.name for file in documents.renew(record)] == ["PERFORMANCE", "README", "PICTURE"]
    once = (places / "PERFORMANCE").read_text(encoding="utf-8")
    assert once.startswith("before\n")
    assert once.endswith("after\n")
    assert "stale" not in once
    assert "| 30,000 <small> ones | 4.12 × as fast as | a plain loop | ≥ 5 **missed** |" in once
    assert "| only told | 12.3 s | seconds | – |" in once
    assert "| 30,000 <small> ones | 0.90 × bound" in (places / "README").read_text(encoding="utf-8")
    list(documents.renew(record))
    assert (places / "PERFORMANCE").read_text(encoding="utf-8") == once


@pytest.mark.parametrize(
    "changed", [{"whole": False}, {"outcomes": (Outcome("small", "many", 1, ROWS, "ValueError"),)}]
)
def test_documents_take_whole_runs_only(changed, record, places):
    with pytest.raises(ValueError, match="one whole run"):
        list(documents.renew(Record(**{**vars(record), **changed})))


@pytest.mark.tree
def test_the_documents_have_their_marks():
    for file in (documents.README, documents.PERFORMANCE):
        text = file.read_text(encoding="utf-8")
        assert text.count(documents.BEGIN) == text.count(documents.END) == 1
