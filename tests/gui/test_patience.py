"""It is said when nothing has come for a while, and when something has."""

from stackgui.core.base.awaited import SLOW_S
from stackgui.gui.control.patience import Patience


def test_slowness_is_told_once_and_taken_back():
    now, told = [0.0], []
    patience = Patience(told.append, clock=lambda: now[0])

    def later(seconds, *, waits=True):
        now[0] += seconds
        patience.poll(waits=waits)

    later(0)
    later(SLOW_S * 0.9)
    assert told == []
    later(SLOW_S * 0.2)
    later(SLOW_S)
    assert told == [True]
    patience.heard()
    later(0)
    assert told == [True, False]
    later(SLOW_S)
    later(0, waits=False)
    later(SLOW_S)
    assert told == [True, False, True, False]
