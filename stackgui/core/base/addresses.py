"""Addresses of objects and of files on the web, such as ``s3://bucket/folder`` and ``https://host/list.csv``."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Sequence

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say

BUCKETS = ("s3", "gs", "az")
"""Schemes whose places can be listed."""

WEB = ("https", "http")
"""Schemes whose addresses name one file each."""

_START = re.compile(rf"({'|'.join((*BUCKETS, *WEB))}):/+", re.IGNORECASE)
_BYTE_STARTS = tuple(f"{scheme}://".encode() for scheme in (*BUCKETS, *WEB))
_QUERY = r"\?(?:[^\s\"'<>,;]|[,;](?=[^\s\"'<>,;]*=))*"
"""In a table, a comma ends the query, unless another of its parts follows."""

_WRITTEN = re.compile(
    rf"\b({'|'.join((*BUCKETS, *WEB))})(:(?:\\?/)+)([^\s\"'<>?,;]*(?:{_QUERY})?)", re.IGNORECASE
)
_FIRST = re.compile(rf"\b({'|'.join((*BUCKETS, *WEB))})://", re.IGNORECASE)


def is_address(name: str | bytes) -> bool:
    """Return whether `name` is an address, not the name of a file."""
    if isinstance(name, bytes):
        return name.startswith(_BYTE_STARTS)
    return _START.match(name) is not None


def places_of_addresses(names: Sequence[bytes]) -> list[int]:
    """Return which of `names` are addresses; where none are, one look at all of them tells that."""
    if b"://" not in b"\n".join(names):
        return []
    return [place for place, name in enumerate(names) if is_address(name)]


def is_on_web(address: str) -> bool:
    """Return whether an address names a file on the web, of whose folder nobody can ask what is in it."""
    return scheme_of(address) in WEB


def scheme_of(address: str) -> str:
    """Return the scheme of an address, such as ``s3``."""
    return address.partition(":")[0].lower()


def address_in(text: str) -> str:
    """Return the scheme and slashes of the first address in `text`, such as ``https://``, or ``""``."""
    found = _FIRST.search(text)
    return f"{found[1].lower()}://" if found else ""


def absolute(name: str) -> str:
    """Return the absolute form of a file's name, or the tidied form of an address.

    Raises
    ------
    UsageError
        When an address holds a password or a key.
    """
    return tidied(name) if is_address(name) else os.path.abspath(name)


def tidied(address: str) -> str:
    """Return an address as it is kept: without a slash at its end.

    Raises
    ------
    UsageError
        When it holds a password or a key, which must not be kept anywhere.
    """
    if why := secret_in(address):
        raise UsageError(
            say("{address} cannot be used: {reason}.", address=printable(redacted(address)), reason=why)
        )
    return normal(address)


def normal(name: str) -> str:
    """Return `os.path.normpath` of a name, which for addresses keeps both slashes after the scheme."""
    if (start := _START.match(name)) is None:
        return os.path.normpath(name)
    scheme, rest = f"{start[1].lower()}://", name[start.end() :]
    if not rest:
        return scheme
    return scheme + posixpath.normpath("/" + rest).lstrip("/")


def path_below(folder: str, name: str) -> str | None:
    """Return `name`, which may be relative to `folder`, relative to it; None if it leads out of it.

    Both are addresses or names of files; a `folder` such as ``https://`` holds all addresses that begin so.
    """
    full = normal(name if is_address(name) else os.path.join(folder, name))
    start = folder if folder == address_in(folder) != "" else os.path.join(folder, "")
    if not full.startswith(start) or full == start or "\0" in name:
        return None
    return full[len(start) :]


def secret_in(address: str) -> str:
    """Return why an address may hold a secret, as a sentence fragment, or ``""``."""
    start = _START.match(address)
    if start is not None and _names_somebody(scheme_of(address), address[start.end() :]):
        return say(
            "it holds a name or a password, which would be kept in plans and stacks. Leave that out, and put "
            "it where other programs look for it, such as AWS_ACCESS_KEY_ID"
        )
    if is_on_web(address) and "?" in address:
        return say(
            "what follows its question mark is often a key, which would be kept in plans and stacks. Name "
            "the same file without it"
        )
    return ""


def redacted(text: str) -> str:
    """Return a text with an ellipsis for each name, password and query in its addresses.

    Such an address still counts as one with a secret, so nobody takes it for another that exists.
    """
    if ":/" not in text and ":\\/" not in text:
        return text
    return _WRITTEN.sub(lambda found: found[1] + found[2] + _without(found[1].lower(), found[3]), text)


def _without(scheme: str, place: str) -> str:
    if _names_somebody(scheme, place):
        place = "…@" + (place.rpartition("@")[2] if "@" in place else "")
    if scheme in WEB and "?" in place:
        place = place.partition("?")[0] + "?…"
    return place


def _names_somebody(scheme: str, place: str) -> bool:
    """Whether a name or a password stands before the host; a key may have slashes in it."""
    host = re.split(r"[/\\?]", place, maxsplit=1)[0]
    port = host.rpartition(":")[2] if ":" in host and not host.endswith("]") else ""
    return "@" in host or (":" in host and not (scheme in WEB and (port.isdigit() or host.endswith("]"))))
