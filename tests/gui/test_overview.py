"""The table of figures and small charts, in as little room as it may have while a search goes on."""

import numpy as np
import pytest

from stackgui.core.catalog.statistics import describe
from stackgui.gui.panels.found.overview import ScrolledOverview
from tests.making import make_catalog


@pytest.mark.parametrize("size", [(820, 560), (788, 176), (560, 96), (420, 250)])
def test_no_chart_covers_its_title_however_little_room_there_is(qtbot, size):
    made = ScrolledOverview("scan.overview")
    qtbot.addWidget(made)
    made.resize(*size)
    made.show()
    rng = np.random.default_rng(0)
    for count in (20, 60, 200):  # it grows
        sizes = [tuple(map(int, each)) for each in rng.integers(50, 900, (count, 2))]
        made.set_statistics(describe(make_catalog(sizes)))
        qtbot.wait(1)
        charted = [each for each in made._overview._lines if each.chart.isVisible()]
        assert {"Widths", "Heights"} <= {each.title.text() for each in charted}
        for each in charted:
            assert each.title.height() >= each.title.sizeHint().height(), each.title.text()
            assert each.chart.y() > each.title.geometry().bottom(), each.title.text()
