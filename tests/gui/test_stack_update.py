"""Bringing a stack up to date, as the person sees it."""

import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QLabel, QWidget

from stackgui.core.base.errors import PlanError, SourceGoneError, UsageError
from stackgui.core.base.ways import Way
from stackgui.core.options.update_options import Gone, Larger
from stackgui.core.run.found_pictures import FoundPicture, FoundPictures
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.report import Status
from stackgui.core.run.update_report import FOUND, UpdateReport
from stackgui.gui.control import stack_update
from stackgui.gui.panels.update.found_rows import BEFORE, NOW, PICTURE_ROLE
from stackgui.gui.widgets.parts import Mark
from tests.gui.conftest import make_thumb
from tests.making import make_plan


class Sources:
    """What an update finds, and whether it may end."""

    def __init__(self) -> None:
        self.found = {"new": ("cat/9.png", "dog/8.png"), "gone": ("cat/1.png",)}
        self.signs = {}
        self.larger: tuple[str, ...] = ()
        self.unreached: tuple[str, ...] = ()
        self.versions: tuple[str, ...] = ()
        self.trouble = ""
        self.settles = True
        self.pictured = False
        self.error: Exception | None = None
        self.asked = []
        self.may_end = threading.Event()
        self.may_end.set()

    def update(self, stack, control, how):
        self.asked.append(how)
        if not how.only_look:
            control.publish(FillProgress(Phase.FILLING, 1, 2))
            while not self.may_end.wait(0.002):
                control.check()
            if self.trouble:
                control.pause()
                control.publish(FillProgress(Phase.PAUSED, 1, 2, trouble=self.trouble))
            while control.paused:
                control.check()
                time.sleep(0.002)
        if self.error is not None:
            raise self.error
        taken = how.seen is None or (self.settles and how.seen == self.signs)
        names = [name for each in self.found.values() for name in each]
        report = UpdateReport(
            Status.COMPLETE, stack, not how.only_look, 4, 6,
            **{kind: self.found.get(kind, ()) if taken else () for kind in FOUND},
            waiting=() if taken else tuple(names), unreached=self.unreached, larger=self.larger, unfit=(),
            lost=(), new_classes=(), versions=self.versions, failures=(), choices=how.choices, seconds=1.0,
            signs=self.signs, pictures=self._pictures(stack, is_done=not how.only_look),
        )  # fmt: skip
        if not how.only_look:
            self.found = {}
        return report

    def _pictures(self, stack: str, *, is_done: bool) -> FoundPictures | None:
        """Which rows are found: new ones follow the four of the stack, the others are its first."""
        if not self.pictured:
            return None
        rows = {
            kind: np.arange(len(names)) + 4 * (kind == "new")
            for kind in FOUND
            if (names := self.found.get(kind))
        }
        return FoundPictures(stack, make_plan([(2, 2)]), rows, is_done=is_done)


@pytest.fixture
def sources(engine) -> Sources:
    made = Sources()
    engine.update.side_effect = made.update
    return made


@pytest.fixture
def says(find, qtbot):
    def wait(text: str) -> None:
        qtbot.waitUntil(lambda: text in find(QLabel, "update.line").text())

    return wait


def test_what_has_changed_is_shown_before_anything_is_done(finished, sources, find, click, says):
    click("result.update")
    says("can be brought up to date")
    assert "2 new pictures, 1 picture is gone." in find(QLabel, "update.details").text()
    model = find(QAbstractItemView, "update.table").model()
    assert [(model.index(row, 0).data(), model.index(row, 3).data()) for row in range(model.rowCount())] == [
        ("new", "cat/9.png"), ("new", "dog/8.png"), ("gone", "cat/1.png"),
    ]  # fmt: skip
    assert [how.only_look for how in sources.asked] == [True]
    find(QAbstractButton, "update.blank").click()
    says("can be brought up to date")
    click("update.begin")
    says("is up to date again: 6 rows")
    assert sources.asked[-1].choices.gone is Gone.BLANK
    assert not find(QAbstractButton, "update.begin").isEnabled()
    assert "is up to date again: 6 rows" in find(QLabel, "result.line").text()
    assert "2 new pictures" in find(QLabel, "result.details").text()
    click("update.again")
    says("nothing is new, changed or gone")


def test_the_lines_that_load_a_stack_are_those_of_now_whatever_has_updated_it(
    finished, behaviour, find, qtbot
):
    for rows in (4, 6):
        behaviour.arrays = make_plan([(2, 2)] * rows).arrays
        find(QAbstractButton, "result.python").click()
        told = f"# ({rows}, 2, 2, 3), uint8"
        qtbot.waitUntil(lambda told=told: told in QGuiApplication.clipboard().text(), timeout=20_000)
    assert find(QAbstractButton, "result.python").text() == "Copied"


def test_a_stack_that_is_looked_into_is_shown_anew(finished, app, sources, click, says, monkeypatch):
    shown = []
    monkeypatch.setattr(app.stacks, "reload", shown.append)
    app.stack_updates.updated.connect(app.stacks.reload)
    click("result.update")
    says("can be brought up to date")
    click("update.begin")
    says("is up to date again: 6 rows")
    assert shown == [app.controller.updating.state.stack]


