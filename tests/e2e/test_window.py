"""From folders to a stack, through the real window."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image, ImageOps
from PySide6.QtWidgets import QProgressBar

import stackgui
from stackgui import ending
from stackgui.gui.app import dialogs

REPOSITORY = Path(__file__).resolve().parents[2]


def expected(file: str, shape: tuple[int, int]) -> np.ndarray:
    """The row of `file` as the plainest script makes it."""
    row = np.zeros((*shape, 3), np.uint8)
    with Image.open(file) as picture:
        pixels = np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    row[: pixels.shape[0], : pixels.shape[1]] = pixels
    return row


def check_rows(stack: stackgui.Stack, step: int) -> None:
    assert stack.valid.all()
    shape = stack.images.shape[1:3]
    for row in range(0, len(stack.files), step):
        assert np.array_equal(stack.images[row], expected(stack.files[row], shape)), stack.files[row]


def converted(person, destination: Path):
    """Wait for the plan, name the place, convert, wait for the card."""
    yield lambda: person.sees("save.line", "Ready")
    person.window.save.destination_changed.emit(str(destination))
    yield lambda: person.sees("save.line", "Ready")
    person.press("save.convert")
    yield lambda: person.sees("result")


def test_a_newcomer_tries_the_sample_pictures(drive, home):
    def script(person):
        yield lambda: person.sees("welcome")
        person.press("welcome.samples")
        yield lambda: person.can_press("save.convert")
        person.press("save.convert")
        yield lambda: person.sees("result.line", "could not be read")
        person.press("result.failures")
        assert person.find("result.table").model().rowCount() == 1

    assert drive(script) == 0
    with stackgui.open_stack(home / "stacks" / "samples") as stack:
        assert int((~stack.valid).sum()) == 1
        assert len(stack.classes) >= 2
        assert stack.images.shape[0] == len(stack.files) == len(stack.labels)
        assert [len(stack.boxes(row)) for row in range(len(stack))] == stack.valid.astype(int).tolist()
        left, top, right, bottom = np.rint(stack.boxes(0)[0]).astype(int)
        shown = stack.masks[0] == 1 + stack.objects.category[0]
        assert shown[top:bottom, left:right].sum() == shown.sum() > 0


@pytest.mark.parametrize("storage", ["in memory, then save", "in a file"])
def test_photos_padded_to_their_largest(drive, photos, tmp_path, storage):
    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(photos)
        yield lambda: person.sees("save.line", "Ready")
        box = person.find("plan.storage")
        box.setCurrentIndex(box.findText(storage))
        box.activated.emit(box.currentIndex())
        yield from converted(person, tmp_path / "photos")
        assert person.sees("result.line", "All 250 pictures"), person.find("result.line").text()

    assert drive(script) == 0
    with stackgui.open_stack(tmp_path / "photos") as stack:
        check_rows(stack, step=25)


def test_labelled_thumbnails(drive, thumbnails, tmp_path):
    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(thumbnails)
        yield from converted(person, tmp_path / "small")

    assert drive(script) == 0
    with stackgui.open_stack(tmp_path / "small") as stack:
        check_rows(stack, step=100)
        for row in range(0, len(stack.files), 100):
            assert stack.classes[stack.labels[row]] == Path(stack.files[row]).relative_to(thumbnails).parts[0]


def test_hostile_files_end_as_rows_skips_or_failures(drive, hostile, tmp_path):
    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(hostile)
        # A picture of 393,249 × 1 and one of 1 × 65,537 would make rows that no disk holds.
        yield lambda: "more are needed" in person.find("save.line").text()
        person.find("plan.size.height").setValue(64)
        person.find("plan.size.width").setValue(96)
        yield from converted(person, tmp_path / "hostile")
        assert person.sees("result.line", "could not be read")
        assert not person.find("messageBar").isVisible(), person.find("messageBar.text").text()

    assert drive(script) == 0
    summary = json.loads((tmp_path / "hostile" / "stack.json").read_text(encoding="utf-8"))
    files = sum(len(names) for _, _, names in os.walk(hostile))
    assert summary["rows"] + sum(summary["skipped"].values()) == files


def test_what_was_cancelled_is_resumed_from_the_next_window(drive, photos, tmp_path):
    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(photos)
        yield lambda: person.sees("save.line", "Ready")
        person.window.save.destination_changed.emit(str(tmp_path / "photos"))
        yield lambda: person.sees("save.line", "Ready")
        person.press("save.convert")
        yield lambda: person.window.progress.findChild(QProgressBar).value() > 0
        person.press("progress.pause")
        yield lambda: person.sees("progress.line", "Paused")
        pressed_s = time.monotonic()
        person.press("progress.cancel")
        yield lambda: person.sees("result.line", "You cancelled")
        assert time.monotonic() - pressed_s < 10, "cancelling hangs"
        yield lambda: person.sees("result.resume")

    def next_time(person):
        yield lambda: person.sees("unfinished.line", "An unfinished conversion was found: “photos”")
        person.press("unfinished.resume")
        yield lambda: person.sees("result.line", "All 250 pictures")
        yield lambda: person.sees("found.tabs")
        person.press("result.verify")
        yield lambda: person.sees("check.line", "nothing has changed in “photos”.")

    assert drive(script) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["photos.partial"]
    assert drive(next_time) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
    with stackgui.open_stack(tmp_path / "photos") as stack:
        check_rows(stack, step=25)


def test_closing_while_running_asks_and_stops(drive, photos, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(dialogs, "ask", lambda *args: asked.append(args[1]) or len(asked) == 2)

    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(photos)
        yield lambda: person.sees("save.line", "Ready")
        person.window.save.destination_changed.emit(str(tmp_path / "photos"))
        yield lambda: person.sees("save.line", "Ready")
        person.press("save.convert")
        person.window.close()
        assert person.window.isVisible()
        person.window.close()
        assert not person.window.isVisible()

    assert drive(script) == 0
    assert len(asked) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"])
def test_a_signal_ends_the_program_and_its_workers(name):
    command = [sys.executable, "-m", "stackgui"]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.PIPE) as program:
        try:
            process = psutil.Process(program.pid)
            deadline_s = time.monotonic() + 60
            while (
                len(children := process.children(recursive=True)) < 2
            ):  # the window is up and warms its workers
                assert time.monotonic() < deadline_s, "no workers came"
                time.sleep(0.05)
            program.send_signal(getattr(signal, name))
            assert program.communicate(timeout=30) == (None, b"")
            assert program.returncode == ending.EXIT_STATUS
        finally:
            program.kill()  # does nothing to one that has ended
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_failed_rows_are_retried_once_their_pictures_are_repaired(drive, photos, tmp_path):
    folder, out = tmp_path / "pictures", tmp_path / "out"
    folder.mkdir()
    chosen = sorted(path for path in photos.iterdir() if path.is_file())[:12]
    for path in chosen:
        (folder / path.name).write_bytes(path.read_bytes())
    damaged = [folder / path.name for path in chosen[3:6]]
    for path in damaged:
        path.write_bytes(path.read_bytes()[:2000])

    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(folder)
        yield from converted(person, out)
        assert person.sees("result.line", "9 of 12 pictures")
        for path in damaged[:2]:
            path.write_bytes((photos / path.name).read_bytes())
        person.press("result.retry")
        yield lambda: person.sees("result.line", "11 of 12 pictures")
        assert person.sees("result.details", "2 pictures could be read this time")
        damaged[2].write_bytes((photos / damaged[2].name).read_bytes())
        person.press("result.retry")
        yield lambda: person.sees("result.line", "All 12 pictures")
        assert not person.find("result.retry").isVisible()
        person.press("result.verify")
        yield lambda: person.sees("check.line", "nothing has changed in")
        person.press("check.deep")
        yield lambda: person.sees("check.details", "12 rows compared with the pictures")
        assert person.sees("check.line", "nothing has changed in")

    assert drive(script) == 0
    with stackgui.open_stack(out) as stack:
        check_rows(stack, step=1)
