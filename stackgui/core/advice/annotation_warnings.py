"""Warnings about annotations: what was not taken as it stands, and choices that concern nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

import numpy as np

from stackgui.core.annotations.annotations import Complaint
from stackgui.core.annotations.joining import UNCLEAR
from stackgui.core.annotations.reading import Turned
from stackgui.core.base.text import printable
from stackgui.core.base.units import enumerated
from stackgui.core.base.warnings import EXAMPLES, DataWarning, Mend
from stackgui.core.base.wording import say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.mending import mend
from stackgui.core.plan.object_classes import unknown_renames
from stackgui.core.plan.placed_objects import Fate, place_objects
from stackgui.core.plan.plan import Plan

LOST, DOUBTFUL, TURNED = "annotations-left-out", "annotations-doubtful", "annotations-turned"

_OTHER_WAY: Mapping[str, Mend] = {
    UNCLEAR[Turned.UPRIGHT]: mend(say("Take them as the picture is stored"), annotation_turn=Turned.STORED),
    UNCLEAR[Turned.STORED]: mend(say("Take them as people see the picture"), annotation_turn=Turned.UPRIGHT),
}
"""The other way to take annotations of which nothing tells which way up they are."""


def complaint_warnings(catalog: Catalog) -> Iterator[DataWarning]:
    """Warn of all that was wrong with annotation files."""
    annotations = catalog.annotations
    for each in () if annotations is None else annotations.complaints:
        samples = np.unique(np.array(each.pictures, np.int64)) if each.pictures else None
        examples, other_way = each.examples[:EXAMPLES], _OTHER_WAY.get(each.what)
        code = LOST if each.is_lost else TURNED if other_way else DOUBTFUL
        yield DataWarning(code, _sentence(each), each.count, examples, samples, other_way)


def places_told(catalog: Catalog, warning: DataWarning) -> tuple[str, ...]:
    """Return the examples of a warning about annotations that say more than which pictures it is about."""
    if warning.code not in {LOST, DOUBTFUL, TURNED} or warning.samples is None:
        return ()
    paths = [PurePath(catalog.path[sample]) for sample in warning.samples.tolist()]
    names = {name for path in paths for name in (path.name, path.stem)}
    return tuple(each for each in warning.examples if PurePath(each).name not in names)


def _sentence(complaint: Complaint) -> str:
    if complaint.is_lost:
        return say_many(
            complaint.count,
            "{what} That annotation was left out.",
            "{what} That is so {count:,} times, and these annotations were left out.",
            what=complaint.what,
        )
    return say_many(complaint.count, "{what}", "{what} That is so {count:,} times.", what=complaint.what)


def object_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of boxes that the fit cuts off wholly, and of choices about classes that nothing has."""
    annotations, objects = plan.catalog.annotations, place_objects(plan)
    if annotations is None or objects is None:
        return
    if count := objects.fates[Fate.CUT_OFF]:
        yield DataWarning(
            "boxes-cut-off",
            say_many(
                count,
                "The fit cuts {count:,} box off wholly. Pad, letterbox and stretch keep all.",
                "The fit cuts {count:,} boxes off wholly. Pad, letterbox and stretch keep all.",
            ),
            count,
        )
    if unknown := unknown_renames(plan.options.object_classes, annotations.categories):
        yield DataWarning(
            "unknown-object-class",
            say(
                "No annotation has the class {names}, which the choice of object classes names.",
                names=enumerated([printable(name) for name in unknown]),
            ),
            len(unknown),
        )
