"""The three plots of the size plot, made one at a time, because each takes long."""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph as pg

from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.size_axes import PixelAxis, SizeBox

HISTOGRAM_PX = 56
AXIS_LEFT_PX, AXIS_BOTTOM_PX = 56, 38


def make_plane() -> pg.PlotItem:
    """Return the main plot, of width × height."""
    axes = {side: PixelAxis(side) for side in ("left", "bottom")}
    plane = _made(viewBox=SizeBox(enableMenu=False), axisItems=axes)
    # Equal margins, so that each bar lines up with its pictures.
    plane.getAxis("left").setWidth(AXIS_LEFT_PX)
    plane.getAxis("bottom").setHeight(AXIS_BOTTOM_PX)
    plane.setLabel("bottom", tr("width in pixels"))
    plane.setLabel("left", tr("height in pixels"))
    return plane


def make_across() -> pg.PlotItem:
    """Return the histogram of widths, above the main plot."""
    across = _histogram()
    across.setMaximumHeight(HISTOGRAM_PX)
    across.getAxis("left").setWidth(AXIS_LEFT_PX)
    across.setYRange(0, 1, padding=0)
    return across


def make_down() -> pg.PlotItem:
    """Return the histogram of heights, at the right of the main plot."""
    down = _histogram()
    down.setMaximumWidth(HISTOGRAM_PX)
    down.getAxis("bottom").setHeight(AXIS_BOTTOM_PX)
    down.setXRange(0, 1, padding=0)
    return down


MAKERS: tuple[Callable[[], pg.PlotItem], ...] = (make_across, make_plane, make_down)
"""In the order in which a canvas takes them."""


def _made(**parts: object) -> pg.PlotItem:
    made = pg.PlotItem(enableMenu=False, **parts)
    made.hideButtons()
    made.vb.setDefaultPadding(0)
    for each in made.axes.values():
        each["item"].enableAutoSIPrefix(False)  # pixels have none, and it is looked for at each change
    return made


def _histogram() -> pg.PlotItem:
    made = _made()
    made.setMouseEnabled(x=False, y=False)
    for side in ("left", "bottom"):
        made.getAxis(side).setTicks([])
    return made
