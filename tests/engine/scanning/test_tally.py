"""What a scan says of itself while it goes on."""

from stackgui.core.base import awaited
from stackgui.core.run.progress import ScanProgress
from stackgui.engine import Control
from stackgui.engine.scanning.tally import Tally


def told(asked: bytes, monkeypatch) -> ScanProgress:
    now = [0.0]
    monkeypatch.setattr(awaited.Awaited.__init__, "__defaults__", (awaited.SLOW_S, lambda: now[0]))
    control = Control()
    tally = Tally(control, None)
    tally.asked = asked
    tally.check()
    now[0] += 12
    tally.check()
    return control.snapshot


def test_what_is_awaited_is_named(monkeypatch):
    progress = told(b"/mnt/nas/./pets", monkeypatch)
    assert (progress.asked, progress.asked_s) == ("/mnt/nas/pets", 12)


def test_nothing_is_named_before_the_first_folder(monkeypatch):
    progress = told(b"", monkeypatch)
    assert (progress.asked, progress.asked_s) == ("", 0)