def test_an_update_is_cancelled_and_shown_again(finished, sources, find, click, says):
    click("result.update")
    says("can be brought up to date")
    sources.may_end.clear()
    click("update.begin")
    says("Updating: 1 of 2 rows")
    assert not find(QAbstractButton, "update.begin").isEnabled()
    click("update.cancel")
    says("can be brought up to date")
    assert find(QAbstractButton, "update.begin").isEnabled()


def test_a_running_update_is_not_ended_by_a_look_at_another_stack(finished, app, sources, click, says):
    click("result.update")
    says("can be brought up to date")
    sources.may_end.clear()
    click("update.begin")
    says("Updating: 1 of 2 rows")
    app.stack_updates.show("/elsewhere/stack")
    says("Updating: 1 of 2 rows")
    sources.may_end.set()
    says("“cats” is up to date again")


def test_larger_pictures_can_be_shrunk(finished, sources, find, click, says, qtbot):
    sources.larger = ("cat/9.png",)
    click("result.update")
    says("can be brought up to date")
    assert "its row stays blank" in find(QLabel, "update.details").text()
    find(QAbstractButton, "update.shrink").click()
    qtbot.waitUntil(lambda: "is made smaller" in find(QLabel, "update.details").text())
    assert sources.asked[-1].choices.larger is Larger.SHRINK
    click("update.begin")
    says("is up to date again")
    assert find(Mark, "update.mark").accessibleName() == "success", (
        "they are smaller because it was asked for"
    )


def test_larger_pictures_whose_rows_stay_blank_are_warned_of(finished, sources, find, click, says):
    sources.larger = ("cat/9.png",)
    click("result.update")
    says("can be brought up to date")
    assert find(Mark, "update.mark").accessibleName() == "warning"


def test_an_error_names_the_way_out(finished, sources, find, click, says):
    sources.error = UsageError("Other versions.", ways=(Way.OTHER_VERSIONS,))
    click("result.update")
    says("Other versions. Tick “Go on with other versions”")
    assert not find(QAbstractButton, "update.begin").isEnabled()
    sources.error = RuntimeError("broken")
    click("update.again")
    says("fault of the program")
    click("update.copyDetails")
    assert "RuntimeError: broken" in QApplication.clipboard().text()


def test_sources_that_are_empty_can_be_taken_for_deleted_ones(finished, sources, find, click, says):
    sources.error = PlanError("Nothing is there.", ways=(Way.EMPTY_SOURCES,))
    click("result.update")
    says("Nothing is there. Tick “They were deleted” if they were deleted on purpose")
    sources.error = None
    find(QAbstractButton, "update.deleted").click()
    says("can be brought up to date")
    assert sources.asked[-1].choices.allow_empty_sources


def test_other_versions_have_to_be_allowed_first(finished, sources, find, click, says):
    sources.versions = ("Other versions: numpy was 1, now 2.",)
    click("result.update")
    says("can be brought up to date")
    details = find(QLabel, "update.details")
    assert "numpy was 1, now 2.\nTick “Go on with other versions”; the stack then" in details.text()
    assert not find(QAbstractButton, "update.begin").isEnabled()
    find(QAbstractButton, "update.versions").click()
    says("can be brought up to date")
    assert "Tick" not in details.text()
    click("update.begin")
    says("is up to date again")
    assert sources.asked[-1].choices.allow_other_versions


def test_a_full_disk_pauses_an_update_that_goes_on_later(finished, sources, find, click, says):
    sources.trouble = "The disk is full. Make room on it."
    click("result.update")
    says("can be brought up to date")
    click("update.begin")
    says("The disk is full. Make room on it.")
    assert sources.asked[-1].pause_on_trouble
    assert find(QLabel, "update.details").text() == "The update is paused: 1 of 2 rows"
    assert find(QAbstractButton, "update.pause").text() == "Tr&y again"
    click("update.pause")
    says("is up to date again")
    assert not find(QAbstractButton, "update.pause").isVisible()


def test_an_update_is_paused_and_goes_on(finished, sources, find, click, says):
    sources.may_end.clear()
    click("result.update")
    says("can be brought up to date")
    click("update.begin")
    says("Updating: 1 of 2 rows")
    click("update.pause")
    says("The update is paused: 1 of 2 rows")
    sources.may_end.set()
    click("update.pause")
    says("is up to date again")


