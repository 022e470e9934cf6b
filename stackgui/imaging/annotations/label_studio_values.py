"""The entries of Label Studio's exports, as far as they are used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from stackgui.imaging.annotations.json_reading import Id, Number

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")
_LOCAL_FILES = "/data/local-files/"
_PICTURE = re.compile(r"\.(?!html?\b|json\b|txt\b|csv\b)[A-Za-z][A-Za-z0-9]{1,4}$")


class Value(msgspec.Struct, rename={"radius_x": "radiusX", "radius_y": "radiusY"}):
    """What a region is: coordinates in per cent of the picture, and labels. JSON-MIN has this alone."""

    x: float | None = None
    y: float | None = None
    width: float | None = None
    height: float | None = None
    rotation: float | None = None
    radius_x: float | None = None
    radius_y: float | None = None
    points: list[tuple[float, float]] | None = None
    rle: list[int] | None = None
    rectanglelabels: list[str] | None = None
    polygonlabels: list[str] | None = None
    keypointlabels: list[str] | None = None
    ellipselabels: list[str] | None = None
    brushlabels: list[str] | None = None
    labels: list[str] | None = None
    choices: list[str] | None = None
    original_width: Number | None = None
    original_height: Number | None = None

    @property
    def label(self) -> str:
        """Return the first label, or ``""``."""
        kinds = (
            self.rectanglelabels,
            self.polygonlabels,
            self.keypointlabels,
            self.ellipselabels,
            self.brushlabels,
            self.labels,
        )
        return next((labels[0] for labels in kinds if labels), "")

    @property
    def has_place(self) -> bool:
        """Return whether it says where something is."""
        return self.x is not None or bool(self.points) or bool(self.rle)


class Region(msgspec.Struct, rename={"parent": "parentID"}):
    """An entry of ``result``."""

    value: Value
    id: Id | None = None
    type: str = ""
    original_width: Number | None = None
    original_height: Number | None = None
    parent: Id | None = None


class Annotation(msgspec.Struct):
    """What one person says about a picture."""

    result: list[Any] = msgspec.field(default_factory=list)
    was_cancelled: bool | None = None
    ground_truth: bool | None = None
    updated_at: str | None = None


class Task(msgspec.Struct):
    """A picture of a full export. Stores of annotations hold one annotation with its task inside."""

    data: dict[str, Any] | None = None
    annotations: list[Annotation] | None = None
    completions: list[Annotation] | None = None
    result: list[Any] | None = None
    task: dict[str, Any] | None = None

    @property
    def said(self) -> list[Annotation]:
        """Return what anyone said about the picture, but those who skipped it."""
        alone = [] if self.result is None else [Annotation(self.result)]
        given = self.annotations or self.completions or alone
        return [each for each in given if not each.was_cancelled]

    @property
    def what(self) -> dict[str, Any]:
        """Return what the task is about."""
        inner = (self.task or {}).get("data")
        return self.data or (inner if isinstance(inner, dict) else {})


OUTPUT_BEGINS, OUTPUT_ENDS = "id", "annotator"
"""The keys of JSON-MIN between which the results are, but for labels, which may be anywhere."""
_EXTRA_KEYS = frozenset(("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"))


def is_shortened(record: object) -> bool:
    """Return whether something is an entry of JSON-MIN."""
    return isinstance(record, dict) and "annotation_id" in record and "result" not in record


def shortened_data(record: dict[str, Any]) -> dict[str, Any]:
    """Return what may name the picture in an entry of JSON-MIN."""
    return {key: value for key, value in record.items() if key not in _EXTRA_KEYS}


def shortened_results(record: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the results of an entry of JSON-MIN, each with its place in it."""
    is_output = False
    for key, value in record.items():
        is_output = key == OUTPUT_BEGINS or (is_output and key != OUTPUT_ENDS)
        if key in _EXTRA_KEYS:
            continue
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            yield from ((f"{key}[{index}]", each) for index, each in enumerate(value))
        elif isinstance(value, dict) and "choices" in value:
            yield key, value
        elif isinstance(value, str) and is_output:
            yield key, {"choices": [value]}


def picture_name(data: dict[str, Any]) -> str:
    """Return the name of the picture that a task is about, as a path, or ``""``."""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    names = {key: _path(text) for key, text in texts.items() if not text.startswith("data:")}
    if names.get("image"):
        return names["image"]
    return next((name for name in names.values() if _PICTURE.search(name)), "")


def _path(text: str) -> str:
    """Return the path in a link; other names stay as they are written."""
    if not _URL.match(text) and _LOCAL_FILES not in text:
        return text
    try:
        link = urlsplit(text)
        inside = parse_qs(link.query).get("d", [""])[0] if _LOCAL_FILES in link.path else ""
    except ValueError:
        return text
    return inside or unquote(link.path).lstrip("/")
