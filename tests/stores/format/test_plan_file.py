"""A saved plan: equal to the one that was saved, whole or not at all."""

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Objects, Tags
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import PlanError, StoreError, UsageError
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.catalog.masks import Masks
from stackgui.core.options.options import Options
from stackgui.core.plan.plan_text import json_parts
from stackgui.stores.files import renaming
from stackgui.stores.format import packed, plan_file
from stackgui.stores.format.column_file import MAGIC, Place
from stackgui.stores.format.plan_file import BESIDE, open_plan, save_plan
from tests.damaging import VALUES, damaged
from tests.making import make_catalog, make_plan
from tests.stores.disk import Disk

NAMES = st.binary(min_size=1, max_size=6).filter(lambda name: not set(name) & {0, ord("/"), ord(".")})
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)


@st.composite
def plans(draw):
    """Plans with everything that may be in a catalog."""
    count = draw(st.integers(1, 9))
    sides = st.integers(1, 40)

    def each(values):
        return draw(st.lists(values, min_size=count, max_size=count))

    columns = {
        "path": [os.fsdecode(name) for name in each(NAMES)],
        "file_bytes": each(st.integers(0, 2**60)),
        "given_label": each(TEXTS),
        "bits": each(st.sampled_from([0, 12])),
        "problem": ["", *each(st.sampled_from(["", "damaged"]))[1:]],
    }
    if draw(st.booleans()):
        rows = [[0, 512 * row, 5, 0, -1] for row in range(count)]
        columns |= {
            "archives": (Archive(0, "a.zip", 9, 2),),
            "inside": ArchiveLocation.of_rows([None, *rows[1:]]),
        }
    if draw(st.booleans()):
        columns["annotations"] = _boxes(np.sort(each(st.integers(0, count - 1))).astype(np.int32), count)
    if draw(st.booleans()):
        numbers = np.array(each(st.floats(width=32)), np.float32)[:, None]
        texts = Paths.from_names(each(TEXTS))
        columns["values"] = ListValues(("age",), numbers, ("$column", "doctor"), (texts, texts))
    if draw(st.booleans()):
        files = make_catalog([(3, 4)] * 2, path=["m/0.png", "m/1.png"])
        columns["masks"] = Masks(files, np.array(each(st.integers(-1, 1)), np.int32))
    options = draw(st.sampled_from([Options(), Options(shuffle=True, fill=3)]))
    sizes = [(3, 4)] * count if "masks" in columns else [(draw(sides), draw(sides)) for _ in range(count)]
    return make_plan(sizes, options, **columns)


def _boxes(picture, samples):
    box = np.arange(4.0 * len(picture)).reshape(-1, 4)
    objects = Objects.of_boxes(picture, np.zeros(len(picture), np.int32), box)
    return SampleAnnotations(("cat",), objects, Tags.none(), np.ones(samples, np.bool_))


def as_json(plan):
    return json.loads("".join(json_parts({**plan.header_json(), "catalog": dict(plan.catalog.json_items())})))


@given(plans(), st.data())
@settings(max_examples=40)
def test_a_saved_plan_is_equal_and_so_is_each_part_of_it(plan, data):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "plan.json")
        save_plan(plan, path)
        again = open_plan(path)
        assert as_json(again) == as_json(plan)
        assert again.fingerprint == plan.fingerprint
        begin = data.draw(st.integers(0, plan.rows - 1))
        rows = plan.samples[begin : data.draw(st.integers(begin + 1, plan.rows))]
        part, whole = again.catalog.take(rows), plan.catalog.take(rows)
        assert "".join(json_parts(dict(part.json_items()))) == "".join(json_parts(dict(whole.json_items())))
        del again, part


@given(plans())
@settings(max_examples=20)
def test_a_plan_whose_columns_are_in_it_opens_still(plan):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plan.json")
        path.write_text(json.dumps(as_json(plan)))
        assert as_json(open_plan(str(path))) == as_json(plan)


PLAN = make_plan(
    [(2, 3), (4, 5), (6, 7)],
    path=["a", "b", "c"],
    annotations=_boxes(np.array([0, 2], np.int32), 3),
    given_label=["cat", "dog", ""],
)


@pytest.fixture
def saved(tmp_path):
    save_plan(PLAN, str(tmp_path / "plan.json"))
    return tmp_path / "plan.json"


def places_of(saved):
    value = json.loads(saved.read_bytes())
    file_bytes = value[BESIDE]["bytes"]
    found = [Place.from_json(each, file_bytes) for part in value[BESIDE]["parts"] for each in part["places"]]
    return [each for each in found if each.begin >= 0]


