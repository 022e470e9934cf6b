"""Warnings about labels in lists and shards that join several labels in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import say_many
from stackgui.core.labels.labels import LabelKind
from stackgui.core.plan.plan import Plan

_SEPARATOR = re.compile(r"\s*[|;,]\s*|\s+")


def joined_labels(plan: Plan) -> Iterator[DataWarning]:
    """Warn of labels in lists and shards that join several others, such as ``cat|dog``."""
    if plan.options.labels.kind not in {LabelKind.AUTO, LabelKind.GIVEN}:
        return
    catalog = plan.catalog
    names = set(catalog.given_label.names) - {""}
    joined = [code for code, name in enumerate(catalog.given_label.names) if _joins(name, names)]
    if not joined:
        return  # before looking at what may be a million samples
    samples = np.sort(plan.samples)
    found = samples[np.isin(catalog.given_label.codes[samples], joined)]
    if len(found):
        count, example = len(found), printable(catalog.given_label[int(found[0])])
        text = say_many(
            count,
            "{pictures} has a label that joins several others, such as “{example}”, which "
            "was taken as a class of its own. A picture has one label here; --label-column "
            "names another column.",
            "{pictures} have labels that join several others, such as “{example}”, which was "
            "taken as a class of its own. A picture has one label here; --label-column names "
            "another column.",
            pictures=format_count(count, "picture"),
            example=example,
        )
        yield about_samples("labels-joined", text, catalog, found)


def _joins(name: str, names: set[str]) -> bool:
    parts = _SEPARATOR.split(name)
    return len(parts) > 1 and all(part in names for part in parts)
