"""Names of classes and keypoints in files beside the annotations: ``data.yaml``, ``classes.txt`` and more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stackgui.core.annotations.yaml_names import yaml_count, yaml_mapping, yaml_names
from stackgui.imaging.annotations.text import class_name, decoded

YAML_FILES = ("data.yaml", "data.yml", "dataset.yaml", "dataset.yml")
LISTS = ("obj.names", "classes.txt", "_darknet.labels")
COMPANIONS = (*YAML_FILES, *LISTS)
"""Files that name the classes, the most telling first."""

MAX_BYTES = 2**20
MAX_KEYPOINTS = 1000


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
                content = yaml_mapping(decoded(companions[file]))
                found = {number: class_name(name) for number, name in yaml_names(content).items()}
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


def _keypoint_shape(content: Mapping[str, object]) -> tuple[int, int]:
    match content.get("kpt_shape"):
        case [points, "2" | "3" as size] if 0 < yaml_count(points) <= MAX_KEYPOINTS:
            return yaml_count(points), int(size)
    return 0, 0


def _keypoint_names(content: Mapping[str, object]) -> tuple[str, ...]:
    names = content.get("kpt_names")
    if isinstance(names, dict):
        # Ultralytics lists them for each class; those of the first serve.
        names = next(iter(names.values()), None)
    if not isinstance(names, list):
        return ()
    return tuple(class_name(name) for name in names if isinstance(name, str))
