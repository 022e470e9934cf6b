"""What can stand in a saved file that is damaged, or was written by somebody else."""

import copy
import json

from hypothesis import strategies as st

DEPTH = 10_000
NO_ENDS = ("\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85")
"""What `str.splitlines` takes for the end of a line, though it may stand in a name."""

ODD = st.sampled_from(
    [10**400, -(10**400), 2**63, float("nan"), float("inf"), "\ud800", "\0", "9" * 5000, "(" * 5000, [], {}]
)
VALUES = st.recursive(
    ODD | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
"""Any value that JSON can hold."""

BYTES = st.binary(max_size=40) | st.sampled_from(
    [
        b"", b"[", b"\xff\xfe", b"\xef\xbb\xbf{}", b"null", b"{}", b"NaN", b"9" * 5000, b'"\\ud800"',
        b"[" * DEPTH + b"]" * DEPTH, b'{"a":' * DEPTH + b"1" + b"}" * DEPTH, b'{"format": 1e999}',
    ]
)  # fmt: skip
"""What need not even be JSON."""


def places(value, path=()):
    """Where in a JSON value something else can be put."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inside for place in places(each, (*path, key)))]


def damaged(value):
    """Copies of a JSON value, each with something else in one place; some with that place missing."""

    @st.composite
    def change(draw):
        place = draw(st.sampled_from(places(value)[1:]))
        changed = copy.deepcopy(value)
        parent = changed
        for key in place[:-1]:
            parent = parent[key]
        if draw(st.booleans()):
            parent[place[-1]] = draw(VALUES)
        else:
            del parent[place[-1]]
        return changed

    return change()


def written(value):
    """The bytes of a JSON value, as Python reads and writes numbers that JSON has not."""
    return json.dumps(value).encode("ascii")
