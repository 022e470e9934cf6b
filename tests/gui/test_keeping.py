"""Projects are written after a pause, in a job, and once more where that is needed."""

import threading

import pytest

from stackgui.core.base.errors import StoreError
from stackgui.core.project.history import Work
from stackgui.core.project.project import Project
from stackgui.gui.control.jobs import Jobs
from stackgui.gui.control.keeping import SETTLE_S, Keeping

A, B = (Work("/a", Project((name,))) for name in ("/x", "/y"))
OTHER = Work("/b", Project(("/z",)))


class Disk:
    def __init__(self) -> None:
        self.files: dict[str, Project] = {}
        self.writes: list[str] = []
        self.kept: list[str] = []
        self.may_write = threading.Event()
        self.may_write.set()
        self.full = False

    def write(self, file: str, project: Project, *, keeps_old: bool) -> None:
        self.may_write.wait(20)
        if self.full:
            raise StoreError("The disk is full.")
        self.writes.append(file)
        if keeps_old:
            self.kept.append(file)
        self.files[file] = project


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def failed() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def keeping(disk, now, failed):
    jobs = Jobs()
    made = Keeping(jobs, lambda *told: failed.append(told), write=disk.write, clock=lambda: now[0])
    poll = made.poll

    def both() -> None:
        jobs.poll()
        poll()

    made.poll = both
    yield made
    disk.may_write.set()
    assert jobs.close(5.0)


def settle(keeping, now, until, so) -> None:
    def wait() -> None:
        now[0] += SETTLE_S
        keeping.poll()

    until(wait, so)


def test_a_drag_is_written_once(keeping, disk, now, until):
    for number in range(10):
        keeping.use(Work("/a", Project((f"/{number}",))))
        keeping.poll()
        now[0] += SETTLE_S / 2
    assert disk.writes == []
    settle(keeping, now, until, lambda: disk.files == {"/a": Project(("/9",))})
    assert disk.writes == ["/a"]


def test_what_is_left_for_another_project_is_written_too(keeping, disk, now, until):
    keeping.use(A)
    keeping.use(OTHER)
    settle(keeping, now, until, lambda: disk.files == {"/a": A.project, "/b": OTHER.project})


def test_what_was_undone_during_the_write_is_written_again(keeping, disk, now, until):
    keeping.is_read(A)
    disk.files["/a"] = A.project
    disk.may_write.clear()
    keeping.use(B)
    now[0] += SETTLE_S
    keeping.poll()
    keeping.use(A)
    disk.may_write.set()
    until(keeping.poll, lambda: disk.writes == ["/a"])
    settle(keeping, now, until, lambda: disk.writes == ["/a", "/a"])
    assert disk.files["/a"] == A.project


def test_what_is_in_the_file_is_not_written(keeping, disk, now):
    keeping.is_read(A)
    keeping.use(B)
    keeping.use(A)
    keeping.close(5.0)
    assert disk.writes == []


def test_a_damaged_file_is_kept_once(keeping, disk, now, until):
    keeping.is_read(A, damaged=True)
    for work in (B, A):
        keeping.use(work)
        settle(keeping, now, until, lambda work=work: disk.files.get("/a") == work.project)
    keeping.close(5.0)
    assert disk.kept == ["/a"]


def test_closing_writes_what_is_left(keeping, disk):
    keeping.use(A)
    keeping.close(5.0)
    assert disk.files == {"/a": A.project}


def test_a_failure_is_told_once_for_each_change(keeping, disk, now, until, failed):
    disk.full = True
    for count, work in enumerate((A, B), start=1):
        keeping.use(work)
        settle(keeping, now, until, lambda count=count: len(failed) == count)
    assert failed == [("/a", "The disk is full.")] * 2
    keeping.close(5.0)
    assert len(failed) == 2
