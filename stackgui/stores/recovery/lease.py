"""The right to write rows of an unfinished stack, which ends with the run that gave it.

It is a file in the folder of the unfinished stack, which every host sees that can write there. Whoever makes
rows on another host looks at it before each write. So a host that was cut off and comes back late does no
harm: the file has been deleted or belongs to another run, and once the stack has its name, it is not found.
A write that had begun before may still come to its end, so whoever needs a place for himself waits `WRITE_S`.
"""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.wording import say
from stackgui.stores.files.failures import explained

LEASE_FILE = "cluster.lease"

WRITE_S = 5.0
"""So long a write may take that began while there was a right to it: a batch has some ten megabytes at most.
"""


class Permit(Protocol):
    """The right to write rows or pieces on other hosts.

    Attributes
    ----------
    place : str
        The folder or the address at which may be written.
    token : str
        Differs for each run.
    """

    @property
    def place(self) -> str:
        """Where may be written."""

    @property
    def token(self) -> str:
        """What tells the run from others."""

    def check(self) -> None:
        """Raise StackguiError if the right has ended."""

    def end(self) -> None:
        """End it, as far as that can be done before the run ends; never raises."""


class LeaseEndedError(StackguiError):
    """The run for which rows were to be made has ended."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write into a folder.

    Attributes
    ----------
    place : str
        The folder of the unfinished stack, or of one whose failed rows are retried.
    token : str
        What its file holds.
    """

    place: str
    token: str

    @classmethod
    def give(cls, folder: str) -> Lease:
        """Begin a lease, which ends any other; raises StoreError."""
        lease = cls(folder, secrets.token_hex(16))
        with explained(lease._path), open(lease._path, "w", encoding="ascii") as file:
            file.write(lease.token)
        return lease

    def check(self) -> None:
        """Raise `LeaseEndedError` if the lease has ended."""
        try:
            with open(self._path, encoding="ascii", errors="replace") as file:
                is_ours = file.read() == self.token
        except FileNotFoundError:
            is_ours = False
        except OSError as error:
            raise LeaseEndedError(str(error)) from error
        if not is_ours:
            raise LeaseEndedError(say("The run for which these rows were made has ended."))

    def end(self) -> None:
        """End the lease; never raises."""
        with suppress(OSError):
            os.unlink(self._path)

    @property
    def _path(self) -> str:
        return os.path.join(self.place, LEASE_FILE)


def end_left(folder: str) -> None:
    """End the lease that a run has left which was killed, and return once nobody writes under it any more.

    Raises
    ------
    OSError
    """
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, LEASE_FILE))
        time.sleep(WRITE_S)
