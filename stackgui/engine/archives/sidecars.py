"""Reads labels in archives as WebDataset stores them: ``key.cls`` or ``key.json`` beside ``key.jpg``.

In WebDataset the first dot of a name ends the key, and ``key.left.jpg`` has the label of ``key.cls``. People
whose names contain dots write ``a.1.cls`` beside ``a.1.jpg``; such a match takes precedence.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from stackgui.core.base.wording import say
from stackgui.core.labels.label_sets import members_of, set_text, value_text
from stackgui.core.lists.columns import LABEL_NAMES, SPLIT_NAMES, find_column
from stackgui.engine.archives.entries import Entry

LABEL_FILES = say("label files")

MAX_BYTES = 65_536
"""Maximum size of a sidecar file; real ones are smaller."""

_MAX_TEXT_LENGTH = 200
_CLASS, _PROPERTIES = b"cls", b"json"


def is_sidecar(entry: Entry) -> bool:
    """Return whether `entry` may hold the label of another."""
    return _split(entry.name)[1] in {_CLASS, _PROPERTIES} and 0 < entry.size_bytes <= MAX_BYTES


@dataclass(frozen=True, slots=True)
class Sidecars:
    """Collects the labels and dataset splits in the sidecar files of an archive."""

    label: dict[bytes, str] = field(default_factory=dict)
    split: dict[bytes, str] = field(default_factory=dict)

    def learn(self, entry: Entry, data: bytes) -> None:
        """Read the sidecar file `entry`; ignore it if it cannot be parsed."""
        key, ending = _split(entry.name)
        if ending == _CLASS:
            if label := _text(data.decode("utf-8", "replace")):
                self.label[key] = label
            return
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return
        if isinstance(value, dict):
            if label := _named(value, LABEL_NAMES):
                self.label.setdefault(key, label)
            if split := _named(value, SPLIT_NAMES):
                self.split[key] = split

    def of(self, entry: Entry) -> tuple[str, str]:
        """Return the label and split of `entry`, each ``""`` if there is none."""
        whole, key = _split(entry.name)[0], _key(entry.name)
        label, split = (said.get(whole) or said.get(key, "") for said in (self.label, self.split))
        return label, split

    def aside(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return `entries` with the sidecar files among them skipped."""
        keys = self.label.keys() | self.split.keys()
        return [
            replace(entry, skip=LABEL_FILES)
            if not entry.skip and is_sidecar(entry) and _split(entry.name)[0] in keys
            else entry
            for entry in entries
        ]


def _split(name: bytes) -> tuple[bytes, bytes]:
    """Split a name at its last dot into stem and ending."""
    folder, slash, own = name.rpartition(b"/")
    stem, dot, ending = own.rpartition(b".")
    return folder + slash + (stem if dot else own), ending.lower() if dot else b""


def _key(name: bytes) -> bytes:
    """Return the WebDataset key of a name, which ends at the first dot."""
    folder, slash, own = name.rpartition(b"/")
    return folder + slash + own.partition(b".")[0]


def _named(value: dict[str, object], names: Sequence[str]) -> str:
    titles = list(value)
    place = find_column(titles, names)
    found = None if place is None else value[titles[place]]
    if isinstance(found, bool | float):
        return ""
    labels = map(_text, members_of(value_text(found)))
    return set_text(labels)


def _text(text: str) -> str:
    stripped = text.strip()
    return stripped if len(stripped) <= _MAX_TEXT_LENGTH and stripped.isprintable() else ""
