"""Label Studio: a JSON of all pictures of a project, with coordinates in per cent, in full or shortened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from stackgui.core.annotations.annotations import Annotations
from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.complaints import NO_NAME, is_file_name
from stackgui.core.annotations.reading import Reading
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.json_reading import (
    NOT_AS_ASKED,
    Elements,
    UnreadableError,
    decoded,
    place_in,
    place_of,
)
from stackgui.imaging.annotations.json_start import start_of_json
from stackgui.imaging.annotations.keypoint_names import KeypointNames
from stackgui.imaging.annotations.label_studio_picture import Picture
from stackgui.imaging.annotations.label_studio_values import (
    Region,
    Task,
    is_shortened,
    picture_name,
    shortened_data,
    shortened_results,
)

NAME = "label-studio"

NOT_ANNOTATED = say("The picture has not been annotated yet, or was skipped.")
SEVERAL = say("Several people annotated the picture; only the approved or the latest annotation is taken.")


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read exports of whole projects, and files of one annotation each."""
    del reading
    builder = AnnotationsBuilder(NAME)
    names = KeypointNames()
    for file in files:
        try:
            is_one = bytes(file.data[:64]).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
            raw = [decoded(file.data, msgspec.Raw)] if is_one else decoded(file.data, list[msgspec.Raw])
        except UnreadableError as error:
            builder.complain(error.args[0], file.name)
            continue
        elements = Elements(raw, dict[str, Any])
        for indices, records in elements.blocks():
            for index, record in zip(indices, records, strict=True):
                _add_record(builder, names, place_in(file.name, "", index), record)
        for fault in elements.faults:
            builder.complain(NOT_AS_ASKED, place_in(file.name, "", *fault))
    builder.keypoint_names = names.names
    return builder.annotations()


def _add_record(
    builder: AnnotationsBuilder, names: KeypointNames, where: str, record: dict[str, Any]
) -> None:
    if is_shortened(record):
        data = shortened_data(record)
        results = [(f"{where}.{place}", {"value": each}) for place, each in shortened_results(record)]
    else:
        try:
            task = msgspec.convert(record, Task)
        except msgspec.ValidationError as error:
            builder.complain(NOT_AS_ASKED, f"{where}.{place_of(error)}".rstrip("."))
            return
        data = task.what
        if not task.said:
            builder.complain(NOT_ANNOTATED, where, is_lost=False)
            return
        if len(task.said) > 1:
            builder.complain(SEVERAL, where, count=len(task.said) - 1)
        best = max(task.said, key=lambda each: (bool(each.ground_truth), each.updated_at or ""))
        results = [(f"{where}.result[{index}]", each) for index, each in enumerate(best.result)]
    name = picture_name(data)
    if not is_file_name(name):
        builder.complain(NO_NAME, where)
        return
    regions: list[tuple[str, Region]] = []
    for place, each in results:
        try:
            regions.append((place, msgspec.convert(each, Region)))
        except (msgspec.ValidationError, RecursionError) as error:
            builder.complain(NOT_AS_ASKED, f"{place}.{place_of(error)}".rstrip("."))
    Picture(builder, names, name, regions).add()


def recognises(name: str, start: bytes) -> bool:
    """Return whether it is a list of tasks with annotations, a shortened one, or one annotation."""
    del name
    found = start_of_json(start)
    first = found[0] if isinstance(found, list) and found else found
    if not isinstance(first, dict):
        return False
    if is_shortened(first):
        return isinstance(found, list) and not first.keys().isdisjoint(("annotator", "lead_time"))
    for key in ("annotations", "completions"):
        said = first.get(key)
        if isinstance(said, list) and said and isinstance(said[0], dict) and "result" in said[0]:
            return True
        if said == [] and isinstance(first.get("data"), dict):
            return True
    return isinstance(first.get("result"), list) and isinstance(first.get("task"), dict)


FORMAT = AnnotationFormat(
    name=NAME, title="Label Studio", suffixes=(".json",), recognises=recognises, read=read
)
