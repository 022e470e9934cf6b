"""A list is read in the way that names the most files that exist."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stackgui.core.base.errors import SampleError
from stackgui.core.lists.columns import label_columns, typed_column
from stackgui.core.lists.parts import parts_by_name
from stackgui.core.lists.readings import lines_of, some_lines
from stackgui.core.lists.table import Look, Table, Typed, read_table
from stackgui.core.lists.texts import column_names

ENDINGS = frozenset({".png"})

names = st.lists(
    st.text(st.sampled_from("ab1 ,;|\t\"'-é"), min_size=1, max_size=5)
    .map(lambda text: f"{text}.png")
    .filter(lambda name: name == name.strip()),
    min_size=2,
    max_size=6,
    unique=True,
)


def read(text: str, files: list[str], typed: Typed | None = None) -> Table:
    return read_table(text, typed or Typed(), Look(lambda cell: cell in files, (400,), ENDINGS))


def told(table: Table) -> list[tuple[str, str]]:
    return [(row[table.read.path], table.read.labelling.label_of(row)) for row in table.rows()]


@given(names)
def test_one_name_a_line_is_read_whatever_the_names_hold(files):
    table = read("\n".join(files), files)
    assert [row[table.read.path] for row in table.rows()] == files


@given(names, st.sampled_from(",;\t|"), st.sampled_from([["path", "label"], ["x y", "Finding Labels"]]))
def test_a_table_with_titles_is_read_whatever_the_names_hold(files, delimiter, titles):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([titles, *((name, f"is {name}") for name in files)])
    table = read(written.getvalue(), files)
    assert told(table) == [(name, f"is {name}") for name in files]
    assert table.read.titles == tuple(titles)


def test_columns_are_chosen_by_title_or_else_by_number():
    titled = read("file,,breed\na.png,x,cat\nb.png,y,dog\n", ["a.png", "b.png"]).read
    bare = read("a.png cat\nb.png dog\n", ["a.png", "b.png"]).read
    assert column_names([titled]) == ("file", "2", "breed")
    assert column_names([bare, titled, bare]) == ("1", "2", "file", "breed")
    assert column_names([]) == ()


@example("a\ra", 1)
@given(st.text(st.sampled_from("ab\n\r"), max_size=40), st.integers(1, 50))
def test_some_lines_are_lines_in_their_order(text, most):
    lines = [line for line in lines_of(text) if line]
    found = some_lines(text, most)
    rest = iter(lines)
    assert all(any(line.strip("\r") == other.strip("\r") for other in rest) for line in found)
    assert len(found) <= most
    assert found == lines or text.count("\n" if "\n" in text else "\r") >= most


@given(st.integers(50, 3000), st.integers(1, 40))
def test_some_lines_are_spread_over_the_whole(count, most):
    found = [int(line) for line in some_lines("\n".join(map(str, range(count))), most)]
    assert found[0] == 0
    assert len(found) == most
    assert (
        max(later - earlier for earlier, later in zip(found, [*found[1:], count], strict=True))
        < 3 * count / most
    )


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["file", "num_classes", "class_weight"], []),
        (["class_id", "class_name", "x"], [1, 0]),
        (["Primary species", "age"], [0]),
        (["cell_class", "breed-id"], [0, 1]),
        (["", "%"], []),
    ],
)
def test_columns_that_may_hold_labels(titles, expected):
    assert label_columns(titles) == expected


def test_a_typed_title_is_first_taken_as_it_is_written():
    assert typed_column(["Id", "id", " I d"], "id") == 1
    assert typed_column(["2", "x"], "2") == 0
    assert typed_column(["a", "b"], "2") == 1
    assert typed_column(["a", "b"], "3") is None
    assert typed_column(["", "b"], "%") is None


def test_an_unknown_list_is_refused_with_short_titles():
    with pytest.raises(SampleError, match="none of its columns") as refused:
        read(",".join(["x" * 500] * 50), [])
    assert len(refused.value.reason) < 1200


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        (["a/train.csv", "a/test.csv"], ["train", "test"]),
        (["train_labels.csv", "val_list.txt", "more.csv"], ["train", "validation", ""]),
        (["train.csv"], [""]),
        (["train.csv", "train2.csv"], ["", ""]),
        (["valid_names.csv", "dev_notes.txt"], ["", ""]),
        (["train_val.txt", "x.txt"], ["", ""]),
    ],
)
def test_lists_are_parts_by_their_names(lists, expected):
    assert parts_by_name(lists) == expected
