"""Jobs that look at samples, on a cluster: their results are those of one computer."""

import os
import shutil
from importlib.util import find_spec

import numpy as np
import pytest

from stackgui.core.base.choices import Scale
from stackgui.core.base.errors import RunError
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.cluster import Link
from stackgui.core.run.path_map import PathMap
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.running.measure import measured
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.running.verify import verify
from stackgui.engine.scanning.scan import scan as scan_with
from stackgui.engine.workers.dispatch import Dispatch
from stackgui.engine.workers.run_batches import Crew
from tests.engine import misbehaving
from tests.engine.cluster.parts import Part
from tests.engine.misbehaving import Numbers
from tests.holding import wait_until


def scan_far(far, *sources):
    return scan_with([os.fspath(each) for each in sources], far, Control())


def test_a_scan_finds_the_same(engine, scan, far, pictures):
    (pictures / "link").symlink_to(pictures / "cat")
    (pictures / "loop").symlink_to(pictures)
    here, there = scan(pictures, cache=False), scan_far(far, pictures)
    assert resolve(Options(), there).fingerprint == resolve(Options(), here).fingerprint
    assert there.problem.counts() == here.problem.counts()
    assert list(there.skipped.path) == list(here.skipped.path)


def test_what_is_measured_is_the_same_to_the_last_digit(engine, scan, far, pictures):
    plan = resolve(Options(scale=Scale.MEASURED), scan(pictures))

    def figures(workers):
        return measured(plan, Crew(workers, ProgressMeter(Control(), plan.rows))).measured

    assert figures(far) == figures(engine._workers)
    assert figures(far) is not None


