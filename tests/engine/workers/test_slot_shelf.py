"""Blocks of shared memory that are kept for the next run."""

import pytest

from stackgui.engine.workers.shared_memory import SlotShelf


@pytest.fixture
def shelf():
    made = SlotShelf()
    yield made
    made.close()


def test_a_block_is_lent_again_if_it_is_large_enough(shelf):
    with shelf.lend(3, 4096) as first:
        pass
    with shelf.lend(3, 4096) as again, shelf.lend(2, 100) as other:
        assert again is first
        assert other is not first
    with shelf.lend(2, 8192) as larger:
        assert larger not in (first, other)
        assert larger.slot_bytes == 8192


def test_a_block_that_a_worker_may_still_write_into_is_not_lent_again(shelf):
    with pytest.raises(ZeroDivisionError), shelf.lend(1, 64) as first:
        raise ZeroDivisionError
    with shelf.lend(1, 64) as second:
        assert second is not first


def test_two_runs_at_a_time_have_blocks_of_their_own(shelf):
    with shelf.lend(1, 64) as one, shelf.lend(1, 64) as other:
        one.view(0)[:] = 1
        other.view(0)[:] = 2
        assert (one.view(0) == 1).all()
