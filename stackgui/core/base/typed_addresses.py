"""Addresses that somebody types or pastes: which they are, and why one of them cannot be a source."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from stackgui.core.base.addresses import (
    BUCKETS,
    WEB,
    address_in,
    is_address,
    is_on_web,
    normal,
    redacted,
    scheme_of,
    secret_in,
)
from stackgui.core.base.extras import REMOTE
from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, joined, say, say_many

_BETWEEN = re.compile(r"[,;]?\s+(?=[a-z][a-z0-9+.-]*://)|[\r\n]+", re.IGNORECASE)
"""Names of objects may hold blanks, so a blank ends an address only where another one follows."""

_START = re.compile(r"([a-z][a-z0-9+.-]*):/", re.IGNORECASE)

_OTHER_NAMES = {
    **dict.fromkeys(("s3a", "s3n", "aws", "minio", "r2"), "s3"),
    **dict.fromkeys(("gcs", "google", "gcp"), "gs"),
    **dict.fromkeys(("azure", "adl", "abfs", "abfss", "wasb", "wasbs"), "az"),
}
"""What other programs write before the slashes."""

WHERE_FROM = {
    "s3": say(
        "Keys are taken from the environment in which StackGUI was started (AWS_ACCESS_KEY_ID, "
        "AWS_SECRET_ACCESS_KEY) or from ~/.aws. For a bucket that is open to everybody, "
        "AWS_SKIP_SIGNATURE=true takes their place."
    ),
    "gs": say(
        "The key is taken from the environment in which StackGUI was started: "
        "GOOGLE_APPLICATION_CREDENTIALS names its file."
    ),
    "az": say(
        "The account and its key are taken from the environment in which StackGUI was started: "
        "AZURE_STORAGE_ACCOUNT_NAME, AZURE_STORAGE_ACCOUNT_KEY."
    ),
    **dict.fromkeys(
        WEB,
        say(
            "Nobody can ask what a folder on the web holds: name a picture, an archive, or a list with an "
            "address on each line."
        ),
    ),
}
"""For each scheme, what somebody who types such an address has to know."""

FROM_ENVIRONMENT = say(
    "Keys and passwords do not belong here. They are taken from the environment in which StackGUI was "
    "started, and kept nowhere."
)

NO_ADDRESS = say("An address begins with s3://, gs:// or az:// for a bucket, or with https:// on the web.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed.

    Attributes
    ----------
    addresses : tuple of str
        Those that can be used, tidied.
    obstacles : tuple of Wording
        A sentence for each of the others.
    about : Wording
        What somebody who types such addresses has to know.
    outlook : Wording
        What becomes of the addresses, or what is to be typed.
    """

    addresses: tuple[str, ...]
    obstacles: tuple[Wording, ...]
    about: Wording
    outlook: Wording

    @property
    def is_ready(self) -> bool:
        """Whether all of it can be used."""
        return bool(self.addresses) and not self.obstacles

    @property
    def line(self) -> Wording:
        """What will become of it, or why nothing will."""
        return joined(" ", self.obstacles) if self.obstacles else self.outlook


def typed(text: str, known: Container[str] = ()) -> Typed:
    """Return what of `text`, which has one address a line or several between blanks, can be a source.

    Parameters
    ----------
    text
    known
        The sources that are there already.
    """
    if not REMOTE.is_there:
        return Typed((), (REMOTE.lacking,), FROM_ENVIRONMENT, NO_ADDRESS)
    parts = parts_of(text)
    obstacles = {part: obstacle(part, known) for part in parts}
    addresses = tuple(dict.fromkeys(normal(part) for part, why in obstacles.items() if not why))
    whys = tuple(dict.fromkeys(why for why in obstacles.values() if why))
    return Typed(addresses, whys, about_keys(parts), _added(addresses) if addresses else NO_ADDRESS)


def parts_of(text: str) -> list[str]:
    """Return what was typed or pasted, an address each, without blanks and quotes around it."""
    return list(dict.fromkeys(filter(None, (part.strip().strip("\"'") for part in _BETWEEN.split(text)))))


def about_keys(parts: Iterable[str]) -> Wording:
    """Return where keys for such addresses come from."""
    schemes = {scheme_of(part) for part in parts} & WHERE_FROM.keys()
    about = dict.fromkeys(WHERE_FROM[scheme] for scheme in (*BUCKETS, *WEB) if scheme in schemes)
    return joined(" ", about or (FROM_ENVIRONMENT,))


def _added(addresses: Sequence[str]) -> Wording:
    first = addresses[0]
    if len(addresses) == 1 and not is_on_web(first):
        return say("{address} will be searched, with everything below it.", address=printable(first))
    return say_many(
        len(addresses),
        "{first} will be added.",
        "{count:,} addresses will be added, the first of which is {first}.",
        first=printable(first),
    )


def obstacle(text: str, known: Container[str] = ()) -> Wording:
    """Return why `text` is no address of a source, as a sentence; empty if it is one."""
    if not is_address(text):
        return _no_address(text)
    shown = printable(redacted(text))
    if why := secret_in(text):
        return say("{address} cannot be used: {reason}.", address=shown, reason=why)
    if not REMOTE.is_there:
        return REMOTE.lacking
    place = normal(text)
    host, slash, _rest = place[len(address_in(place)) :].partition("/")
    if is_on_web(text) and (not slash or text.endswith("/")):
        return say("{address} names no file. {why}", address=shown, why=WHERE_FROM["https"])
    if not host:
        return say("{address} names no bucket.", address=shown)
    return say("{address} is already in the list.", address=shown) if place in known else say("")


def _no_address(text: str) -> Wording:
    if is_local(text):
        return say("{path} is on this computer: use Add folder… or Add files….", path=printable(text))
    return other_scheme(text) or NO_ADDRESS


def is_local(text: str) -> bool:
    """Return whether `text` is meant as something on this computer."""
    return _typed_scheme(text) == "file" or os.path.isabs(os.path.expanduser(text))


def _typed_scheme(text: str) -> str:
    """Return what stands before the slashes, in any spelling; one letter is a disk of Windows."""
    start = _START.match(text)
    return start[1].lower() if start and len(start[1]) > 1 else ""


def other_scheme(text: str) -> Wording:
    """Return why what is meant as an address is none, by what it begins with; ``""`` for all else."""
    scheme = _typed_scheme(text)
    if right := _OTHER_NAMES.get(scheme):
        return say("Write {right}:// instead of {wrong}://.", right=right, wrong=scheme)
    if scheme and not is_address(text):
        return joined(" ", (say("Addresses with {wrong}:// cannot be used.", wrong=scheme), NO_ADDRESS))
    return say("")


def is_meant_as_address(text: str) -> bool:
    """Return whether somebody who types this means an address, and no name of a file."""
    return bool(_typed_scheme(text))
