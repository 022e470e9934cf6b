"""The table of columns: derived from the catalog's fields, so that it cannot say anything else."""

from dataclasses import dataclass, field, fields
from typing import get_type_hints

import numpy as np
import pytest
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.catalog.catalog import COLUMNS, OF_FILE, Catalog, Header, unknown
from stackgui.core.catalog.schema import Counts, Kept, column, columns_of
from tests.making import make_catalog


def test_whatever_has_an_entry_per_sample_is_in_the_table():
    named = {each.name for each in COLUMNS}
    catalog = make_catalog([(3, 4)] * 2)
    long = {
        each.name for each in fields(Catalog) if isinstance(getattr(catalog, each.name), np.ndarray | Coded)
    }
    assert named == long


def test_columns_are_of_the_kind_that_their_fields_are():
    columns = unknown(3)
    for each in COLUMNS:
        kind = Coded if each.dtype is None else np.ndarray
        assert isinstance(columns[each.name], kind)
        assert each.dtype is None or columns[each.name].dtype == each.dtype
        assert list(columns[each.name]) == [each.default] * 3


def test_what_the_cache_remembers_is_what_headers_tell():
    hints = get_type_hints(Header)
    told = {each.name: each for each in COLUMNS if Kept.CACHE in each.kept and each.name not in OF_FILE}
    assert {name: hints[name] for name in told} == {
        name: str if each.dtype is None else int for name, each in told.items()
    }


def test_nothing_is_called_as_something_else():
    for names in ([each.key for each in COLUMNS], [each.title for each in COLUMNS]):
        assert len(set(names)) == len(COLUMNS)
    places = [each.sheet for each in COLUMNS if each.sheet]
    assert len(set(places)) == len(places)


@dataclass
class NoHeader:
    pass


@dataclass
class Forgotten:
    names: Coded


@dataclass
class Unkept:
    numbers: NDArray[np.int8] = field(metadata=column("numbers", kept=Kept.CACHE))


@dataclass
class Fractions:
    numbers: NDArray[np.float32] = field(metadata=column("numbers"))


@pytest.mark.parametrize("wrong", [Forgotten, Unkept, Fractions])
def test_a_table_that_would_lose_something_is_refused(wrong):
    with pytest.raises(TypeError, match=r"names|numbers"):
        columns_of(wrong, NoHeader)


NUMBERS, TEXTS = (
    columns_of(
        dataclass(
            type("Of", (), {"__annotations__": {"some": kind}, "some": field(metadata=column("some"))})
        ),
        NoHeader,
    )[0]
    for kind in (NDArray[np.int16], Coded)
)


@pytest.mark.parametrize(
    ("kind", "said", "other"), [(NUMBERS, [0, 5, 5, -2], 7), (TEXTS, ["", "a", "a", "b"], "c")]
)
def test_columns_of_both_kinds_do_the_same(kind, said, other):
    values = kind.of(said)
    assert list(kind.take(values, np.array([3, 1]))) == [said[3], said[1]]
    assert list(kind.concatenate([values, kind.constant(1)])) == [*said, kind.default]
    assert list(kind.concatenate([])) == []
    changed = kind.put(values, {2: other})
    assert list(changed) == [*said[:2], other, said[3]]
    assert kind.differs(values, changed).tolist() == [False, False, True, False]
    assert [kind.value_at(changed, sample) for sample in range(4)] == list(changed)
    assert list(kind.put(kind.constant(2), {1: other})) == [kind.default, other]
    assert (
        kind.says_anything(values),
        kind.says_anything(kind.constant(4)),
        kind.says_anything(kind.constant(0)),
    ) == (
        True,
        False,
        False,
    )
    assert list(kind.from_json(kind.to_json(values))) == said
    assert kind.read_from([{"key": other}, {}], "key") == [other, kind.default]


def test_only_what_was_there_from_the_beginning_must_be_in_every_file():
    catalog = make_catalog([(3, 4)] * 2)
    for each in COLUMNS:
        saved = catalog.to_json()
        assert (each.name in saved) == each.is_saved(getattr(catalog, each.name))
        saved.pop(each.name, None)
        if each.counts is Counts.ALWAYS:
            with pytest.raises(KeyError, match=each.name):
                Catalog.from_json(saved)
        else:
            assert list(getattr(Catalog.from_json(saved), each.name)) == [each.default] * 2
