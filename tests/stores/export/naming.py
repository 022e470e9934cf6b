"""What the lines that open an export must have named."""

import numpy as np

from stackgui.stores.export import contents


def named_alike(names, stack, *, is_all=True):
    """All that `stack` holds has its name, and holds the same; otherwise only its arrays do."""
    for name, spec in contents.arrays(stack).items():
        found, array = names[name.replace("-", "_")], np.concatenate(list(contents.batches(stack, spec)))
        np.testing.assert_array_equal(np.squeeze(found[:]), np.squeeze(array))
    if is_all:
        tables, words = contents.tables(stack), contents.words(stack)
        assert {"labels", "splits", "boxes", "points", "keypoints", "mask_numbers"} <= tables.keys()
        assert {"classes", "parts", "object_classes", "mask_classes"} <= words.keys()
        for name, table in tables.items():
            np.testing.assert_array_equal(names[name], table)
        for name, listed in words.items():
            assert names[name] == listed
