import pytest

settings = pytest.importorskip("stackgui.engine.cluster.settings", reason="Dask is not installed")
dask = settings.dask

PROFILE, TICK = "distributed.worker.profile.enabled", "distributed.admin.tick.interval"
AHEAD = "distributed.scheduler.worker-saturation"


def settled():
    return [dask.config.get(name) for name in (PROFILE, TICK)]


def test_workers_do_not_watch_their_own_threads(cluster):
    assert cluster.client.run(settled) == {each: [False, "500ms"] for each in cluster.workers}


def test_a_worker_gets_no_range_that_another_could_begin_at_once(cluster):
    async def of_scheduler(dask_scheduler):
        return dask_scheduler.WORKER_SATURATION

    assert cluster.client.run_on_scheduler(of_scheduler) == 1.0


def test_what_somebody_has_set_stays():
    with dask.config.set({TICK: "30ms", AHEAD: 2.0}):
        settings.obey()
        assert dask.config.get(TICK) == "30ms"
        assert dask.config.get(AHEAD) == 2.0
