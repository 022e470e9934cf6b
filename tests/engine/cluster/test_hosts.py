"""Three hosts, each in a network of its own: one is cut off in the midst of its work, and comes back late."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from stackgui.cli.answers import COMPLETE, WITH_FAILURES
from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.stores.recovery.lease import LEASE_FILE
from tests.engine.cluster.parts import Cluster, Part, same_stacks, wait_until

pytest.importorskip("distributed", reason="Dask is not installed")

PREFIX = f"sg{os.getpid() % 10_000}"
"""Of the names of networks, which all programs share."""

SHARE = 20
"""Of so many thumbnails one is taken."""

WORKERS = ("worker 1", "worker 2")


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Hosts(Cluster):
    """A scheduler, on whose host one converts, too, and two workers, each a host at one switch."""

    NUMBERS: ClassVar = {"scheduler": 1, "coordinator": 1, "worker 1": 2, "worker 2": 3}

    def __init__(self, folder: Path) -> None:
        ip("link", "add", f"{PREFIX}b", "type", "bridge")
        ip("link", "set", f"{PREFIX}b", "up")
        for number in sorted(set(self.NUMBERS.values())):
            space, mine, theirs = (f"{PREFIX}{kind}{number}" for kind in "nvw")
            ip("netns", "add", space)
            ip("link", "add", mine, "type", "veth", "peer", "name", theirs)
            ip("link", "set", theirs, "netns", space)
            ip("link", "set", mine, "master", f"{PREFIX}b", "up")
            ip("-n", space, "addr", "add", f"10.186.0.{number}/24", "dev", theirs)
            ip("-n", space, "link", "set", theirs, "up")
            ip("-n", space, "link", "set", "lo", "up")
        super().__init__(folder, "10.186.0.1")

    def part(self, name: str, *words: str) -> Part:
        before = ("ip", "netns", "exec", f"{PREFIX}n{self.NUMBERS[name]}")
        return Part(*words, log=self.folder / f"{name}.log", before=before, environment=self.environment)

    def plug(self, name: str, state: str) -> None:
        """Plug the cable of a host in ("up") or out ("down")."""
        ip("link", "set", f"{PREFIX}v{self.NUMBERS[name]}", state)

    @staticmethod
    def remove() -> None:
        for number in sorted(set(Hosts.NUMBERS.values())):
            subprocess.run(["ip", "netns", "del", f"{PREFIX}n{number}"], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", f"{PREFIX}b"], check=False, capture_output=True)


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    (tmp_path / "cluster").mkdir()
    if shutil.which("ip") is None or os.geteuid():
        pytest.skip("only root can make networks, with ip")
    made = None
    try:
        made = Hosts(tmp_path / "cluster")
        yield made
    except subprocess.CalledProcessError:
        pytest.skip("networks cannot be made here")
    finally:
        if made is not None:
            made.end()
        Hosts.remove()


@pytest.fixture
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """One of the shared folders; of many small pictures a share."""
    whole: Path = request.getfixturevalue(request.param)
    if request.param != "thumbnails":
        return whole
    for file in sorted(each for each in whole.rglob("*") if each.is_file())[::SHARE]:
        copy = tmp_path / "share" / file.relative_to(whole)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, copy)
    return tmp_path / "share"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("is_frozen", [False, True], ids=["cut off", "cut off and frozen"])
@pytest.mark.parametrize("source", ["photos", "thumbnails", "hostile"], indirect=True)
def test_a_host_that_is_cut_off_spoils_nothing(engine, scan, source, tmp_path, hosts, is_frozen):
    """One that is only cut off ends itself; one that is frozen, too, wakes when the stack is complete."""
    plan = resolve(Options(size=Size.exact(96, 96), fit=Fit.LETTERBOX), scan(source))
    expected = engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    for name in WORKERS:
        wait_until(lambda name=name: "works for" in hosts.parts[name].log())
    coordinator = hosts.convert(source, tmp_path / "two")
    lost = hosts.parts["worker 2"]
    try:
        wait_until((tmp_path / "two.partial" / LEASE_FILE).exists)
        hosts.plug("worker 2", "down")
        if is_frozen:
            lost.stop()
        assert coordinator.wait(300) == (WITH_FAILURES if expected.failures else COMPLETE), coordinator.log()
        if is_frozen:
            lost.go_on()
        hosts.plug("worker 2", "up")
        wait_until(lambda: lost.has_ended)
    finally:
        coordinator.end()
    assert "lost its scheduler" in lost.log()
    assert "Traceback" not in lost.log()
    same_stacks(tmp_path / "one", tmp_path / "two")
