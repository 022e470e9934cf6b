"""What a run shows of itself, however seldom its rows come."""

from types import SimpleNamespace

import numpy as np

from stackgui.core.run.progress import RowThumb
from stackgui.engine import Control
from stackgui.engine.running import progress
from stackgui.engine.running.progress import PUBLISH_S, ProgressMeter


def thumb(row):
    return RowThumb(row, f"{row}.png", np.zeros((1, 1, 3), np.uint8), (1, 1), (0, 0, 1, 1))


def test_rows_of_a_cluster_are_shown_though_something_was_published_just_before(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    control = Control()
    meter = ProgressMeter(control, 100)
    for row in range(5):
        now[0] += 10 * PUBLISH_S
        meter.check()
        meter.advance(1, 0, lambda row=row: thumb(row))
    now[0] += 2 * PUBLISH_S
    meter.check()
    assert [each.row for each in control.snapshot.thumbs] == [0, 1, 2, 3, 4]


def test_rows_that_come_often_are_not_all_drawn(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    meter, drawn = ProgressMeter(Control(), 100), []
    for row in range(20):
        now[0] += 0.3 * PUBLISH_S
        meter.advance(1, 0, lambda row=row: drawn.append(row) or thumb(row))
    assert drawn == [0, 4, 8, 12, 16]
