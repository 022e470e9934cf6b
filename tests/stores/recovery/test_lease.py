from types import SimpleNamespace

import pytest

from stackgui.stores.recovery import lease as lease_module
from stackgui.stores.recovery.lease import LEASE_FILE, Lease, LeaseEndedError, end_left


def test_a_lease_holds_until_it_ends(tmp_path):
    lease = Lease.give(str(tmp_path))
    lease.check()
    lease.end()
    with pytest.raises(LeaseEndedError):
        lease.check()
    lease.end()


def test_the_next_run_ends_the_lease_of_the_one_before(tmp_path):
    before = Lease.give(str(tmp_path))
    now = Lease.give(str(tmp_path))
    with pytest.raises(LeaseEndedError):
        before.check()
    now.check()


def test_a_lease_does_not_hold_under_the_final_name(tmp_path):
    (tmp_path / "stack.partial").mkdir()
    lease = Lease.give(str(tmp_path / "stack.partial"))
    (tmp_path / "stack.partial").rename(tmp_path / "stack")
    with pytest.raises(LeaseEndedError):
        lease.check()


def test_a_file_that_is_none_is_no_lease(tmp_path):
    lease = Lease.give(str(tmp_path))
    (tmp_path / LEASE_FILE).write_bytes(b"\xff\x00")
    with pytest.raises(LeaseEndedError):
        lease.check()


def test_what_a_run_left_that_was_killed_ends_with_the_writes_under_way(tmp_path, monkeypatch):
    slept = []
    monkeypatch.setattr(lease_module, "time", SimpleNamespace(sleep=slept.append))
    end_left(str(tmp_path))
    assert slept == []
    lease = Lease.give(str(tmp_path))
    end_left(str(tmp_path))
    assert slept == [lease_module.WRITE_S]
    with pytest.raises(LeaseEndedError):
        lease.check()
