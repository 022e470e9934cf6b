"""Labels of pictures from annotation files: the classes of their objects, and of the pictures themselves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Flag
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.label_sets import set_text
from stackgui.core.labels.labels import LabelKind, label_names
from stackgui.core.options.options import Options
from stackgui.core.plan.object_classes import object_classes


def plan_label_names(options: Options, catalog: Catalog, samples: NDArray[np.int64]) -> Coded | None:
    """Return the label of each sample as a text, `samples` being those with rows; see `label_names`."""
    if options.labels.kind is not LabelKind.OBJECTS:
        return label_names(options.labels, catalog, samples, options.label_form)
    annotations = catalog.annotations
    return None if annotations is None else object_labels(annotations, options.object_classes)


@kept()
def object_labels(annotations: SampleAnnotations, renames: tuple[str, ...]) -> Coded:
    """Return for each sample the classes in it as one text; see `stackgui.core.labels.label_sets`.

    Regions to ignore give no class. `renames` are those of `object_classes`.
    """
    classes = object_classes(renames, annotations.categories)
    objects, tags = annotations.objects, annotations.tags
    counts = (objects.flags & Flag.IGNORE) == 0
    picture = np.concatenate([objects.picture[counts], tags.picture]).astype(np.int64)
    number = classes.of(np.concatenate([objects.category[counts], tags.category]))
    has_class = number >= 0
    count = max(1, len(classes.names))
    found = np.unique(picture[has_class] * count + number[has_class])
    begins = np.searchsorted(found // count, np.arange(annotations.samples + 1)).tolist()
    numbers = (found % count).tolist()
    return Coded.from_values(
        set_text(classes.names[each] for each in numbers[begin:end]) for begin, end in pairwise(begins)
    )
