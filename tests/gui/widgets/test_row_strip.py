from PySide6.QtCore import QPoint

from stackgui.gui.widgets.row_strip import HINT, PICTURE_PX, RowStrip, describe
from stackgui.gui.widgets.tips import plain_tip


def shown_rows(strip):
    return [strip.thumb_at(x).row for x in range(0, strip.width(), 4) if strip.thumb_at(x)]


def test_the_newest_stand_at_the_right(qtbot, thumb):
    strip = RowStrip()
    qtbot.addWidget(strip)
    strip.resize(3 * PICTURE_PX * 64 // 48 + 40, 120)
    strip.set_thumbs(tuple(thumb(row) for row in range(20)))
    rows = shown_rows(strip)
    assert rows == sorted(rows)
    assert sorted(set(rows)) == [17, 18, 19]


def test_an_empty_strip_shows_nothing_and_keeps_its_height(qtbot, thumb):
    strip = RowStrip()
    qtbot.addWidget(strip)
    empty_px = strip.sizeHint().height()
    assert shown_rows(strip) == []
    strip.set_thumbs((thumb(1),))
    assert strip.sizeHint().height() == empty_px
    assert not strip.grab().isNull()


def test_a_blank_row_says_why_on_hover(qtbot, blank):
    strip = RowStrip()
    qtbot.addWidget(strip)
    strip.set_thumbs((blank,))
    strip.show()
    qtbot.mouseMove(strip, QPoint(20, 20))
    qtbot.waitUntil(lambda: strip.toolTip() == plain_tip(describe(blank)))
    qtbot.mouseMove(strip, QPoint(strip.width() - 5, 20))
    qtbot.waitUntil(lambda: strip.toolTip() == HINT)
    assert "the file ends in the middle of the picture" in describe(blank)
    assert "1 of them blank" in strip.accessibleDescription()


def test_rows_that_are_shown_already_are_not_drawn_anew(qtbot, thumb):
    strip = RowStrip()
    qtbot.addWidget(strip)
    old, new = thumb(1), thumb(2)
    strip.set_thumbs((old,))
    drawn = strip._pictures[0]
    strip.set_thumbs((old, new))
    assert strip._pictures[0] is drawn
    assert strip._pictures[1].thumb is new
