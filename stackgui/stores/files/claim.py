"""The right to write at an address, which one writer has at a time.

It is an object beside what is written. Its writer renews it, so that one who was killed or cut off loses it:
at once to a process of the same computer, which sees that it is gone, and to others once they have seen it
unchanged for long enough. Nobody's clock matters.
"""

from __future__ import annotations

import contextlib
import errno
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import Self

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import DestinationError, StoreError
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_seconds
from stackgui.core.base.wording import say
from stackgui.stores.files import object_store
from stackgui.stores.files.alive import Alive
from stackgui.stores.files.failures import explained
from stackgui.stores.files.object_store import Version
from stackgui.stores.files.objects import AddressError

CLAIM = ".claim"
"""Suffix of the name of a claim."""

RENEW_S = 15.0
LASTS_S = 60.0
"""So long a writer goes on without having renewed its claim."""

WATCH_S = 90.0
"""So long another watches it unchanged before it takes it: longer, so that the writer has stopped by then."""

LOOK_S = 2.0
_TICK_S = 0.1

_NOTE = "StackGUI writes here. While it is not running, you can begin again or delete this."


class ClaimEndedError(StoreError):
    """Another writer has the claim, or may have it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a claim, as its object says.

    Attributes
    ----------
    token : str
        Differs for each writer.
    what : str
        What it writes, such as the name of an exporter.
    host : str
    begun : bool
        Whether it may have written anything, so that all that is at the address is its own.
    is_free : bool
        Whether it has given the claim up, but left what it wrote.
    count : int
        How often it has renewed its claim.
    """

    token: str
    what: str
    host: str
    begun: bool = False
    is_free: bool = False
    count: int = 0

    def content(self) -> bytes:
        """Return the bytes of the object."""
        return json.dumps({"note": _NOTE, **asdict(self)}, indent=1).encode()

    @classmethod
    def read(cls, data: bytes) -> Self | None:
        """Return who has a claim; None if these are not the bytes of one."""
        try:
            values = json.loads(data)
            found = cls(**{name: values[name] for name in cls.__dataclass_fields__})
        except (ValueError, TypeError, KeyError):
            return None
        is_one = all(isinstance(each, str) for each in (found.token, found.what, found.host))
        return found if is_one and found.token.isalnum() else None


@dataclass(frozen=True, slots=True)
class Right:
    """The right of a claim, for those who write on its behalf on other computers.

    Attributes
    ----------
    place : str
    token : str
    """

    place: str
    token: str

    def check(self) -> None:
        """Ask the server whether the claim still holds; raises ClaimEndedError, and StoreError."""
        with explained(self.place):
            found = holder_of(self.place)
        if found is None or found.token != self.token or found.is_free:
            raise ClaimEndedError(_ended(self.place))

    def end(self) -> None:
        """Do nothing: the right ends with its claim."""


