"""Seconds are told only once somebody would wonder."""

from stackgui.core.base.awaited import Awaited


def test_seconds_begin_anew_whenever_something_is_heard():
    now = [0.0]
    awaited = Awaited(2, clock=lambda: now[0])
    now[0] = 1.9
    assert (awaited.name, awaited.seconds) == ("", 0)
    now[0] = 12.4
    assert awaited.seconds == 12
    awaited.heard("s3://bucket")
    assert (awaited.name, awaited.seconds) == ("s3://bucket", 0)
    now[0] = 15.0
    assert awaited.seconds == 2


def test_nothing_is_said_of_what_has_no_name():
    now = [0.0]
    awaited = Awaited(2, clock=lambda: now[0])
    now[0] = 20.0
    assert (awaited.seconds, awaited.named_seconds) == (20, 0)
    awaited.heard("pets")
    now[0] = 25.0
    assert awaited.named_seconds == 5
