"""An export is there as a whole under its name, or not at all."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from stackgui import open_stack
from stackgui.core.base.cancellation import UNWATCHED, Unwatched
from stackgui.core.base.errors import Cancelled, DestinationError, StackguiError, StoreError, UsageError
from stackgui.core.run.export import ExportReport
from stackgui.engine import Control, Engine
from stackgui.engine.running.exporters import described
from stackgui.stores.export import EXPORTERS, Exporter, exporting, making
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.export.npz import NPZ
from stackgui.stores.recovery.folder import MARKER, PartialFolder
from stackgui.stores.recovery.marks import RETRYING
from tests.stores.stack.test_stack import ROWS, contents, start, write_stack

STEPS = ("link", "unlink", "rmdir", "fsync", "fdatasync")
"""What makes names on the disk, or makes something durable."""


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


def write_texts(stack, target, progress) -> None:
    os.mkdir(target)
    for row in range(len(stack)):
        Path(target, f"{row}.txt").write_text(str(stack.original(row).shape))
        progress.reached(row + 1)


TEXTS = Exporter("texts", "rows as texts", "For tests.", write_texts, len, "open({target} + '/0.txt')")
"""An exporter that a test declares: a folder with one text for each row."""


@pytest.fixture
def stack(tmp_path):
    write_stack(tmp_path / "stack")
    with open_stack(tmp_path / "stack") as opened:
        yield opened


def test_an_exporter_is_one_declaration(stack, tmp_path, monkeypatch):
    monkeypatch.setitem(EXPORTERS, "texts", TEXTS)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    assert described()["texts"] == ("rows as texts", "For tests.")
    target = tmp_path / "new" / "texts"
    with Engine() as engine:
        report = engine.export(stack.path, "texts", str(target), control := Control())
    assert sorted(os.listdir(target)) == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert (target / "1.txt").read_text() == "(7, 3, 3)"
    sizes = sum(file.stat().st_size for file in target.iterdir())
    opens = f"open({str(target)!r} + '/0.txt')"
    assert report == ExportReport(
        stack.path, str(target), "texts", 4, 2, 0, 0,
        keeps_all=True, size_bytes=sizes, seconds=report.seconds, loading=opens,
    )  # fmt: skip
    assert control.snapshot.rows == 4
    assert os.listdir(target.parent) == ["texts"]


def test_what_cannot_be_exported_is_told(stack, tmp_path):
    refusing = replace(TEXTS, problem=lambda stack: f"{len(stack)} rows are too many.")
    with pytest.raises(UsageError, match="4 rows are too many"):
        export_stack(stack, refusing, str(tmp_path / "out"), UNWATCHED)
    assert os.listdir(tmp_path) == ["stack"]


def test_a_package_that_is_missing_is_named(stack, tmp_path):
    with pytest.raises(UsageError, match=r"needs nowhere_to_be_found, .* pip install nowhere"):
        export_stack(
            stack, replace(TEXTS, needs=("json", "nowhere_to_be_found")), str(tmp_path / "out"), UNWATCHED
        )
    assert os.listdir(tmp_path) == ["stack"]


@pytest.mark.parametrize("exporter", [NPZ, TEXTS])
def test_nothing_is_written_over(stack, tmp_path, exporter):
    target = tmp_path / "out.npz"
    target.write_text("mine")
    with pytest.raises(DestinationError, match="already exists"):
        export_stack(stack, exporter, str(target), UNWATCHED)
    assert target.read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == ["out.npz", "stack"]


@pytest.fixture(params=[True, False], ids=["links", "no links"])
def has_links(request, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError

    if not request.param:
        monkeypatch.setattr(os, "link", refuse)
    return request.param


@pytest.mark.usefixtures("has_links")
@pytest.mark.parametrize("exporter", [NPZ, TEXTS])
def test_nor_what_comes_meanwhile(stack, tmp_path, exporter):
    target = tmp_path / "out.npz"

    class Comes(Unwatched):
        def reached(self, *_done):
            target.write_text("mine")

    with pytest.raises(DestinationError, match="already exists"):
        export_stack(stack, exporter, str(target), Comes())
    assert target.read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == ["out.npz", "stack"]


@pytest.mark.usefixtures("has_links")
def test_nothing_stays_beside_the_target_or_changes_in_the_stack(stack, tmp_path):
    before = contents(Path(stack.path))
    export_stack(stack, NPZ, str(tmp_path / "out.npz"), UNWATCHED)
    assert contents(Path(stack.path)) == before
    assert sorted(os.listdir(tmp_path)) == ["out.npz", "stack"]


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("out", r"out does not end in \.npz"),
        (".npz", "does not end in"),
        ("stack/out.npz", "lies in the stack itself"),
        ("file/out.npz", "is a file"),
    ],
)
def test_impossible_targets_are_refused(stack, tmp_path, target, sentence):
    (tmp_path / "file").write_text("mine")
    before = contents(Path(stack.path))
    with pytest.raises(DestinationError, match=sentence):
        export_stack(stack, NPZ, str(tmp_path / target), UNWATCHED)
    assert sorted(os.listdir(tmp_path)) == ["file", "stack"]
    assert contents(Path(stack.path)) == before


def test_cancelling_leaves_nothing(stack, tmp_path):
    class Cancels(Unwatched):
        def reached(self, *_done):
            assert os.listdir(tmp_path / "out.npz.partial")
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        export_stack(stack, NPZ, str(tmp_path / "out.npz"), Cancels())
    assert os.listdir(tmp_path) == ["stack"]


def test_the_engine_cancels(stack, tmp_path):
    control = Control()
    control.cancel()
    with Engine() as engine, pytest.raises(Cancelled):
        engine.export(stack.path, "npz", str(tmp_path / "out.npz"), control)
    assert os.listdir(tmp_path) == ["stack"]


def test_a_disk_that_is_too_small_is_told_before(stack, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "DISK_RESERVE_BYTES", 10**18)
    with pytest.raises(StoreError, match=r"more are needed"):
        export_stack(stack, NPZ, str(tmp_path / "out.npz"), UNWATCHED)
    assert os.listdir(tmp_path) == ["stack"]


def test_a_disk_that_fails_is_told_and_nothing_left(stack, tmp_path, monkeypatch):
    def fail(_descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(making, "sync_file", fail)
    with pytest.raises(StoreError, match="reported a fault"):
        export_stack(stack, NPZ, str(tmp_path / "out.npz"), UNWATCHED)
    assert os.listdir(tmp_path) == ["stack"]


def test_one_export_at_a_time_writes_to_a_target(stack, tmp_path):
    other = PartialFolder(str(tmp_path / "out.npz"))
    with pytest.raises(DestinationError, match="is writing"):
        export_stack(stack, NPZ, str(tmp_path / "out.npz"), UNWATCHED)
    other.remove()


def test_an_unfinished_conversion_is_not_thrown_away(stack, tmp_path):
    writer = start(tmp_path / "out.npz")
    writer.make_durable([])
    writer.outcomes.record(ROWS)
    writer.make_durable([ROWS])
    writer.abandon()
    before = contents(tmp_path / "out.npz.partial")
    with pytest.raises(DestinationError, match=r"An unfinished conversion to .* is in the way"):
        export_stack(stack, NPZ, str(tmp_path / "out.npz"), UNWATCHED)
    assert contents(tmp_path / "out.npz.partial") == before


def test_a_stack_that_is_being_retried_is_not_exported(stack, tmp_path):
    Path(stack.path, RETRYING).touch()
    with pytest.raises(StackguiError, match="interrupted"):
        export_stack(stack, NPZ, str(tmp_path / "out.npz"), UNWATCHED)
    Path(stack.path, RETRYING).unlink()


def test_a_kill_leaves_it_complete_or_plainly_unfinished(stack, tmp_path, monkeypatch):
    expected = tmp_path / "expected.npz"
    export_stack(stack, NPZ, str(expected), UNWATCHED)
    for last in range(100):
        target = tmp_path / f"{last}.npz"
        with monkeypatch.context() as patch:
            locked, taken = killed_before(patch, last)
            try:
                export_stack(stack, NPZ, str(target), UNWATCHED)
            except Killed:
                for folder in locked:
                    folder._unlock()
            else:
                assert taken[0] > 5
                break
        if target.exists():
            assert target.read_bytes() == expected.read_bytes()
        else:
            assert {MARKER} <= set(os.listdir(f"{target}.partial")) <= {MARKER, "export.npz"}
            export_stack(stack, NPZ, str(target), UNWATCHED)
            assert target.read_bytes() == expected.read_bytes()
            assert not os.path.exists(f"{target}.partial")
    else:
        pytest.fail("it never came to its end")


def killed_before(patch, last):
    """Kill before the call number `last` of those that change something; what has a lock, and the count."""
    taken, locked = [0], []

    def watched(step):
        def call(*arguments, **choices):
            if taken[0] >= last:
                raise Killed
            taken[0] += 1
            return step(*arguments, **choices)

        return call

    class Watched(PartialFolder):
        def __init__(self, destination):
            super().__init__(destination)
            locked.append(self)

    patch.setattr(exporting, "PartialFolder", Watched)
    for name in STEPS:
        patch.setattr(os, name, watched(getattr(os, name)))
    return locked, taken