def test_a_watched_stack_is_updated_once_files_have_settled(
    finished, app, sources, find, click, says, monkeypatch, qtbot
):
    monkeypatch.setattr(stack_update, "SETTLE_S", 0.0)
    sources.signs = {(0, b"cat/9.png", -1): 1}
    click("result.update")
    says("can be brought up to date")
    sources.may_end.clear()
    find(QAbstractButton, "update.watch").click()
    says("Updating: 1 of 2 rows")
    begun = next(number for number, how in enumerate(sources.asked) if not how.only_look)
    assert [how.seen for how in sources.asked[:begun]] == [None, {}, sources.signs]
    assert sources.asked[begun].seen == sources.signs
    sources.may_end.set()
    says("is up to date")
    assert "Watching the folders; last looked at" in find(QLabel, "update.watching").text()
    assert sum(not how.only_look for how in sources.asked) == 1
    find(QAbstractButton, "update.watch").click()
    assert not app.controller.updating.state.is_watched
    qtbot.waitUntil(lambda: not find(QLabel, "update.watching").isVisible())


def test_watching_outlasts_a_disk_that_is_gone_and_says_what_waits(
    finished, sources, find, click, says, monkeypatch
):
    monkeypatch.setattr(stack_update, "SETTLE_S", 0.0)
    sources.found = {}
    click("result.update")
    says("nothing is new, changed or gone")
    sources.error = SourceGoneError("/media/disk", "/media/disk")
    find(QAbstractButton, "update.watch").click()
    says("/media/disk cannot be reached")
    sources.error, sources.found, sources.signs = None, {"new": ("cat/9.png",)}, {(0, b"cat/9.png", -1): 1}
    # It never settles, because no two looks find the same.
    sources.settles = False
    says("waits for files that have only just changed")
    assert "1 picture has only just changed, and waits: cat/9.png." in find(QLabel, "update.details").text()
    sources.settles = True
    says("is up to date")
    assert sum(not how.only_look for how in sources.asked) == 1


def test_the_menu_offers_it_too(finished, app, sources, find, says):
    app.window.menus["update"].trigger()
    says("“cats” can be brought up to date")
    assert find(QWidget, "updateWindow").isVisible()
    app.stack_updates.show("/elsewhere/stack")
    says("“stack” can be brought up to date")


@pytest.fixture
def pictured(sources, engine):
    """Pictures of what is found, the row number as their brightness."""
    asked = []

    def look(found, indices, _side_px, _control):
        asked.append(tuple(indices))
        thumbs = [make_thumb(int(found.all_rows[index])) for index in indices]
        return tuple(
            FoundPicture(
                index, thumb if found.has_row(index) else None, thumb if found.has_file(index) else None
            )
            for index, thumb in zip(indices, thumbs, strict=True)
        )

    engine.found_pictures.side_effect = look
    sources.pictured = True
    return asked


def test_what_was_found_is_shown_as_it_was_and_as_it_is_now(finished, pictured, find, click, says, qtbot):
    click("result.update")
    says("can be brought up to date")
    table = find(QAbstractItemView, "update.table")
    model = table.model()
    qtbot.waitUntil(lambda: model.index(2, BEFORE).data(PICTURE_ROLE) is not None)
    assert model.index(0, BEFORE).data(PICTURE_ROLE) is None, "a new one has no row"
    assert model.index(0, NOW).data(PICTURE_ROLE) is not None
    assert model.index(2, NOW).data(PICTURE_ROLE) is None, "one that is gone has no file"
    assert model.index(2, BEFORE).data() == "row 0"
    assert model.index(0, NOW).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Row 4")
    click("update.begin")
    says("is up to date again")
    qtbot.waitUntil(lambda: model.index(0, BEFORE).data(PICTURE_ROLE) is not None)
    assert table.isColumnHidden(NOW), "the stack is all there is to see"


def test_of_very_many_changes_only_those_that_are_seen_are_made(
    finished, pictured, sources, find, click, says, qtbot
):
    count = 150_000
    sources.found = {"new": tuple(f"cat/{number}.png" for number in range(count))}
    click("result.update")
    says("can be brought up to date")
    table = find(QAbstractItemView, "update.table")
    assert table.model().rowCount() == count
    qtbot.waitUntil(lambda: table.model().index(0, NOW).data(PICTURE_ROLE) is not None)
    table.scrollToBottom()
    qtbot.waitUntil(lambda: table.model().index(count - 1, NOW).data(PICTURE_ROLE) is not None)
    assert sum(map(len, pictured)) < 100


def test_one_kind_of_changes_is_listed_alone(finished, pictured, sources, find, click, says, qtbot):
    sources.found = {"new": tuple(f"cat/{number}.png" for number in range(500)), "gone": ("dog/1.png",)}
    click("result.update")
    says("can be brought up to date")
    kinds, model = find(QComboBox, "update.kinds"), find(QAbstractItemView, "update.table").model()
    assert [kinds.itemText(place) for place in range(kinds.count())] == [
        "All that was found", "500 new pictures", "1 picture is gone",
    ]  # fmt: skip
    kinds.setCurrentIndex(2)
    kinds.activated.emit(2)
    assert [model.index(row, 3).data() for row in range(model.rowCount())] == ["dog/1.png"]
    qtbot.waitUntil(lambda: model.index(0, BEFORE).data(PICTURE_ROLE) is not None)
    click("update.again")
    qtbot.waitUntil(lambda: len(sources.asked) == 2)
    says("can be brought up to date")
    assert model.rowCount() == 1, "what was chosen stays so"
