import sys
import threading

import pytest

from stackgui.gui.app.faults import Faults


@pytest.fixture
def faults():
    made = Faults()
    before = sys.excepthook, threading.excepthook
    made.install()
    yield made
    made.uninstall()
    assert (sys.excepthook, threading.excepthook) == before


def test_nothing_happened(faults):
    assert faults.take() == ""


def test_an_exception_is_kept_with_what_helps_to_mend_it(faults):
    error = ValueError("odd")
    sys.excepthook(ValueError, error, error.__traceback__)
    details = faults.take()
    assert "ValueError: odd" in details
    assert details.startswith("StackGUI ")
    assert faults.take() == ""


def test_an_exception_in_a_thread_is_kept_too(faults):
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert "ZeroDivisionError" in faults.take()