def test_a_deep_check_decodes_there_and_says_the_same(engine, scan, far, pictures, tmp_path):
    stack = os.fspath(tmp_path / "stack")
    engine.convert(resolve(Options(), scan(pictures)), RunOptions(stack), Control())
    sound = verify(stack, far, Control(), deep=None)
    assert sound == engine.verify(stack, Control(), deep=None)
    assert (sound.is_sound, sound.decoded) == (True, 15)
    changed = pictures / "dog" / "2.jpg"
    state = changed.stat()
    data = bytearray(changed.read_bytes())
    data[-100] ^= 1
    changed.write_bytes(data)
    os.utime(changed, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert verify(stack, far, Control(), deep=None) == engine.verify(stack, Control(), deep=None)


def test_a_sample_that_crashes_its_decoder_is_found_there(far):
    dispatch = Dispatch(
        far, Control(), misbehaving.square, lambda batch, _slot: (batch.values,), slots=far.count
    )
    batches = [Numbers(tuple(range(begin, begin + 5))) for begin in (1, 11, 21)] + [Numbers((31, -1, 32))]
    done = list(dispatch.run(batches))
    blamed = {each.batch.values: each.reason for each in done if each.reason}
    assert blamed == {(-1,): "the program that reads such files crashed on it"}
    assert sum(len(each.result) for each in done if each.result) == 17


def test_a_job_that_loses_its_cluster_says_so(far, monkeypatch):
    async def gone(*_arguments, **_choices):
        raise OSError("the scheduler hung up")

    monkeypatch.setattr(far._cluster.client, "gather", gone)
    with pytest.raises(RunError, match=f"The cluster at {far._cluster.address} cannot be reached any more"):
        far.submit(misbehaving.square, ([1],)).result()


@pytest.fixture
def elsewhere(cluster, tmp_path):
    """A folder that the workers have under another name; it is empty here."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    paths = PathMap.parse([f"{here}={there}"])
    cluster.client.run(call_it, paths)
    yield here, there
    cluster.client.run(call_it, PathMap())


def call_it(paths):
    from stackgui.engine.cluster.host import HOST

    HOST.paths = paths


def test_a_folder_may_have_another_name_there(engine, scan, far, pictures, elsewhere):
    here, there = elsewhere
    expected = scan(pictures, cache=False)
    shutil.move(pictures, there)
    found = scan_far(far, here)
    assert found.sources == (os.fspath(here),)
    assert list(found.path) == list(expected.path)
    np.testing.assert_array_equal(found.mtime_ns, expected.mtime_ns)
    assert found.problem.counts() == expected.problem.counts()


def test_a_host_that_lacks_a_file_is_refused_before_the_scan(far, pictures, elsewhere):
    here, _there = elsewhere
    shutil.copytree(pictures, here, dirs_exist_ok=True)
    with pytest.raises(RunError, match=rf"\.jpg is not there on .*--map {here}/(cat|dog)=FOLDER"):
        scan_far(far, here)


def test_a_host_that_has_another_file_is_refused_before_rows_are_compared(
    engine, scan, far, pictures, elsewhere, tmp_path
):
    here, there = elsewhere
    shutil.copytree(pictures, here, dirs_exist_ok=True)
    shutil.copytree(pictures, there)
    stack = os.fspath(tmp_path / "stack")
    engine.convert(resolve(Options(), scan(here)), RunOptions(stack), Control())
    assert verify(stack, far, Control(), deep=3).decoded == 3
    (there / "dog" / "2.jpg").write_bytes(b"other")
    with pytest.raises(RunError, match=r"dog/2.jpg is not the same file on "):
        verify(stack, far, Control(), deep=3)


def test_figures_of_all_pictures_come_before_the_rows_are_handed_out(engine, scan, hosts, pictures, tmp_path):
    plan = resolve(Options(scale=Scale.MEASURED), scan(pictures))
    for each, name in ((engine, "here"), (hosts, "there")):
        each.convert(plan, RunOptions(os.fspath(tmp_path / name)), Control())
    rows = [(tmp_path / name / "images.npy").read_bytes() for name in ("here", "there")]
    assert rows[0] == rows[1]


def test_rows_are_made_of_a_folder_that_has_another_name_there(
    engine, scan, hosts, pictures, elsewhere, tmp_path
):
    here, there = elsewhere
    engine.convert(resolve(Options(), scan(pictures)), RunOptions(os.fspath(tmp_path / "near")), Control())
    shutil.move(pictures, there)
    report = hosts.convert(
        resolve(Options(), hosts.scan([os.fspath(here)], Control())),
        RunOptions(os.fspath(tmp_path / "far")),
        Control(),
    )
    assert len(report.failures) == 1
    rows = [(tmp_path / name / "images.npy").read_bytes() for name in ("near", "far")]
    assert rows[0] == rows[1]


def test_the_health_of_a_cluster(cluster, far):
    from stackgui.engine.cluster.health import Doctor
    from stackgui.engine.cluster.parcels import pack

    doctor = Doctor(cluster)
    doctor.begin()
    found = doctor.look()
    assert (found.address, found.link, found.workers, found.threads) == ("local:2", Link.REACHED, 2, 2)
    assert 0 < found.used_bytes < found.memory_bytes
    assert found.is_well
    assert bool(found.dashboard) is (find_spec("bokeh") is not None)
    refusal = pack("pine has another Pillow.")
    event = {"hands": "x", "worker": "tcp://10.0.0.7:1", "refusal": refusal}
    cluster.client.log_event("stackgui-refused", event)
    wait_until(lambda: doctor.look().refused, "the scheduler tells who was refused")
    found = doctor.look()
    assert (found.refused, found.lost) == (("pine has another Pillow.",), 0)
    doctor.begin()
    assert doctor.look().is_well, "what was amiss in the last run is not told in the next"


def test_a_host_that_comes_later_and_lacks_a_file_gets_no_task(cluster, far, pictures, elsewhere, tmp_path):
    from stackgui.engine.cluster.hands import refusals

    here, there = elsewhere
    shutil.copytree(pictures, here, dirs_exist_ok=True)
    shutil.copytree(pictures, there)
    files = [os.fspath(here / "dog" / "2.jpg")]
    with far.agreed(lambda: files, Control()):
        (there / "dog" / "2.jpg").unlink()
        words = ("cluster", "worker", cluster.client.scheduler.address, "--map", f"{here}={there}")
        late = Part(*words, log=tmp_path / "late.log", environment={})
        late.wait(60)
        late.end()
        assert "dog/2.jpg is not there on " in late.log()
        assert any("dog/2.jpg" in refused for refused in refusals(cluster.client))
        assert far.submit(misbehaving.square, ([2],)).result() == [4]
