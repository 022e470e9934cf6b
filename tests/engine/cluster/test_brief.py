import logging
import sys

import pytest

hosting = pytest.importorskip("stackgui.engine.cluster.hosting", reason="Dask is not installed")


def told(error: Exception, message: str) -> str:
    """What a terminal shows of a message of Dask about an error."""
    try:
        raise error
    except type(error):
        record = logging.LogRecord("distributed", logging.ERROR, "", 0, message, (), sys.exc_info())
    return logging.Formatter().format(record) if hosting.without_traceback(record) else ""


@pytest.mark.parametrize(
    ("error", "message", "shown"),
    [
        (KeyError("hands"), "Worker plugin failed to teardown", "Worker plugin failed to teardown"),
        (RuntimeError(), "", ""),
        (ConnectionError("reset"), "Connection lost", ""),
    ],
    ids=["an error", "an error without words", "a lost connection"],
)
def test_whoever_started_a_worker_sees_no_traceback(error, message, shown):
    assert told(error, message) == shown
