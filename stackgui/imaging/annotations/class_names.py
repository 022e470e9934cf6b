"""Names of classes and keypoints in files beside the annotations: ``data.yaml``, ``classes.txt`` and more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from stackgui.imaging.annotations.text import class_name, decoded

YAML_FILES = ("data.yaml", "data.yml", "dataset.yaml", "dataset.yml")
LISTS = ("obj.names", "classes.txt", "_darknet.labels")
COMPANIONS = (*YAML_FILES, *LISTS)
"""Files that name the classes, the most telling first."""

MAX_BYTES = 2**20
MAX_CLASS = 1_000_000
"""Numbers of classes up to which one is believed."""
MAX_KEYPOINTS = 1000

_COUNT = re.compile(r"[0-9]{1,7}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ClassNames:
    """What files beside the annotations say about them.

    Attributes
    ----------
    names : dict of int to str
        Names of the classes by their number, in order.
    keypoint_shape : (int, int)
        Number of keypoints, and of the numbers for each of them: 2, or 3 with visibility; 0, 0 if unknown.
    keypoint_names : tuple of str
    unreadable : tuple of str
        Names of the files that could not be read.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    keypoint_shape: tuple[int, int] = (0, 0)
    keypoint_names: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


def class_names(companions: Mapping[str, bytes]) -> ClassNames:
    """Read the names of classes from the files that were found beside annotations."""
    names: Mapping[int, str] = {}
    shape = 0, 0
    keypoints: tuple[str, ...] = ()
    unreadable = []
    for file in COMPANIONS:
        if file not in companions:
            continue
        try:
            if file in LISTS:
                found = listed_names(companions[file])
            else:
                content = yaml_mapping(companions[file])
                found = yaml_names(content)
                shape = shape if any(shape) else _keypoint_shape(content)
                keypoints = keypoints or _keypoint_names(content)
        except ValueError:
            unreadable.append(file)
        else:
            names = names or found
    is_alike = len(keypoints) == shape[0]
    return ClassNames(names, shape, keypoints if is_alike else (), tuple(unreadable))


def listed_names(data: bytes) -> dict[int, str]:
    """Return the lines of a text file, numbered from 0; empty ones at the end do not count."""
    if len(data) > MAX_BYTES:
        raise ValueError("too long for a list of names")
    lines = decoded(data).rstrip().split("\n")
    return dict(enumerate(map(class_name, lines))) if any(lines) else {}


class _Loader(yaml.BaseLoader):  # type: ignore[misc]  # published without types
    """Reads YAML to texts, lists and dicts: ``no`` stays a name, and no alias grows a billion others."""

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def yaml_mapping(data: bytes) -> dict[str, object]:
    """Return what a small YAML file maps; all its values are texts, lists and dicts.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    if len(data) > MAX_BYTES:
        raise ValueError("too long for a list of names")
    try:
        found = yaml.load(decoded(data), _Loader)  # noqa: S506 - it makes nothing but texts, lists and dicts
    except (yaml.YAMLError, RecursionError) as problem:
        raise ValueError("no YAML") from problem
    if not isinstance(found, dict):
        raise ValueError("no mapping")  # noqa: TRY004 - it is the file that is wrong
    return found


def yaml_names(content: Mapping[str, object]) -> dict[int, str]:
    """Return ``names``, which may be a list or a mapping of numbers."""
    names = content.get("names")
    if isinstance(names, list):
        return {number: class_name(name) for number, name in enumerate(names) if isinstance(name, str)}
    if not isinstance(names, dict):
        return {}
    found = {_count(key): class_name(name) for key, name in names.items() if isinstance(name, str)}
    return {number: found[number] for number in sorted(found) if 0 <= number < MAX_CLASS}


def _count(text: object) -> int:
    """Return the number that `text` is, or -1."""
    return int(text) if isinstance(text, str) and _COUNT.fullmatch(text) else -1


def _keypoint_shape(content: Mapping[str, object]) -> tuple[int, int]:
    match content.get("kpt_shape"):
        case [points, "2" | "3" as size] if 0 < _count(points) <= MAX_KEYPOINTS:
            return _count(points), int(size)
    return 0, 0


def _keypoint_names(content: Mapping[str, object]) -> tuple[str, ...]:
    names = content.get("kpt_names")
    if isinstance(names, dict):
        # Ultralytics lists them for each class; those of the first serve.
        names = next(iter(names.values()), None)
    if not isinstance(names, list):
        return ()
    return tuple(class_name(name) for name in names if isinstance(name, str))
