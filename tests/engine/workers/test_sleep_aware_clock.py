import pytest

from stackgui.engine.workers.sleep_aware_clock import MAX_GAP_S, SleepAwareClock


@pytest.mark.parametrize(
    ("looks", "awake_s"),
    [
        ([100.0, 100.1, 100.3], 0.3),
        ([0.0, 0.1, 8 * 3600.0, 8 * 3600.0 + 0.1], 0.1 + MAX_GAP_S + 0.1),
        ([7.0], 0.0),
    ],
)
def test_sleep_does_not_count(looks, awake_s):
    times = iter(looks)
    clock = SleepAwareClock(lambda: next(times))
    seconds = [clock() for _ in looks[1:]]
    assert (seconds[-1] if seconds else 0.0) == pytest.approx(awake_s)
