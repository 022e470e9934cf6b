"""Sentences read in English as `str.format` makes them, and keep what a translator needs on every way."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import PlanError, SampleError
from stackgui.core.base.wording import Wording, capital, joined, say, say_many

SENTENCE = say("“{file}” has {rows:,} rows and {share:.1f} %.", file="a {b}", rows=12345, share=1.25)


def known(wording):
    return str(wording), wording.template, dict(wording.fields), wording.many, wording.number


def test_a_sentence_reads_as_its_template_says():
    assert SENTENCE == "“a {b}” has 12,345 rows and 1.2 %."
    assert isinstance(SENTENCE, str)
    assert json.dumps([SENTENCE]) == json.dumps(["“a {b}” has 12,345 rows and 1.2 %."])


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda w: pickle.loads(pickle.dumps(w)), str])
def test_a_sentence_keeps_its_fields_on_the_way(way):
    arrived = way(say_many(2, "{count} row of {which}", "{count} rows of {which}", which=SENTENCE))
    assert known(arrived) == (
        "2 rows of “a {b}” has 12,345 rows and 1.2 %.",
        "{count} row of {which}",
        {"count": 2, "which": SENTENCE},
        "{count} rows of {which}",
        2,
    )
    assert known(arrived.fields["which"]) == known(SENTENCE)


def test_an_error_gives_its_message_with_all_that_it_knows():
    assert known(str(PlanError(SENTENCE))) == known(SENTENCE)
    assert str(SampleError(SENTENCE)) == SENTENCE


@given(st.integers(-3, 10**9))
def test_the_count_chooses_the_sentence(count):
    made = say_many(count, "{count:,} row is kept", "{count:,} rows are kept")
    assert made == (f"{count:,} row is kept" if count == 1 else f"{count:,} rows are kept")


@given(st.lists(st.text()), st.sampled_from([" ", ", ", "; {x} ", "\n"]))
def test_joining_is_that_of_strings_but_for_empty_parts(parts, separator):
    made = joined(separator, parts)
    assert made == separator.join(filter(None, parts))
    assert [made.fields[f"part{i}"] for i in range(len(made.fields) - 1)] == list(filter(None, parts))


@given(st.text())
def test_a_capital_changes_the_first_letter_only(text):
    assert capital(text) == text[:1].upper() + text[1:]
    assert capital(SENTENCE).fields == {"sentence": SENTENCE}


def test_what_is_cut_is_plain():
    assert not isinstance(SENTENCE[1:], Wording)
    assert not isinstance(SENTENCE + "", Wording)
