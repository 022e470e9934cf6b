import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import UsageError
from stackgui.core.run.path_map import PathMap

NAS = PathMap.parse(
    ["# the pictures", "", "/data/pictures = /mnt/nas/pictures/", "/data/pictures/new=/new", "/=/far"]
)
names = st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1), max_size=3).map("/".join)


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/data/pictures", "/mnt/nas/pictures"),
        ("/data/pictures/cat/1.jpg", "/mnt/nas/pictures/cat/1.jpg"),
        ("/data/pictures/new/1.jpg", "/new/1.jpg"),
        ("/data/pictures2/1.jpg", "/far/data/pictures2/1.jpg"),
    ],
)
def test_the_longest_folder_decides(path, here):
    assert NAS.here(path) == here
    assert NAS.back(here) == path


@given(names)
def test_whatever_is_in_a_folder_comes_back(name):
    paths = PathMap((("/a", "/b/c"),))
    assert paths.back(paths.here(f"/a/{name}".rstrip("/"))) == f"/a/{name}".rstrip("/")


@pytest.mark.parametrize("line", ["/data", "/data=", "data=/mnt", "=/mnt"])
def test_a_line_that_maps_nothing_is_refused(line):
    with pytest.raises(UsageError, match=r"maps no folder\. Write"):
        PathMap.parse([line])


def test_what_names_begin_with_keeps_its_separator():
    paths = PathMap.parse(["/data/pictures=/mnt/nas/pictures"])
    assert paths.here("/data/pictures/") == "/mnt/nas/pictures/"
    assert paths.back("/mnt/nas/pictures/") == "/data/pictures/"
    assert PathMap.parse(["/=/mnt"]).here("/a/b") == "/mnt/a/b"
