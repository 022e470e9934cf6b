"""Requests to end, as a program hears them."""

import os
import signal

import pytest

from stackgui import ending

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")


@pytest.fixture(autouse=True)
def signals(monkeypatch):
    """What the tests were started with stays; the program's end is told instead of carried out."""
    before = {number: signal.getsignal(number) for number in ending.REQUESTS}
    for number in ending.REQUESTS:
        signal.signal(number, signal.SIG_DFL)
    told = []
    monkeypatch.setattr(ending, "end_at_once", told.append)
    yield told
    for number, handler in before.items():
        signal.signal(number, handler)


def ask(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def test_all_requests_of_the_system_are_known():
    names = {"SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"}
    assert {number.name for number in ending.REQUESTS} == names


@pytest.mark.parametrize("number", ending.REQUESTS)
def test_while_nobody_listens_a_request_ends_the_program(signals, number):
    ending.handle_requests(as_json=False)
    ask(number)
    assert signals == [ending.CANCELLED]


@pytest.mark.parametrize("number", ending.REQUESTS)
def test_who_listens_is_told_and_then_all_is_as_before(signals, number):
    heard = []
    with ending.listening(lambda: heard.append(number)):
        ask(number)
    assert heard == [number]
    assert signals == []
    assert signal.getsignal(number) is signal.SIG_DFL


@pytest.mark.parametrize(
    ("second", "after_s", "ends"),
    [
        ("SIGINT", 5.0, True),
        ("SIGTERM", 5.0, True),
        ("SIGQUIT", 0.5, True),
        ("SIGINT", 0.1, False),  # passed on by a supervisor as well
        ("SIGHUP", 5.0, False),  # from the terminal and from its shell
    ],
)
def test_a_second_request_ends_the_program_if_it_is_one(signals, second, after_s, ends):
    heard, times_s = [], iter([100.0, 100.0 + after_s])
    with ending.listening(lambda: heard.append(True), lambda: next(times_s)):
        ask(signal.SIGTERM)
        ask(getattr(signal, second))
    assert heard == [True]
    assert signals == ([ending.AT_ONCE] if ends else [])


def test_what_is_ignored_stays_ignored(signals):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    ending.handle_requests(as_json=False)
    with ending.listening(lambda: pytest.fail("was told")):
        ask(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signals == []


def test_listening_within_listening_tells_the_inner_one():
    heard = []
    with ending.listening(lambda: heard.append("outer")):
        with ending.listening(lambda: heard.append("inner")):
            ask(signal.SIGINT)
        ask(signal.SIGINT)
    assert heard == ["inner", "outer"]
