"""Lists of classes in the shapes in which people have them."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import UsageError
from stackgui.core.labels.class_list import read_classes
from stackgui.core.options.options import Options
from tests.damaging import NO_ENDS

CLASSES = ("dog", "Maine Coon", "7", "café")


@pytest.mark.parametrize(
    "text",
    [
        "dog\nMaine Coon\n7\ncafé\n",
        "\ufeffdog\r\n Maine Coon \r\n\r\n7\r\ncafé",
        json.dumps(CLASSES),
        json.dumps({"Maine Coon": 1, "dog": 0, "café": 3, "7": 2}),
        json.dumps({"1": "Maine Coon", "0": "dog", "3": "café", "2": "7"}),
        json.dumps({str(number): [name, "what it is"] for number, name in enumerate(CLASSES)}),
        json.dumps({"format": "some program's", "classes": CLASSES}),
    ],
)
def test_lists_of_classes_are_read(text):
    assert read_classes(text.encode()) == CLASSES
    assert read_classes(text.removeprefix("\ufeff").encode("utf-16")) == CLASSES


def test_a_name_may_look_like_json():
    assert read_classes(b"[unknown]\ncat\n") == ("[unknown]", "cat")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "contains no classes"),
        (b"[]", "contains no classes"),
        (b"cat\ndog\ncat\n", "twice.*: cat"),
        (b'{"cat": 1, "dog": 2}', "0 to 1"),
        (b'{"cat": 0, "dog": 0}', "0 to 1"),
        (b'{"0": "cat", "00": "dog"}', "0 to 1"),
        (b'{"cat": "dog"}', "neither a list of classes"),
        (b"[1, 2]", "not the name of a class"),
        (b'["cat", ""]', "not the name of a class"),
        (b"\xff\xfecat", "not text"),
        (b"caf\xe9", "not text"),
    ],
)
def test_what_is_no_list_of_classes_is_refused(data, words):
    with pytest.raises(UsageError, match=words):
        read_classes(data)


@given(st.lists(st.text(min_size=1), unique=True, min_size=1))
def test_a_stacks_classes_come_back(names):
    assert read_classes(json.dumps(names).encode()) == tuple(names)
    options = Options(classes=tuple(names))
    assert Options.from_json(json.loads(json.dumps(options.to_json()))) == options


@given(st.binary())
def test_anything_else_is_read_or_refused(data):
    with suppress(UsageError):
        assert all(read_classes(data))


@pytest.mark.parametrize("mark", NO_ENDS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_where_lines_end(mark, end):
    name = f"big{mark}cat"
    assert read_classes(f"{name}{end}dog{end}".encode()) == (name, "dog")
