"""Pictures in a bucket that misbehaves, on a cluster: rows are right, or fail with a reason."""

import os
from collections.abc import Iterator

import pytest

from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run import ranges
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.run_options import Limits, RunOptions
from stackgui.engine import Control, Engine
from tests.serving import busy, cut_off, dropped, now_and_then, shorter, slow_down

pytest.importorskip("distributed", reason="Dask is not installed")

OPTIONS = Options(size=Size.exact(24, 20), fit=Fit.LETTERBOX)
OWN = Limits(sample_s=19.0)
"""Other limits than those of other tests, so that hosts start processes that know of the bucket."""


@pytest.fixture(scope="module")
def far(bucket, hosts) -> Iterator[Engine]:
    """The cluster of all tests, with credentials of the bucket."""
    client = hosts.cluster(Control()).client
    known = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    client.run(know, known)
    with Engine(1, OWN, cluster=ClusterAddress(url=client.scheduler.address)) as engine:
        engine._crew(Control())
        yield engine


def know(values):
    os.environ.update(values)


@pytest.fixture(autouse=True)
def no_faults(bucket, monkeypatch):
    monkeypatch.setattr(ranges, "MAX_RANGE_ROWS", 3)
    yield
    bucket.faults.of.clear()


def made(engine, address, stack):
    plan = resolve(OPTIONS, engine.scan([address], Control()))
    report = engine.convert(plan, RunOptions(str(stack)), Control())
    return {each.file: each.reason for each in report.failures}, (stack / "images.npy").read_bytes()


def test_a_bucket_that_fails_now_and_then_costs_time_only(bucket, near, far, pictures, tmp_path):
    address = bucket.put(pictures, "now")
    expected = made(near, address, tmp_path / "one")
    assert len(expected[0]) == 1
    bucket.faults.of[".png"] = now_and_then(busy(10**9), slow_down, dropped, cut_off)
    bucket.faults.of[""] = now_and_then(busy(10**9), slow_down, dropped)
    assert made(far, address, tmp_path / "two") == expected
    assert made(near, address, tmp_path / "three") == expected


def test_a_bucket_that_lies_about_sizes_spoils_no_row(bucket, near, far, pictures, tmp_path):
    address = bucket.put(pictures, "lies")
    plan = resolve(OPTIONS, near.scan([address], Control()))
    bucket.faults.of["/lies/cat/1.png"] = shorter
    bucket.faults.of["/lies/dog/2.png"] = cut_off
    found = []
    for engine, name in ((near, "one"), (far, "two")):
        report = engine.convert(plan, RunOptions(str(tmp_path / name)), Control())
        found.append({each.file.removeprefix(address): each.reason for each in report.failures})
    assert found[0] == found[1]
    assert found[0].keys() == {"/cat/1.png", "/dog/2.png", "/dog/broken.png"}
    assert (tmp_path / "one" / "images.npy").read_bytes() == (tmp_path / "two" / "images.npy").read_bytes()
