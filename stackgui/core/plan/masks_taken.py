"""What is said of the masks that a scan has found, and of what they become in a plan."""

from __future__ import annotations

from typing import Any

import numpy as np

from stackgui.core.base.text import printable
from stackgui.core.base.units import enumerated, format_count, format_part, singular_part
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.mask_classes import spelled
from stackgui.core.catalog.masks import Masks
from stackgui.core.plan.mask_form import MaskForm
from stackgui.core.plan.plan import Plan

MAX_NAMED = 8
"""Classes, and numbers in masks, that a sentence names."""


def masks_found(catalog: Catalog) -> Wording | None:
    """Say which pictures are masks of how many others, in a sentence; None without masks."""
    if (masks := catalog.masks) is None:
        return None
    having = int(np.count_nonzero(masks.has_mask))
    pictures = format_part(having, len(catalog), "picture")
    return say_many(
        singular_part(having),
        "{pictures:capital} has a mask ({places}).",
        "{pictures:capital} have a mask ({places}).",
        pictures=pictures,
        places=enumerated([printable(place) for place in masks.places]),
    )


def mask_sentences(plan: Plan) -> list[str]:
    """Say which pictures are masks, and what their numbers become; nothing without masks."""
    found = masks_found(plan.catalog)
    if found is None or plan.masks is None:
        return becoming(plan)
    return [joined(" ", (found, *becoming(plan)))]


def becoming(plan: Plan) -> list[str]:
    """Say what the numbers of masks become in sentences; nothing without masks."""
    if plan.masks is None:
        return []
    if plan.masks.drawn:
        return [_drawn(plan.masks)]
    return [] if plan.catalog.masks is None else _becoming(plan.catalog.masks, plan.masks)


def _drawn(form: MaskForm) -> str:
    if form.is_open:
        return say(
            "Masks are drawn from the outlines of objects, which are numbered from 1 in each row; "
            "{ignore} stands for none.",
            ignore=form.ignore,
        )
    return say(
        "Masks are drawn from the outlines of objects. Their classes are {classes}; {ignore} stands for "
        "none.",
        classes=_classes(form),
        ignore=form.ignore,
    )


def _becoming(masks: Masks, form: MaskForm) -> list[str]:
    """Say what the numbers become, in sentences."""
    numbers = zip(form.keys, form.numbers, strict=True)
    found = set(masks.found.keys.tolist())
    changed = [(key, number) for key, number in numbers if key != number and key in found]
    listed = say(
        "Their classes are {classes}; {ignore} stands for none.", classes=_classes(form), ignore=form.ignore
    )
    if form.colours_are_ids:
        return [
            say(
                "Their colours are numbers of objects, R + 256 G + 65,536 B; {ignore} stands for none.",
                ignore=form.ignore,
            )
        ]
    if form.of_segments:
        listed = say(
            "An annotation file says which class each colour of a mask is. Their classes are {classes}; "
            "{ignore} stands for none.",
            classes=_classes(form),
            ignore=form.ignore,
        )
    if form.is_open:
        listed = say(
            "They hold more than {count:,} different numbers, which stay; {ignore} stands for none.",
            count=len(masks.found.keys),
            ignore=form.ignore,
        )
    if not changed:
        return [listed]
    more = ", …" if len(changed) > MAX_NAMED else ""
    become = say_many(
        len(changed),
        "In them, {before} becomes {now}.",
        "In them, {before} become {now}.",
        before=enumerated([spelled(key) for key, _number in changed[:MAX_NAMED]]) + more,
        now=enumerated([str(number) for _key, number in changed[:MAX_NAMED]]) + more,
    )
    return [become, listed]


def _classes(form: MaskForm) -> str:
    names = [
        printable(name) if name == str(number) else f"{number} {printable(name)}"
        for number, name in form.classes
    ]
    return ", ".join(names[:MAX_NAMED]) + (", …" if len(names) > MAX_NAMED else "")


def masks_json(catalog: Catalog) -> dict[str, Any]:
    """Return what a scan has found of masks as JSON values; nothing without masks."""
    if (masks := catalog.masks) is None:
        return {}
    found = masks.found
    columns = zip(found.keys.tolist(), found.pixels.tolist(), found.masks.tolist(), strict=True)
    return {
        "masks": {
            "places": list(masks.places),
            "files": len(masks.files),
            "pictures_with": int(np.count_nonzero(masks.has_mask)),
            "pictures_without": int(np.count_nonzero(~masks.has_mask)),
            "without_picture": len(masks.orphans),
            "of_other_size": int(np.count_nonzero(masks.misfits(catalog))),
            "values": [
                {"value": spelled(key), "pixels": pixels, "masks": count} for key, pixels, count in columns
            ],
            "classes": [each.to_json() for each in masks.classes],
        }
    }


def values_text(catalog: Catalog) -> str:
    """Return the numbers that masks hold, with how many masks hold each; ``""`` without masks."""
    if (masks := catalog.masks) is None or not len(masks.found.keys):
        return ""
    columns = zip(masks.found.keys.tolist(), masks.found.masks.tolist(), strict=True)
    listed = [
        say("{value} in {masks}", value=spelled(key), masks=format_count(count, "mask"))
        for key, count in columns
    ]
    return joined(", ", [*listed[:MAX_NAMED], *(["…"] if len(listed) > MAX_NAMED else [])])
