"""The choices of a plan's file, read without its rows."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import Cancelled
from stackgui.core.plan import plan_head
from stackgui.core.plan.plan_head import HEAD, read_head
from stackgui.core.plan.shared_plan import SharedPlan, shared_plan_from_json
from tests.making import make_plan

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(text, **kwargs):
    return read_head(io.BytesIO(text if isinstance(text, bytes) else text.encode()), **kwargs)


@given(
    members=st.dictionaries(st.sampled_from(sorted(HEAD)) | st.text(), VALUES, max_size=8),
    block=st.integers(4, 40),
    indent=st.sampled_from([None, 2]),
    as_ascii=st.booleans(),
)
def test_the_head_is_what_json_says_wherever_blocks_end(members, block, indent, as_ascii):
    text = json.dumps(members, indent=indent, ensure_ascii=as_ascii).encode("utf-8", "surrogatepass")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_head, "BLOCK_BYTES", block)
        assert read(text) == {name: value for name, value in members.items() if name in HEAD}


def test_the_rows_of_a_plan_are_not_read():
    plan = make_plan([(4, 6)] * 100_000)
    text = json.dumps(plan.to_json(), indent=1).encode()
    opened = io.BytesIO(text)
    assert shared_plan_from_json(read_head(opened)) == SharedPlan(plan.options, sources=plan.catalog.sources)
    assert opened.tell() <= plan_head.BLOCK_BYTES < len(text) / 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_plan_may_be_in_any_encoding_that_json_allows(encoding):
    text = json.dumps({"format": "Ä", "version": 1}, ensure_ascii=False)
    assert read(text.encode(encoding)) == {"format": "Ä", "version": 1}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "{",
        '{"format"',
        '{"format":',
        '{"format": "x',
        '{"format": "x"',
        '{"format": [1',
        "{7: 8}",
        '{"format": "x",}',
        '{"format": x}',
        '{"format" "x"}',
        b'{"format": "\xff"}',
    ],
)
def test_what_is_damaged_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        read(text)


def test_a_text_without_an_end_is_given_up(monkeypatch):
    monkeypatch.setattr(plan_head, "MAX_TEXT", 2**10)
    monkeypatch.setattr(plan_head, "BLOCK_BYTES", 2**8)
    with pytest.raises(ValueError, match="too long"):
        read('{"catalog": "' + "a" * 2**14)


def test_reading_can_be_ended_between_blocks(monkeypatch):
    monkeypatch.setattr(plan_head, "BLOCK_BYTES", 2**8)
    looks = []

    class Thrice:
        def check(self):
            looks.append(None)
            if len(looks) == 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        read(json.dumps({"catalog": list(range(10_000))}), cancellation=Thrice())