def test_the_file_to_read_is_small_and_every_byte_of_the_columns_counts(saved):
    whole = (saved.parent / "plan.columns").read_bytes()
    assert json.loads(saved.read_bytes())["catalog"]["height"] is None
    held = [(0, len(MAGIC)), *((each.begin, each.end) for each in places_of(saved))]
    for place in {place for begin, end in held for place in range(begin, end, 5)}:
        damage = bytearray(whole)
        damage[place] ^= 1
        (saved.parent / "plan.columns").write_bytes(damage)
        with pytest.raises(PlanError, match=r"The columns of .*plan\.json are missing or damaged\. Convert"):
            open_plan(str(saved))
    for length in (0, 5, len(whole) - 1):
        (saved.parent / "plan.columns").write_bytes(whole[:length])
        with pytest.raises(PlanError, match="missing or damaged"):
            open_plan(str(saved))
    (saved.parent / "plan.columns").unlink()
    with pytest.raises(PlanError, match="missing or damaged"):
        open_plan(str(saved))


with tempfile.TemporaryDirectory() as _folder:
    save_plan(PLAN, os.path.join(_folder, "plan.json"))
    VALUE = json.loads(Path(_folder, "plan.json").read_bytes())
    DATA = Path(_folder, "plan.columns").read_bytes()


@given(damaged(VALUE[BESIDE]) | VALUES)
@settings(max_examples=200)
def test_what_a_plan_says_of_its_columns_is_true_or_refused(columns):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "plan.columns").write_bytes(DATA)
        Path(folder, "plan.json").write_text(json.dumps(VALUE | {BESIDE: columns}))
        with suppress(UsageError):
            assert as_json(open_plan(os.path.join(folder, "plan.json"))) == as_json(PLAN)


@pytest.mark.parametrize("file", ["../plan.columns", "/etc/passwd", "plan.json", ""])
def test_columns_lie_beside_their_plan_and_nowhere_else(saved, file):
    value = json.loads(saved.read_bytes())
    value[BESIDE]["file"] = file
    saved.write_text(json.dumps(value))
    with pytest.raises(PlanError, match="missing or damaged"):
        open_plan(str(saved))


@pytest.mark.skipif(os.name == "nt", reason="needs links that anybody may make")
def test_columns_are_not_read_through_a_link(saved):
    (saved.parent / "plan.columns").rename(saved.parent / "other")
    (saved.parent / "plan.columns").symlink_to(saved.parent / "other")
    with pytest.raises(PlanError, match="missing or damaged"):
        open_plan(str(saved))


def test_a_small_file_cannot_claim_many_rows(saved):
    with pytest.raises(ValueError, match="without values"):
        Place.from_json({"dtype": "<i4", "shape": [2**60], "same": "00000000"}, 10_000)
    with pytest.raises(ValueError, match="outside"):
        Place.from_json({"dtype": "<i4", "shape": [2**60], "begin": 64, "checksum": ""}, 10_000)
    with pytest.raises(ValueError, match="unknown kind"):
        Place.from_json({"dtype": "O", "shape": [2], "begin": 64, "checksum": ""}, 10_000)


def test_an_old_plan_stays_until_the_new_one_is_there(saved, monkeypatch):
    other = make_plan([(9, 9)] * 4)

    def fail(_source, _target):
        raise OSError(5, "broken")

    with monkeypatch.context() as patch:
        patch.setattr(renaming, "replace", fail)
        with pytest.raises(StoreError):
            save_plan(other, str(saved))
    assert as_json(open_plan(str(saved))) == as_json(PLAN)
    assert {each.name for each in saved.parent.iterdir()} == {"plan.json", "plan.columns"}
    save_plan(other, str(saved))
    assert as_json(open_plan(str(saved))) == as_json(other)
    assert {each.name for each in saved.parent.iterdir()} == {"plan.json", "plan.1.columns"}
    assert plan_file.columns_beside(str(saved)) == ("plan.1.columns",)


def test_very_many_names_are_a_column_too(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "MANY_TEXTS", 2)
    plan = make_plan([(1, 1)] * 4, given_label=["a", "ü", "\udce9", "d"])
    save_plan(plan, str(tmp_path / "plan.json"))
    assert '"ü"' not in (tmp_path / "plan.json").read_text()
    assert json.loads((tmp_path / "plan.json").read_bytes())["catalog"]["given_label"]["names"] is None
    assert as_json(open_plan(str(tmp_path / "plan.json"))) == as_json(plan)


def test_every_power_cut_leaves_the_old_plan_or_the_new_one(saved, tmp_path_factory):
    other = make_plan([(9, 9)] * 40)
    then, now = as_json(PLAN), as_json(other)
    disk = Disk(saved.parent, tmp_path_factory.mktemp("pictures"), cuts=4)
    with pytest.MonkeyPatch.context() as patch:
        disk.watch(patch)
        save_plan(other, str(saved))
    found = [0, 0]
    for picture in disk.pictures:
        left = as_json(open_plan(str(picture / "plan.json")))
        assert left in (then, now)
        found[left == now] += 1
    assert min(found) > 4
