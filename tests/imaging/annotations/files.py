"""What the tests of annotation formats share: files in memory, and what was read from them."""

from __future__ import annotations

import numpy as np

from stackgui.core.annotations.annotations import Annotations, Complaint
from stackgui.core.annotations.reading import Reading
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat


def file(
    name: str, content: str | bytes, companions: dict[str, str] | dict[str, bytes] | None = None
) -> AnnotationFile:
    """Return a file in memory."""
    beside = {key: _encoded(each) for key, each in (companions or {}).items()}
    return AnnotationFile(name, _encoded(content), beside)


def _encoded(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def read(form: AnnotationFormat, *files: AnnotationFile, **choices: object) -> Annotations:
    """Read files and check that the tables fit together."""
    found = form.read(files, Reading(**choices))
    objects = found.objects
    count = len(objects)
    assert objects.box.shape == (count, 4)
    assert np.isfinite(objects.box).all()
    assert len(objects.ring_starts) == count + 1
    assert objects.ring_starts[-1] == len(objects.rings) == len(objects.is_hole)
    assert np.isfinite(objects.rings.values).all()
    assert np.isfinite(objects.keypoints.values).all()
    assert len(objects.keypoints) == len(objects.bitmap) == len(objects.bitmap_size) == count
    assert count == 0 or 0 <= objects.picture.min() <= objects.picture.max() < len(found.pictures)
    assert count == 0 or -1 <= objects.category.min() <= objects.category.max() < len(found.categories)
    assert len(found.pictures) == len(found.height) == len(found.width)
    for complaint in found.complaints:
        assert isinstance(complaint, Complaint)
        assert complaint.what.endswith(".")
        assert 0 < len(complaint.examples) <= complaint.count
    return found


def classes(found: Annotations) -> list[str]:
    """Return the name of each object's class."""
    return [found.categories[index] if index >= 0 else "" for index in found.objects.category.tolist()]


def complaints(found: Annotations) -> dict[str, tuple[int, bool]]:
    """Return the first words of each complaint, and its count and whether anything is lost."""
    return {each.what: (each.count, each.is_lost) for each in found.complaints}


def about(found: Annotations, words: str) -> Complaint:
    """Return the one complaint with these words."""
    (complaint,) = (each for each in found.complaints if words in each.what)
    return complaint
