from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.project.recents import MAX_OF_A_KIND, Recent, RecentKind, with_recent

USED = st.lists(st.tuples(st.sampled_from(RecentKind), st.integers(0, 12).map(str)), max_size=40)


@given(USED)
def test_the_latest_of_each_kind_come_first_and_once(used):
    recents = ()
    for kind, path in used:
        recents = with_recent(recents, Recent(kind, path, path))
    for kind in RecentKind:
        paths = [path for each, path in reversed(used) if each is kind]
        latest = list(dict.fromkeys(paths))[:MAX_OF_A_KIND]
        assert [each.path for each in recents if each.kind is kind] == latest
