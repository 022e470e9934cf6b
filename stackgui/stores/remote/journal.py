"""The journal of a stack in a bucket: objects, each of which goes on where the one before it ends.

Nothing can be appended to an object. So each is called after its offset in the journal, and together they
are what `stackgui.stores.recovery.journal` describes: whatever does not fit on is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from stackgui.core.run.row_results import RowsDone
from stackgui.stores.files.failures import explained
from stackgui.stores.files.object_store import delete, put, versions_below
from stackgui.stores.files.objects import AT_ONCE, state, whole
from stackgui.stores.recovery.journal import JournalContents, head_bytes, parse, rows_bytes

OWN = ".stackgui"
"""Below this part of a place lies what only StackGUI needs."""

_DIGITS = 16


class ObjectJournal:
    """A journal to append to; made by `begin`."""

    def __init__(self, place: str, end: int) -> None:
        self._place = place
        self._end = end

    @classmethod
    def begin(cls, place: str, head: Mapping[str, Any], rows: Iterable[RowsDone] = ()) -> ObjectJournal:
        """Write a journal of `rows` in the place of any other; raises StoreError."""
        data = head_bytes(head)
        data += rows_bytes(rows, len(data))
        with explained(place):
            old = _names(place)
            put(_name(place, 0), data)
            delete(f"{_folder(place)}/{name}" for name in old if int(name) > 0)
        return cls(place, len(data))

    def append(self, rows: Iterable[RowsDone]) -> None:
        """Append entries for rows that are durable.

        Raises
        ------
        StoreError
            Then nothing counts as appended, and it may be called again.
        """
        if data := rows_bytes(rows, self._end):
            with explained(self._place):
                put(_name(self._place, self._end), data)
            self._end += len(data)


def read_object_journal(place: str) -> JournalContents | None:
    """Read the valid part of the journal of a place; None if there is none; raises AddressError."""
    names = _names(place)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="journal") as threads:
        pieces = threads.map(lambda name: whole(f"{_folder(place)}/{name}")[1], names)
        data = b""
        for name, piece in zip(names, pieces, strict=True):
            if int(name) == len(data):
                data += piece
    return parse(data)


def last_entry_s(place: str) -> float:
    """Return when the journal of a place was written last, as its server says; raises AddressError.

    In whole seconds since 1970. Nothing but a sentence for people may depend on it.
    """
    return state(f"{_folder(place)}/{_names(place)[-1]}").mtime_ns // 10**9


def _names(place: str) -> list[str]:
    found = (name for page in versions_below(_folder(place)) for name, _version in page)
    return sorted(name for name in found if len(name) == _DIGITS and name.isdecimal())


def _folder(place: str) -> str:
    return f"{place}/{OWN}/journal"


def _name(place: str, offset: int) -> str:
    return f"{_folder(place)}/{offset:0{_DIGITS}d}"
