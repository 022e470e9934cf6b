"""Values that widgets show, made here without a run."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from stackgui.core.catalog.statistics import SizeCounts
from stackgui.core.run.progress import RowThumb
from tests.pointing import MOVE, MOVE_MS, PRESS, RELEASE, send

REASON = "the file ends in the middle of the picture"


def make_thumb(row: int, *, reason: str = "") -> RowThumb:
    """A row of 48 × 64 whose left half is a plain red picture; or a blank row."""
    if reason:
        return RowThumb(row, f"cats/{row}.jpg", np.zeros((0, 0, 3), np.uint8), (48, 64), (0, 0, 0, 0), reason)
    pixels = np.zeros((48, 32, 3), np.uint8)
    pixels[..., 0] = 200
    return RowThumb(row, f"cats/{row}.jpg", pixels, (48, 64), (0, 0, 48, 32))


@pytest.fixture
def thumb() -> Callable[..., RowThumb]:
    return make_thumb


@pytest.fixture
def blank() -> RowThumb:
    return make_thumb(7, reason=REASON)


@pytest.fixture
def sizes() -> SizeCounts:
    """Three sizes of 6 samples: 3 of 100 × 150, 2 of 200 × 150, 1 of 400 × 600."""
    return SizeCounts(
        height=np.array([100, 200, 400], np.int32),
        width=np.array([150, 150, 600], np.int32),
        count=np.array([3, 2, 1], np.int64),
        example=np.array([0, 3, 5], np.int64),
    )


@pytest.fixture
def dark(qapp: QApplication) -> Iterator[QPalette]:
    """The application in dark colours."""
    before = qapp.palette()
    yield turn_dark(qapp)
    qapp.setPalette(before)


def turn_dark(qapp: QApplication) -> QPalette:
    palette = QPalette(QColor("#363639"), QColor("#2b2b2e"))
    qapp.setPalette(palette)
    return palette


@pytest.fixture
def drag() -> Callable[[QWidget, QPointF, QPointF], None]:
    """Drag with the left button."""

    def act(widget: QWidget, start: QPointF, end: QPointF) -> None:
        send(widget, MOVE, start, held=False)
        QTest.qWait(MOVE_MS)
        send(widget, PRESS, start, held=True)
        for step in range(1, 6):
            QTest.qWait(MOVE_MS)
            send(widget, MOVE, start + (end - start) * step / 5, held=True)
        send(widget, RELEASE, end, held=False)

    return act
