"""The arithmetic of a grid of up to many million cells."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stackgui.gui.widgets.grid_layout import MOST_STEPS, GridLayout

layouts = st.builds(
    GridLayout,
    count=st.integers(0, 50_000_000),
    cell_width=st.integers(40, 300),
    cell_height=st.integers(40, 300),
    width=st.integers(1, 4000),
    height=st.integers(1, 3000),
)


@given(layouts, st.floats(0, 1))
def test_the_scroll_bar_stays_in_32_bits_and_reaches_both_ends(layout, share):
    assert 0 <= layout.steps <= MOST_STEPS < 2**31
    assert layout.offset(0) == 0
    assert layout.offset(layout.steps) == layout.most_offset
    offset = round(share * layout.most_offset)
    found = layout.offset(layout.step(offset))
    assert 0 <= found - offset <= layout.most_offset // MOST_STEPS + 1


@given(layouts, st.floats(0, 1), st.floats(0, 1))
def test_what_is_seen_is_all_that_is_seen(layout, scrolled, share):
    offset = round(scrolled * layout.most_offset)
    first, last = layout.visible(offset)
    assert 0 <= first <= last <= layout.count
    assert last - first <= (layout.height // layout.cell_height + 2) * layout.columns
    if layout.count:
        position = round(share * (layout.count - 1))
        _, top, _, height = layout.cell(position, offset)
        assert (first <= position < last) == (top < layout.height and top + height > 0)


@given(layouts, st.floats(0, 1), st.data())
def test_every_point_of_a_cell_belongs_to_it(layout, scrolled, data):
    offset = round(scrolled * layout.most_offset)
    first, last = layout.visible(offset)
    if first == last:
        return
    position = data.draw(st.integers(first, last - 1))
    left, top, width, height = layout.cell(position, offset)
    x, y = data.draw(st.integers(left, left + width - 1)), data.draw(st.integers(top, top + height - 1))
    assert layout.position(x, y, offset) == position


@given(layouts)
def test_the_cells_of_a_line_fill_it(layout):
    cells = [layout.cell(column, 0) for column in range(layout.columns)]
    assert cells[0][0] == 0
    assert all(a[0] + a[2] == b[0] for a, b in pairwise(cells))
    assert cells[-1][0] + cells[-1][2] == layout.width


@given(layouts, st.floats(0, 1), st.data())
def test_a_cell_is_brought_into_view_and_nothing_moves_if_it_is_there(layout, scrolled, data):
    if not layout.count:
        return
    position = data.draw(st.integers(0, layout.count - 1))
    offset = round(scrolled * layout.most_offset)
    revealing = layout.revealing(position, offset)
    assert 0 <= revealing <= layout.most_offset
    _, top, _, height = layout.cell(position, revealing)
    if layout.height >= height:
        assert top >= 0
        assert top + height <= layout.height or revealing == layout.most_offset
    assert layout.revealing(position, revealing) == revealing


@given(layouts, st.data())
def test_keys_move_inside_the_grid(layout, data):
    if not layout.count:
        return
    position = data.draw(st.integers(0, layout.count - 1))
    cells, lines, pages = data.draw(
        st.sampled_from([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)])
    )
    assert 0 <= layout.moved(position, cells, lines, pages) < layout.count
    if lines:
        assert layout.moved(position, 0, lines, 0) in {position, position + lines * layout.columns}