class Claim:
    """The right to write at an address, renewed by a thread until exactly one of `end` and `leave`.

    Leaving the ``with`` block by an exception leaves it, otherwise it is ended.

    Attributes
    ----------
    place : str
    left : Holder or None
        The writer that began there and did not finish; what is at the address is its own.
    """

    def __init__(self, place: str, holder: Holder, alive: Alive) -> None:
        """Do nothing yet: `take` makes claims."""
        self.place = place
        self.left: Holder | None = None
        self._holder = holder
        self._alive = alive
        self._version = Version(0, "")
        self._renewed_s = float("-inf")
        self._is_lost = False
        self._changing = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="claim", daemon=True)

    @classmethod
    def take(
        cls,
        place: str,
        what: str,
        cancellation: Cancellation = UNWATCHED,
        waits: Callable[[str], object] = lambda _sentence: None,
    ) -> Self:
        """Return the claim to `place`, once nobody else has it.

        Parameters
        ----------
        place : str
            An address.
        what : str
            As in `Holder`.
        cancellation
        waits
            Called with a sentence if it takes a while to find out whether another writer is still there.

        Raises
        ------
        DestinationError
            When another writer is at work there, or the server allows nothing.
        UsageError
            When the library is not installed.
        Cancelled
        """
        holder = Holder(secrets.token_hex(16), what, socket.gethostname())
        claim = cls(place, holder, Alive.begin(holder.token))
        try:
            with explained(place, DestinationError):
                while not claim._taken(cancellation, waits):
                    cancellation.check()
        except BaseException:
            claim._alive.end()
            raise
        claim._thread.start()
        return claim

    @property
    def has_begun(self) -> bool:
        """Whether all that is at the address is of this writer, or of one that it followed."""
        return self._holder.begun

    @property
    def right(self) -> Right:
        """The same right, which can be sent to others."""
        return Right(self.place, self._holder.token)

    def begin(self) -> None:
        """Note that from now on all that is at the address is of this writer; raises as `check`."""
        with explained(self.place):
            self._write(begun=True)

    def check(self) -> None:
        """Return if the claim still holds.

        Raises
        ------
        ClaimEndedError
            When another writer has it.
        StoreError
            When the server cannot be asked, after a time in which another may have taken it.
        """
        if time.monotonic() - self._renewed_s > LASTS_S:
            with explained(self.place):
                self._write()
        if self._is_lost:
            raise ClaimEndedError(_ended(self.place))

    def end(self) -> None:
        """Give the claim up, with nothing left to do; never raises, and does nothing the second time."""
        if self._stopped():
            with contextlib.suppress(StoreError):
                self.check()
                with explained(self.place):
                    object_store.delete([self.place + CLAIM])
            self._alive.end()

    def leave(self) -> None:
        """Give the claim up, with something left for the next one, as `end` otherwise does."""
        if self._stopped():
            with contextlib.suppress(StoreError), explained(self.place):
                self._write(is_free=True)
            self._alive.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.end()
        else:
            self.leave()

    def _taken(self, cancellation: Cancellation, waits: Callable[[str], object]) -> bool:
        """Try to get the claim; False if something has changed meanwhile, so that it is worth another try."""
        began_s = time.monotonic()
        found = object_store.put_if(self.place + CLAIM, self._holder.content(), None)
        if found is None:
            other = _look(self.place)
            if other is None:
                return False
            version, before = other
            if not is_gone(before):
                _watch(self.place, other, cancellation, waits)
            began_s, self.left = time.monotonic(), before if before.begun else None
            self._holder = replace(self._holder, begun=before.begun)
            found = object_store.put_if(self.place + CLAIM, self._holder.content(), version)
            if found is None:
                raise DestinationError(_in_use(self.place, before))
            Alive.forget(before.token)
        self._version, self._renewed_s = found, began_s
        return True

    def _write(self, *, begun: bool = False, is_free: bool = False) -> None:
        """Write who has the claim; raises ClaimEndedError, OSError."""
        with self._changing:
            holder, began_s = self._holder, time.monotonic()
            begun, count = begun or holder.begun, holder.count + 1
            holder = replace(holder, begun=begun, is_free=is_free, count=count)
            found = None if self._is_lost else self._replaced(holder)
            if found is None:
                self._is_lost = True
                raise ClaimEndedError(_ended(self.place))
            self._holder, self._version, self._renewed_s = holder, found, began_s

    def _replaced(self, holder: Holder) -> Version | None:
        """Write a claim over the last one; None if somebody else has it."""
        name, content = self.place + CLAIM, holder.content()
        if (found := object_store.put_if(name, content, self._version)) is not None:
            return found
        now = _look(self.place)
        if now is None or now[1].token != holder.token:
            return None
        # The last one was written, although the server could not say so.
        return object_store.put_if(name, content, now[0])

    def _keep(self) -> None:
        while not self._stop.wait(RENEW_S) and not self._is_lost:
            # A server that does not answer is asked again; `check` tells when that is too late.
            with contextlib.suppress(OSError, StoreError):
                self._write()

    def _stopped(self) -> bool:
        """Stop renewing; False if that was done before."""
        if self._stop.is_set():
            return False
        self._stop.set()
        self._thread.join()
        return True


def holder_of(place: str) -> Holder | None:
    """Return who has the claim to an address, alive or not; raises AddressError, UsageError."""
    found = _look(place)
    return None if found is None else found[1]


def _look(place: str) -> tuple[Version, Holder] | None:
    """Return the version of a claim and who has it; None if there is none; raises as `Claim.take`."""
    name = place + CLAIM
    try:
        version, data = object_store.versioned(name)
    except AddressError as error:
        if error.errno == errno.ENOENT:
            return None
        raise
    if (holder := Holder.read(data)) is None:
        raise DestinationError(
            say(
                "StackGUI needs {path} while it writes, but something else has that name. Move "
                "it away, or choose another name.",
                path=printable(name),
            )
        )
    return version, holder


def is_gone(holder: Holder) -> bool:
    """Whether a writer certainly writes no more."""
    return holder.is_free or (holder.host == socket.gethostname() and Alive.is_gone(holder.token))


def _watch(
    place: str, seen: tuple[Version, Holder], cancellation: Cancellation, waits: Callable[[str], object]
) -> None:
    """Return once a claim has not been renewed for long enough; raises DestinationError if it was."""
    began_s = time.monotonic()
    waits(
        say(
            "A writer on {host} may still be at work on {place}. It takes {time} at most to find out.",
            host=printable(seen[1].host),
            place=printable(place),
            time=format_seconds(WATCH_S),
        )
    )
    while time.monotonic() - began_s < WATCH_S:
        looked_s = time.monotonic()
        while time.monotonic() - looked_s < LOOK_S:
            cancellation.check()
            time.sleep(_TICK_S)
        now = _look(place)
        if now is None or is_gone(now[1]):
            return
        if now[0] != seen[0]:
            raise DestinationError(_in_use(place, now[1]))


def _in_use(place: str, holder: Holder) -> str:
    return say(
        "{place} is being written by another program, on {host}. Wait until it has finished, or choose "
        "another name.",
        place=printable(place),
        host=printable(holder.host),
    )


def _ended(place: str) -> str:
    return say(
        "Another program writes to {place} now, because this one could not reach the server for too long.",
        place=printable(place),
    )
