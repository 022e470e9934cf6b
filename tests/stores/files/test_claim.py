"""One writer at a time has the right to write at an address, and one who is gone loses it."""

import json
import subprocess
import sys
import threading
import time

import pytest

from stackgui.core.base.cancellation import Unwatched
from stackgui.core.base.errors import Cancelled, DestinationError, StoreError
from stackgui.stores.files import claim as claims
from stackgui.stores.files import object_store
from stackgui.stores.files.alive import Alive
from stackgui.stores.files.claim import CLAIM, Claim, ClaimEndedError, Holder, holder_of
from tests.serving import SECRETS, bucket_on_loopback, busy, dropped, refused
from tests.stores.files.google import google_on_loopback


@pytest.fixture(scope="module", params=["s3", "gs"])
def served(request, tmp_path_factory):
    """Return the address of a place in a bucket, and what lets its server misbehave."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "s3":
            with bucket_on_loopback(patch) as bucket:
                yield "s3://pictures/out", bucket.faults
        else:
            with google_on_loopback(patch, tmp_path_factory.mktemp("account")) as (_google, faults):
                yield "gs://pictures/out", faults


@pytest.fixture
def place(served):
    where, faults = served
    yield where
    faults.of.clear()
    object_store.delete([where + CLAIM])


@pytest.fixture
def impatient(monkeypatch):
    """Watch others for a moment only, as nobody renews a claim in these tests that does not say so."""
    monkeypatch.setattr(claims, "WATCH_S", 0.2)
    monkeypatch.setattr(claims, "LOOK_S", 0.05)


class Elsewhere:
    """Lets a writer look as if it were on another computer."""

    def __init__(self, monkeypatch) -> None:
        self._patch = monkeypatch

    def take(self, place: str) -> Claim:
        with self._patch.context() as patch:
            patch.setattr("socket.gethostname", lambda: "elsewhere")
            return Claim.take(place, "zarr")


@pytest.fixture
def elsewhere(monkeypatch):
    return Elsewhere(monkeypatch)


def vanish(claim: Claim) -> None:
    """End a writer as a kill does: nothing is told, and the system releases its locks."""
    claim._stop.set()
    claim._thread.join()
    claim._alive._lock.release()


def test_two_cannot_write_at_one_place(place, monkeypatch):
    monkeypatch.setattr(claims, "RENEW_S", 0.01)
    with Claim.take(place, "zarr") as first:
        with pytest.raises(DestinationError, match="is being written by another program, on "):
            Claim.take(place, "npz")
        first.check()
        first.right.check()
        assert holder_of(place).what == "zarr"
    assert holder_of(place) is None
    with Claim.take(place, "npz") as second:
        assert second.left is None


def test_of_many_at_once_one_gets_it(place, monkeypatch):
    monkeypatch.setattr(claims, "RENEW_S", 0.01)
    got, refused_ones = [], []

    def take():
        try:
            got.append(Claim.take(place, "zarr"))
        except DestinationError:
            refused_ones.append(1)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(got), len(refused_ones)) == (1, 3)
    got[0].end()


def test_it_is_renewed(place, monkeypatch):
    monkeypatch.setattr(claims, "RENEW_S", 0.01)
    with Claim.take(place, "zarr"):
        while holder_of(place).count < 3:
            time.sleep(0.01)


CODE = """
import sys
from stackgui.stores.files.claim import Claim
claim = Claim.take(sys.argv[1], "zarr")
claim.begin()
print("taken", flush=True)
sys.stdin.read()
"""


def test_one_of_this_computer_that_was_killed_is_followed_at_once(place, tmp_path):
    if place.startswith("gs"):
        pytest.skip("its loopback is known to this process only")
    other = subprocess.Popen(
        [sys.executable, "-c", CODE, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "taken\n"
    other.kill()
    other.communicate()
    before = holder_of(place)
    waited = []
    with Claim.take(place, "npz", waits=waited.append) as claim:
        assert claim.left == before, "so that what it wrote can be cleared"
    assert (before.begun, before.what, waited) == (True, "zarr", [])
    assert not Alive.is_gone(before.token), "nothing stays of it"


def test_one_elsewhere_that_is_silent_is_followed_after_a_while(place, elsewhere, impatient):
    vanish(elsewhere.take(place))
    waited = []
    with Claim.take(place, "npz", waits=waited.append) as claim:
        assert claim.left is None, "it had not begun"
    assert waited[0].startswith(f"A writer on elsewhere may still be at work on {place}.")


def test_waiting_can_be_cancelled(place, elsewhere):
    vanish(elsewhere.take(place))

    class Cancels(Unwatched):
        def check(self):
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        Claim.take(place, "npz", Cancels())
    assert holder_of(place).host == "elsewhere"


def test_one_who_was_cut_off_notices_that_another_has_it(place, elsewhere, impatient):
    late = elsewhere.take(place)
    late._stop.set()  # as if its computer slept
    late._thread.join()
    with Claim.take(place, "npz") as claim:
        with pytest.raises(ClaimEndedError, match="Another program writes to"):
            late.right.check()
        with pytest.raises(ClaimEndedError):
            late.begin()
        with pytest.raises(ClaimEndedError):
            late.check()
        late._stop.clear()
        late.end()
        claim.check()
        assert holder_of(place).what == "npz", "it takes nothing with it"


def test_a_failure_leaves_the_place_to_the_next_one(place):
    claim = Claim.take(place, "zarr")
    claim.begin()
    with pytest.raises(ZeroDivisionError), claim:
        _ = 1 / 0
    with pytest.raises(ClaimEndedError):
        claim.right.check()
    with Claim.take(place, "npz") as again:
        assert (again.left.what, again.left.begun) == ("zarr", True)


def test_a_server_that_does_not_answer_is_asked_until_it_is_too_late(place, served, monkeypatch):
    with Claim.take(place, "zarr") as claim:
        served[1].of[CLAIM] = refused
        claim.check()
        monkeypatch.setattr(claims, "LASTS_S", 0.0)
        with pytest.raises(StoreError, match="allows no access"):
            claim.check()
        served[1].of.clear()
        claim.check()


def test_an_answer_that_was_lost_does_not_lose_the_claim(place):
    with Claim.take(place, "zarr") as claim:
        written = claim._version
        claim.begin()
        claim._version = written  # as where the server wrote it, and could not say so
        claim.begin()
        claim.check()


@pytest.mark.parametrize("fault", [lambda: busy(2), lambda: once(dropped)])
def test_a_server_with_bad_moments_is_asked_again(place, served, fault):
    served[1].of[CLAIM] = fault()
    with Claim.take(place, "zarr") as claim:
        claim.begin()
    assert holder_of(place) is None


def once(fault):
    left = [fault]
    return lambda environ, plain: left.pop()(environ, plain) if left else plain()


def test_what_is_no_claim_is_left_alone(place):
    object_store.put(place + CLAIM, b"mine")
    with pytest.raises(DestinationError, match="something else has that name"):
        Claim.take(place, "zarr")
    assert object_store.versioned(place + CLAIM)[1] == b"mine"


@pytest.mark.parametrize("values", [[], {"token": "x"}, {"token": "../x", "what": "", "host": ""}])
def test_only_claims_are_read_as_claims(values):
    whole = {"begun": False, "is_free": False, "count": 0}
    assert Holder.read(json.dumps(values if isinstance(values, list) else whole | values).encode()) is None


def test_without_access_nothing_is_taken(place, served):
    served[1].of[CLAIM] = refused
    with pytest.raises(DestinationError, match="allows no access") as error:
        Claim.take(place, "zarr")
    assert not any(secret in str(error.value) for secret in SECRETS)


def test_where_no_sign_of_life_can_be_given_others_watch(place, impatient, monkeypatch):
    monkeypatch.setattr("os.makedirs", refuse)
    claim = Claim.take(place, "zarr")
    monkeypatch.undo()
    monkeypatch.setattr(claims, "WATCH_S", 0.2)
    monkeypatch.setattr(claims, "LOOK_S", 0.05)
    claim._stop.set()
    claim._thread.join()
    waited = []
    Claim.take(place, "npz", waits=waited.append).end()
    assert waited


def refuse(*_arguments, **_more):
    raise PermissionError
