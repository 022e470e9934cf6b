"""Objects in rows: clipped to the pixels of their pictures, and each one that is lost is counted."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.annotations.annotations import Complaint, Flag, Tags
from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.choices import Anchor, Crowds, Fit
from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan import placed_objects
from stackgui.core.plan.objects_taken import objects_taken, taken_without
from stackgui.core.plan.placed_objects import Fate, parts_of_places, place_objects, row_places
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.row_marks import marks_of_rows
from stackgui.stores.format.annotation_tables import has_transforms, transform_parts
from tests.making import make_catalog, make_plan


def plan_with(sizes, objects, options: Options | None = None, **columns) -> Plan:
    """A plan of pictures with `objects`: index of the picture, class, box, and what else `add` takes."""
    builder = AnnotationsBuilder("test")
    for index in range(len(sizes)):
        builder.picture(str(index))
    for picture, category, box, more in objects:
        builder.add(picture, builder.category(category), box, **more)
    made = builder.annotations()
    order = np.argsort(made.objects.picture, kind="stable")
    annotations = SampleAnnotations(
        made.categories, made.objects.take(order), Tags.none(), np.ones(len(sizes), np.bool_)
    )
    return resolve(options or Options(), replace(make_catalog(sizes, **columns), annotations=annotations))


def in_square(fit: Fit, *boxes, size=(100, 200), **options):
    """Boxes of one picture of `size` in a row of 100 × 100."""
    chosen = Options(size=Size.parse("100x100"), fit=fit, anchor=Anchor.CENTER, **options)
    return place_objects(plan_with([size], [(0, "cat", box, {}) for box in boxes], chosen))


def test_a_box_at_the_last_pixel_survives():
    # albumentations#1713
    made = in_square(Fit.PAD, (99, 99, 100, 100), size=(100, 100))
    assert made.box.tolist() == [[99, 99, 100, 100]]


@pytest.mark.parametrize(
    ("fit", "box"),
    [
        (Fit.PAD, [10, 35, 30, 50]),
        (Fit.LETTERBOX, [10, 35, 30, 50]),
        (Fit.STRETCH, [10, 20, 30, 50]),
        (Fit.CROP, [0, 20, 10, 50]),
        (Fit.COVER, [0, 20, 10, 50]),
    ],
)
def test_every_fit(fit, box):
    assert in_square(fit, (20, 20, 60, 50)).box.tolist() == [box]


def test_a_box_is_clipped_to_its_picture_and_not_into_the_padding():
    made = in_square(Fit.LETTERBOX, (-20, -20, 60, 500))
    assert made.box.tolist() == [[0, 25, 30, 75]]
    # What the annotation itself has outside the picture, the fit has not cut off.
    assert made.fates[Fate.CLIPPED] == 0


def test_what_is_cut_off_hidden_or_small_is_counted():
    boxes = [(0, 0, 40, 40), (30, 0, 60, 40), (40, 0, 140, 40), (100, 10, 101.5, 90)]
    made = in_square(Fit.CROP, *boxes, least_visible=0.5, least_side=2.0)
    assert made.box.tolist() == [[0, 0, 90, 40]]
    wanted = {Fate.CUT_OFF: 1, Fate.HIDDEN: 1, Fate.SMALL: 1, Fate.CLIPPED: 1}
    assert {fate: count for fate, count in made.fates.items() if count} == wanted
    assert made.flags.tolist() == [Flag.TRUNCATED]


def test_the_least_visible_share_is_inclusive():
    # albumentations#875
    made = in_square(Fit.CROP, (0, 0, 100, 40), least_visible=0.5)
    assert made.fates[Fate.CLIPPED] == 1


def test_crowds_are_kept_and_marked_or_left_out():
    objects = [(0, "cat", (0, 0, 9, 9), {"flags": Flag.CROWD}), (0, "cat", (0, 0, 9, 9), {})]
    assert place_objects(plan_with([(20, 20)], objects)).flags.tolist() == [Flag.CROWD, 0]
    made = place_objects(plan_with([(20, 20)], objects, Options(crowds=Crowds.DROP)))
    assert (made.flags.tolist(), made.fates[Fate.CROWD]) == ([0], 1)


def test_classes_are_renamed_merged_and_left_out():
    objects = [(0, name, (0, 0, 9, 9), {}) for name in ("van", "dog", "car", "lorry")]
    plan = plan_with([(20, 20)], objects, Options(object_classes=("van=car", "lorry=car", "dog=")))
    made = place_objects(plan)
    assert plan.object_classes.names == ("car",)
    assert (made.category.tolist(), made.fates[Fate.CLASS]) == ([0, 0, 0], 1)


@pytest.mark.parametrize("wrong", [("van",), ("=car",), ("a=b", "a=c")])
def test_a_rename_that_says_nothing_is_refused(wrong):
    with pytest.raises(UsageError):
        Options(object_classes=wrong)


def test_objects_of_a_blank_row_are_left_out():
    plan = plan_with([(20, 20), (20, 20)], [(0, "cat", (0, 0, 9, 9), {}), (1, "cat", (0, 0, 9, 9), {})])
    made = place_objects(plan, np.array([False, True]))
    assert (made.row.tolist(), made.fates[Fate.BLANK]) == ([1], 1)
    assert made.offsets(2).tolist() == [0, 0, 1]


def test_polygons_keypoints_and_areas_go_along():
    square = [(20.0, 20.0), (60.0, 20.0), (60.0, 50.0), (20.0, 50.0)]
    hole = [(30.0, 30.0), (40.0, 30.0), (40.0, 40.0), (30.0, 40.0)]
    points = [(60.0, 20.0, 2.0), (0.0, 0.0, 0.0), (20.0, 20.0, 1.0)]
    objects = [(0, "cat", None, {"rings": [square], "holes": [hole], "keypoints": points})]
    options = Options(size=Size.parse("100x100"), fit=Fit.CROP)
    made = place_objects(plan_with([(100, 200)], objects, options))
    assert made.rings[0].tolist() == [[-30, 20], [10, 20], [10, 50], [-30, 50]]
    assert made.is_hole.tolist() == [False, True]
    assert made.keypoints.tolist() == [[[10, 20, 2], [0, 0, 0], [0, 0, 0]]]
    # A quarter of the box is visible, and so is taken to be a quarter of the 1,100 square pixels.
    assert made.area.tolist() == [275]


def test_an_annotated_area_is_scaled_with_the_row():
    objects = [(0, "cat", (0, 0, 10, 10), {"area": 50.0})]
    options = Options(size=Size.parse("40x40"), fit=Fit.LETTERBOX)
    assert place_objects(plan_with([(20, 20)], objects, options)).area.tolist() == [200]


@given(st.data())
def test_a_few_samples_are_placed_as_all_are(data):
    sizes = data.draw(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=6))
    coordinate = st.integers(0, 40)
    objects = data.draw(
        st.lists(
            st.tuples(
                st.integers(0, len(sizes) - 1),
                st.sampled_from(["cat", "dog"]),
                st.tuples(coordinate, coordinate, st.integers(41, 50), st.integers(41, 50)),
                st.just({}),
            ),
            max_size=10,
        )
    )
    options = Options(
        size=Size.parse("16x16"), fit=data.draw(st.sampled_from(Fit)),
        buckets=data.draw(st.integers(1, 2)), shuffle=data.draw(st.booleans()),
    )  # fmt: skip
    plan = plan_with(sizes, objects, options)
    whole = place_objects(plan)
    first = 0
    for bucket in plan.buckets:
        parts = marks_of_rows(plan, bucket, bucket.samples)
        own = (whole.row >= first) & (whole.row < first + len(bucket.samples))
        rows = [first + row for row, part in enumerate(parts) for _ in range(int(part.is_kept.sum()))]
        assert rows == whole.row[own].tolist()
        assert [box for part in parts for box in part.box[part.is_kept].tolist()] == whole.box[own].tolist()
        categories = [number for part in parts for number in part.category[part.is_kept].tolist()]
        assert categories == whole.category[own].tolist()
        first += len(bucket.samples)


def test_pictures_without_boxes_are_told_apart_by_the_reason():
    objects = [(0, "cat", (0, 0, 9, 9), {}), (1, "dog", (0, 0, 9, 9), {})]
    plan = plan_with([(9, 9)] * 6, objects, Options(object_classes=("dog=",)))
    complaint = Complaint("The box lies outside its picture.", 1, (), pictures=(2,))
    known = np.array([True, True, True, True, True, False])
    found = replace(plan.catalog.annotations, complaints=(complaint,), is_annotated=known)
    taken = objects_taken(replace(plan, catalog=replace(plan.catalog, annotations=found)))
    assert (taken.pictures, taken.emptied, taken.refused, taken.bare, taken.unknown) == (1, 1, 1, 2, 1)
    assert taken.rows == 6
    assert list(taken.details())[1:] == [
        "1 picture has no box left of those that it had",
        "1 picture has no box, because its annotations cannot be used",
        "2 pictures are marked as having no box",
        "1 picture is in no annotation file",
    ]


@given(st.data())
def test_objects_of_samples_that_turn_out_to_be_broken_are_counted_as_if_that_had_been_known(data):
    coordinate = st.integers(0, 40)
    sizes = data.draw(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=6))
    samples = st.integers(0, len(sizes) - 1)
    box = st.tuples(coordinate, coordinate, st.integers(41, 50), st.integers(41, 50))
    objects = data.draw(
        st.lists(st.tuples(samples, st.sampled_from(["cat", "dog"]), box, st.just({})), max_size=10)
    )
    options = Options(size=Size.parse("16x16"), fit=data.draw(st.sampled_from(Fit)), object_classes=("dog=",))
    plan = plan_with(sizes, objects, options)
    failed = sorted(data.draw(st.sets(samples)))
    known = replace(plan, problem=plan.problem.put(dict.fromkeys(failed, "it is damaged")))
    counted = taken_without(plan, objects_taken(plan), np.array(failed, np.int64))
    assert counted == objects_taken(known)


def test_places_come_in_parts(monkeypatch):
    sizes = [(10, 20), (40, 30), (11, 19), (39, 31), (12, 18)]
    plan = make_plan(sizes, Options(buckets=2))
    whole = row_places(plan)
    monkeypatch.setattr(placed_objects, "BATCH_SAMPLES", 2)
    parts = list(parts_of_places(plan))
    assert [len(part.transform) for part in parts] == [2, 1, 2]
    assert np.concatenate([part.transform for part in parts]).tolist() == whole.transform.tolist()
    valid = np.arange(len(sizes)) != 1
    table = np.concatenate([*transform_parts(plan, valid)])
    assert table[valid].tolist() == whole.transform[valid].tolist()
    assert table[1].tolist() == [0, 0, 0, 0]
    assert has_transforms(table, plan, valid)
    assert not has_transforms(table[:-1], plan, valid)
    assert not has_transforms(table + 1, plan, valid)
