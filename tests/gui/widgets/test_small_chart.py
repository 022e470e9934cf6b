"""Counts as a small drawing."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from stackgui.gui.widgets.small_chart import CHART_PX, SmallChart
from tests.gui.acting import to_array

TOLD = ("a: 1 picture", "b: none", "c: 3 pictures", "d: 4 pictures")


@pytest.fixture
def chart(qtbot):
    made = SmallChart("chart")
    qtbot.addWidget(made)
    made.resize(CHART_PX)
    return made


def ink(chart) -> np.ndarray:
    """Where something is drawn, shape (h, w)."""
    pixels = to_array(chart.grab(chart.rect()).toImage().scaled(CHART_PX))[..., :3].astype(int)
    return np.abs(pixels - pixels[0, 0]).sum(axis=2) > 30


def test_bars_are_as_high_as_their_counts(chart):
    chart.set_bars((1, 0, 3, 4), TOLD)
    shown = ink(chart)[:-1]
    quarter = CHART_PX.width() // 4
    heights = [int(shown[:, quarter * place + quarter // 2].sum()) for place in range(4)]
    assert heights[1] == 0
    assert heights[3] == pytest.approx(CHART_PX.height() - 1, abs=1)
    assert [round(high / heights[3] * 4) for high in heights] == [1, 0, 3, 4]


def test_shares_are_as_wide_as_their_counts_and_differ(chart):
    chart.set_shares((6, 3, 1), TOLD[:3])
    middle = to_array(chart.grab().toImage())[CHART_PX.height() // 2, :, :3].astype(int)
    tones = [middle[int(CHART_PX.width() * at)] for at in (0.3, 0.75, 0.95)]
    assert min(np.abs(a - b).sum() for a, b in ((tones[0], tones[1]), (tones[1], tones[2]))) > 60
    assert [chart.told_at(CHART_PX.width() * at) for at in (0.1, 0.75, 0.95, 1.0)] == [
        TOLD[0], TOLD[1], TOLD[2], TOLD[2]
    ]  # fmt: skip


def test_a_rare_kind_is_seen(chart):
    chart.set_bars((1, 10**6), TOLD[:2])
    assert ink(chart)[:-1, : CHART_PX.width() // 2 - 1].any()


def test_what_is_under_the_mouse_is_told_and_all_of_it_to_a_reader(chart, monkeypatch):
    shown = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _widget: shown.append(text))
    chart.set_bars((1, 0, 3, 4), TOLD)
    assert chart.accessibleDescription() == "a: 1 picture; c: 3 pictures; d: 4 pictures"
    assert chart.sizeHint() == QSize(CHART_PX)
    place = QPoint(CHART_PX.width() - 3, 5)
    QApplication.sendEvent(chart, QHelpEvent(QHelpEvent.Type.ToolTip, place, chart.mapToGlobal(place)))
    assert ["d: 4 pictures" in text for text in shown] == [True]
