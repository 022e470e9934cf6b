"""The folders of samples, by the million."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.labels import parents as module
from stackgui.core.labels.parents import own_paths, parents
from tests.making import make_catalog

PATHS = st.lists(
    st.lists(st.sampled_from([b"a", b"b", b"", b"ab", b"\xff", "ä".encode()]), min_size=1, max_size=4),
    min_size=1,
    max_size=30,
)


@given(PATHS, st.data())
def test_folders_are_those_of_each_path(parts, data):
    paths = [os.fsdecode(b"/".join(names)) for names in parts]
    archives = (Archive(0, "", 1, 2), Archive(0, "a", 1, 2), Archive(0, "a/ä", 1, 2))
    of = data.draw(st.lists(st.integers(-1, 2), min_size=len(paths), max_size=len(paths)))
    inside = ArchiveLocation.of_rows([None if each < 0 else [each, 0, 1, 0, -1] for each in of])
    sizes = [(1, 1)] * len(paths)
    below = [
        f"{archives[each].path}/{path}" if each > 0 else path for each, path in zip(of, paths, strict=True)
    ]
    for columns in ({"path": paths}, {"path": below, "archives": archives, "inside": inside}):
        catalog = make_catalog(sizes, **columns)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_BATCH", data.draw(st.integers(1, 8)))
            found = parents(catalog)
        assert list(found) == [path.rpartition("/")[0] for path in own_paths(catalog)]
        assert len(set(found.names)) == len(found.names)
