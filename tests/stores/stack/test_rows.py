"""What the rows of a finished stack are, read back."""

import pytest

from stackgui.core.base.errors import StackguiError
from stackgui.core.plan.listing import rows_of as row_numbers
from stackgui.stores.stack.rows import rows_of
from tests.stores.stack.test_stack import FILES, REASONS, write_stack


@pytest.mark.parametrize("shuffle", [False, True])
def test_rows_are_named_with_the_reasons_of_those_that_stayed_blank(tmp_path, shuffle):
    plan, _ = write_stack(tmp_path / "stack", shuffle=shuffle, seed=2)
    found = rows_of(str(tmp_path / "stack"))
    assert list(found.catalog.path) == FILES
    row = row_numbers(found).tolist()
    assert row == row_numbers(plan).tolist()
    assert list(found.problem) == [REASONS.get(number, "") for number in row]


def test_a_folder_that_is_no_stack_is_explained(tmp_path):
    with pytest.raises(StackguiError):
        rows_of(str(tmp_path))
