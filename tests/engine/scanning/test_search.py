"""Workers list folders, and nothing else looks below a source."""

import os
import sys
import threading
import time
from collections import deque
from functools import partial

import pytest

from stackgui.core.base.errors import Cancelled
from stackgui.core.base.skip_kinds import LINK_LOOPS, STACKS
from stackgui.engine import Control
from stackgui.engine.scanning import first_look
from stackgui.engine.scanning import scan as scanning
from stackgui.engine.scanning import search as module
from stackgui.engine.scanning.search import FolderBatch, Search
from stackgui.engine.sources.folder_lists import list_folders
from stackgui.engine.sources.walk import ENTRIES_PER_TASK, Folder, Plain, Walk
from stackgui.engine.workers.aside import aside
from tests.engine import misbehaving
from tests.engine.packing import pack
from tests.engine.walked import one_by_one

WAIT_S = 30.0
"""More than any machine takes, and less than what hangs does."""


@pytest.fixture
def tree(tmp_path):
    """Files between folders, folders in folders, empty ones, a loop of links and a stack."""
    source = tmp_path / "tree"
    for folder in range(40):
        inner = source / f"{folder}" / ("deep" * (folder % 3) or ".")
        inner.mkdir(parents=True)
        for file in range(folder % 7):
            (inner / f"{file}.png").write_bytes(b"")
        (source / f"{folder}.png").write_bytes(b"")
    (source / "7" / "up").symlink_to(source)
    (source / "8" / "stack.json").write_text('{"format": "stackgui-stack", "version": 1}')
    return source


def searched(walk, answers):
    """All that a search gives when its tasks are answered in another order than they were asked in."""
    search, asked, tasks = Search([Folder(0)]), deque(), 0
    for item in search:
        if isinstance(item, FolderBatch):
            asked.append(item)
            tasks += 1
        elif item is None:
            batch = answers(asked)
            search.take(batch, list_folders(walk, batch.folders, follows=batch.follows))
        else:
            yield item
    assert tasks >= 1
    assert not asked


def test_files_of_small_folders_side_by_side_come_at_once_and_those_of_other_sources_apart(tmp_path):
    for name in ("one/a", "one/b", "one/d", "two"):
        for file in range(3):
            (tmp_path / name).mkdir(parents=True, exist_ok=True)
            (tmp_path / name / f"{file}.png").write_bytes(b"")
    (tmp_path / "one" / "c").mkdir()
    walk = Walk([str(tmp_path / "one"), str(tmp_path / "two")], follow_links=False)
    folders = [*(Folder(0, name) for name in (b"a", b"b", b"c", b"d")), Folder(1)]
    found = list_folders(walk, folders, follows=(True,) * 5)
    together = [f"{folder}/{file}.png" for folder in "abd" for file in range(3)]
    assert [[list(plain.paths) for plain in met] for met in found] == [
        [together], [], [], [], [["0.png", "1.png", "2.png"]],
    ]  # fmt: skip
    apart = list_folders(walk, folders, follows=(False, True, True, False, True))
    assert [sum(len(plain.paths) for plain in met) for met in apart] == [6, 0, 0, 3, 3]


@pytest.mark.parametrize("met", [1, 5, ENTRIES_PER_TASK])
@pytest.mark.parametrize("answers", [deque.popleft, deque.pop], ids=["in turn", "late first"])
def test_files_come_in_order_however_many_are_told_at_once(tree, monkeypatch, met, answers):
    monkeypatch.setattr("stackgui.engine.sources.walk.ENTRIES_PER_TASK", met)
    monkeypatch.setattr(module, "ENTRIES_PER_TASK", met)
    walk = Walk([str(tree)], follow_links=False)
    whole = list(one_by_one(walk.below(Folder(0), sys.maxsize)))
    assert list(one_by_one(searched(walk, answers))) == whole
    assert {found.skip for found in whole} == {"", LINK_LOOPS, STACKS}


def test_few_folders_are_asked_for_before_they_are_needed():
    search = Search(Folder(0, b"%d" % index) for index in range(1000))
    given = iter(search)
    asked = [next(given) for _ in range(module.GROUPS_AHEAD + 1)]
    assert all(isinstance(batch, FolderBatch) for batch in asked)
    assert next(given) is None


def test_one_large_folder_costs_one_task(tmp_path):
    for index in range(3 * ENTRIES_PER_TASK):
        (tmp_path / f"{index}.png").touch()
    walk, search, tasks, files = Walk([str(tmp_path)], follow_links=False), Search([Folder(0)]), 0, 0
    for item in search:
        if isinstance(item, FolderBatch):
            tasks += 1
            search.take(item, list_folders(walk, item.folders))
        else:
            files += len(item.paths) if isinstance(item, Plain) else 1
    assert (tasks, files) == (1, 3 * ENTRIES_PER_TASK)


def test_the_main_process_looks_at_nothing_below_a_source(tree, tmp_path, engine, monkeypatch):
    """But for the sources themselves, at which a thread looks that can be left behind."""
    pack(tree / "plain.tar.gz", {"a.png": b"", "b/c.png": b""})
    touched = []

    def watching(real, name, path=".", *more, **choices):
        file = os.fsdecode(path) if isinstance(path, str | bytes) else ""
        aside_of_it = threading.current_thread().name == "look aside" and file == str(tree)
        if file.startswith(str(tree)) and not aside_of_it:
            touched.append((name, file))
        return real(path, *more, **choices)

    for name in ("stat", "lstat", "scandir", "listdir", "open", "readlink", "access"):
        monkeypatch.setattr(os, name, partial(watching, getattr(os, name), name))
    assert len(engine.scan([str(tree)], Control(), cache=False)) > 100
    assert touched == []


def ended(scan, control, begun) -> bool:
    """Whether a scan ends on cancelling, once it has `begun`."""
    outcomes = []

    def run() -> None:
        try:
            scan()
        except Cancelled:
            outcomes.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    deadline_s = time.monotonic() + WAIT_S
    while not begun() and time.monotonic() < deadline_s:
        time.sleep(0.01)
    control.cancel()
    thread.join(WAIT_S)
    return outcomes == [True]


def test_a_folder_that_hangs_does_not_block_cancelling(tree, engine, monkeypatch):
    monkeypatch.setattr(scanning, "list_again", misbehaving.hang)
    control = Control()
    assert ended(lambda: engine.scan([str(tree)], control), control, lambda: control.snapshot is not None)


def test_a_source_that_hangs_does_not_block_cancelling(tree, engine, monkeypatch):
    looking, network = threading.Event(), threading.Event()

    def hang(*_arguments: object) -> None:
        looking.set()
        assert network.wait(2 * WAIT_S)

    monkeypatch.setattr(first_look, "check_sources", hang)
    control = Control()
    try:
        assert ended(lambda: engine.scan([str(tree)], control), control, looking.is_set)
    finally:
        network.set()


def test_a_look_aside_gives_what_it_finds_or_raises():
    assert aside(lambda: 7, Control()) == 7
    with pytest.raises(ZeroDivisionError):
        aside(lambda: 1 // 0, Control())
