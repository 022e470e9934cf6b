"""A stack that goes straight to a bucket, through the real window: typed, made, stopped, resumed, checked."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.app.settings import Where
from stackgui.gui.app.stack_window import StackWindow
from tests.serving import Bucket, bucket_on_loopback, refused, zarr_store

zarr = pytest.importorskip("zarr")

ROWS, SIDE_PX = 40, 1024


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with pytest.MonkeyPatch.context() as patch, bucket_on_loopback(patch) as made:
        yield made


@pytest.fixture(autouse=True)
def sound(bucket):
    yield
    bucket.faults.of.clear()


@pytest.fixture
def folder(tmp_path):
    """Pictures that compress well, so that a shard is sent in no time; each has its own number in it."""
    made = tmp_path / "pets"
    made.mkdir()
    for index in range(ROWS):
        Image.fromarray(np.full((SIDE_PX, SIDE_PX, 3), index, np.uint8)).save(made / f"{index:02}.png")
    return made


def types(person, place):
    """Type a place over the one that is proposed."""
    field = person.find("save.destination")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, place)


def ready(person, folder, place):
    """Add pictures, type the address, press Return, and wait for what the server says."""
    yield lambda: person.sees("welcome")
    person.drops(folder)
    yield lambda: person.sees("save.line", "Ready")
    types(person, place)
    assert person.sees("save.line", "Press Return")
    QTest.keyClick(person.find("save.destination"), Qt.Key.Key_Return)
    yield lambda: person.sees("save.line", "before compression")


def opened(place):
    return zarr.open_group(zarr_store(place), mode="r")


def is_whole(place):
    group = opened(place)
    assert group["images"].shape == (ROWS, SIDE_PX, SIDE_PX, 3)
    assert group["images"][:, 0, 0, 0].tolist() == list(range(ROWS))
    assert group["valid"][...].all()


def test_a_stack_is_made_in_a_bucket_and_verified(drive, bucket, folder):
    place = "s3://pictures/window.zarr"

    def script(person):
        yield from ready(person, folder, place)
        person.press("save.convert")
        yield lambda: person.sees("result.line", "All 40 pictures")
        assert person.sees("result.details", place)
        person.press("result.look")
        yield lambda: person.window.findChild(StackWindow) is not None
        window = person.window.findChild(StackWindow)
        yield lambda: window.opened is not None
        offered = [each.objectName() for each in window.findChildren(QPushButton) if each.isVisible()]
        assert "stack.verify" in offered
        assert "stack.handOver" not in offered, "that takes a folder"
        yield lambda: window.rows.grid.missing == []
        window.rows.go_to(7)
        yield lambda: window.details.seen is not None
        assert (window.details.seen.large.pixels == 7).all()
        assert window.details.seen.large.facts.name == "07.png"
        window.close()
        person.press("result.verify")
        yield lambda: person.sees("check.line", "nothing has changed in “window.zarr”.")
        person.press("result.back")
        types(person, place)
        QTest.keyClick(person.find("save.destination"), Qt.Key.Key_Return)
        yield lambda: person.sees("save.line", "This stack is done")

    assert drive(script) == 0
    is_whole(place)


def test_pictures_with_masks_go_to_a_bucket_and_are_verified(drive, bucket, tmp_path):
    place = "s3://pictures/masked.zarr"
    folder = tmp_path / "seg"
    for number in range(6):
        for kind, shape in (("images", (8, 6, 3)), ("masks", (8, 6))):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full(shape, number, np.uint8)).save(folder / kind / f"{number}.png")

    def script(person):
        yield from ready(person, folder, place)
        person.press("save.convert")
        yield lambda: person.sees("result.line", "All 6 pictures")
        person.press("result.verify")
        yield lambda: person.sees("check.line", "nothing has changed in “masked.zarr”.")

    assert drive(script) == 0
    group = opened(place)
    assert group["images"][:, 0, 0, 0].tolist() == list(range(6))
    assert group["masks"][:, 0, 0].tolist() == list(range(6))


def test_what_a_bucket_refuses_pauses_the_run_which_goes_on_when_it_is_allowed(drive, bucket, folder):
    place = "s3://pictures/refuses.zarr"

    def script(person):
        yield from ready(person, folder, place)
        bucket.faults.of["/c/2/0/0/0"] = refused
        person.press("save.convert")
        yield lambda: person.sees("progress.trouble", f"{place} cannot be used: the server allows no access")
        assert person.sees("progress.line", "Paused")
        bucket.faults.of.clear()
        person.press("progress.pause")
        yield lambda: person.sees("result.line", "All 40 pictures")

    assert drive(script) == 0
    is_whole(place)


def test_what_was_cancelled_is_resumed_from_the_next_window(drive, bucket, folder, monkeypatch):
    place = "s3://pictures/resumed.zarr"

    def script(person):
        yield from ready(person, folder, place)
        bucket.faults.of["/c/3/0/0/0"] = refused
        person.press("save.convert")
        yield lambda: person.sees("progress.trouble", "allows no access")
        bucket.faults.of.clear()
        person.press("progress.cancel")
        yield lambda: person.sees("result.line", "You cancelled")
        yield lambda: person.sees("result.resume")
        assert person.sees("result.details", "are kept")

    def next_time(person):
        yield lambda: person.sees("unfinished.line", "An unfinished conversion was found: “resumed.zarr”")
        assert person.sees("unfinished.line", "last saved today at")
        person.press("unfinished.resume")
        yield lambda: person.sees("result.line", "All 40 pictures")

    assert drive(script) == 0
    with pytest.raises(zarr.errors.GroupNotFoundError):
        opened(place)
    assert drive(next_time) == 0
    is_whole(place)


def test_of_what_is_there_a_name_beside_it_is_offered(drive, bucket, folder):
    bucket.write("taken.zarr/by others", b"not ours")

    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(folder)
        yield lambda: person.sees("save.line", "Ready")
        types(person, "s3://pictures/taken.zarr")
        QTest.keyClick(person.find("save.destination"), Qt.Key.Key_Return)
        yield lambda: person.sees("save.line", "There is already something at s3://pictures/taken.zarr")
        assert not person.can_press("save.convert")
        yield lambda: person.sees("save.free", "taken-2.zarr")
        person.press("save.free")
        yield lambda: person.sees("save.line", "before compression")
        types(person, "s3://nobody/x.zarr")
        QTest.keyClick(person.find("save.destination"), Qt.Key.Key_Return)
        yield lambda: person.sees("save.line", "there is no such bucket")

    assert drive(script) == 0


def test_two_stacks_of_the_queue_one_in_a_folder_and_one_in_a_bucket(drive, bucket, folder, tmp_path):
    place = "s3://pictures/queued.zarr"

    def script(person):
        yield from ready(person, folder, place)
        person.press("save.queue")
        yield lambda: person.sees("messageBar.text", "is in the queue")
        types(person, place)
        QTest.keyClick(person.find("save.destination"), Qt.Key.Key_Return)
        yield lambda: "is in the queue" in person.find("save.line").text()
        types(person, str(tmp_path / "beside"))
        QTest.keyClick(person.find("save.destination"), Qt.Key.Key_Return)
        yield lambda: person.sees("save.line", "Ready")
        person.press("save.queue")
        yield lambda: person.find("save.showQueue").text() == "Queue (2)"
        person.press("save.showQueue")
        person.press("queue.start")
        yield lambda: "2 stacks are made" in person.find("queue.line").text()

    assert drive(script) == 0
    is_whole(place)
    assert np.load(tmp_path / "beside" / "images.npy", mmap_mode="r").shape[0] == ROWS


def test_the_workers_of_a_cluster_send_it(drive, bucket, folder, monkeypatch):
    pytest.importorskip("distributed")
    before = Preferences.settings
    chosen = {"where": Where.CLUSTER, "cluster": "local:2"}
    monkeypatch.setattr(Preferences, "settings", lambda self: replace(before(self), **chosen))
    place = "s3://pictures/far.zarr"

    def script(person):
        yield lambda: person.sees("cluster.line", "2 workers")
        yield from ready(person, folder, place)
        person.press("save.convert")
        yield lambda: person.sees("result.line", "All 40 pictures")
        assert person.sees("cluster.line", "2 workers")

    assert drive(script) == 0
    is_whole(place)


def opens_by_address(person, text):
    """Type the address of a stack in the card for it, and say what the card says before Return."""
    person.window.menus["openPlace"].trigger()
    field = person.find("openPlace.field")
    assert field.hasFocus() or field.isVisible()
    QTest.keyClicks(field, text)
    return field, person.find("openPlace.line").text().replace("\N{NO-BREAK SPACE}", " ")


def stacks_shown(person):
    return [each for each in person.window.findChildren(StackWindow) if each.isVisible()]


@pytest.fixture
def older(bucket, tmp_path):
    """A stack of small pictures that was made some time ago, each with its own number in it."""
    folder, place = tmp_path / "small", "s3://pictures/older.zarr"
    folder.mkdir()
    for number in range(6):
        Image.fromarray(np.full((8, 6, 3), number, np.uint8)).save(folder / f"{number}.png")
    with Engine(1) as engine:
        plan = resolve(Options(), engine.scan([str(folder)], Control()))
        engine.convert(plan, RunOptions(place), Control())
    return place


def test_an_older_stack_is_opened_by_its_address(drive, older):
    def script(person):
        yield lambda: person.sees("welcome")
        field, said = opens_by_address(person, "gcs://pictures/older.zarr")
        assert said == "Write gs:// instead of gcs://."
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert stacks_shown(person) == []
        field.clear()
        field, said = opens_by_address(person, f"{older}/zarr.json")
        assert said == f"Press Return to open {older}."
        QTest.keyClick(field, Qt.Key.Key_Return)
        yield lambda: stacks_shown(person) != []
        assert not person.window.open_place.isVisible()
        (window,) = stacks_shown(person)
        yield lambda: window.opened is not None and window.rows.grid.missing == []
        window.rows.go_to(4)
        yield lambda: window.details.seen is not None and window.details.seen.large.facts.row == 4
        assert (window.details.seen.large.pixels == 4).all()
        assert older in [action.toolTip() for action in person.window.recent.actions()]

    assert drive(script) == 0


def test_where_no_stack_is_the_window_says_so(drive, bucket):
    def script(person):
        yield lambda: person.sees("welcome")
        field, _said = opens_by_address(person, "s3://pictures/nowhere.zarr")
        QTest.keyClick(field, Qt.Key.Key_Return)
        yield lambda: stacks_shown(person) != []
        (window,) = stacks_shown(person)
        yield lambda: "there is nothing at this address" in window.message.text()

    assert drive(script) == 0
