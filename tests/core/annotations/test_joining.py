"""What several files say of samples comes together, and what cannot be used is counted."""

import numpy as np
import pytest

from stackgui.core.annotations.annotations import Units
from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.joining import NO_SAMPLE, SEVERAL_SAMPLES, Found, SampleSizes, join
from stackgui.core.annotations.reading import Turned


def sizes(*of_samples: tuple[int, int, int]) -> SampleSizes:
    """Height, width and orientation of samples."""
    height, width, mark = zip(*of_samples, strict=True)
    return SampleSizes(np.array(height, np.int32), np.array(width, np.int32), np.array(mark, np.uint8))


def found(builder: AnnotationsBuilder, *samples: int, place: str = "/d/a.json") -> Found:
    return Found(builder.annotations(), "Test", place, 1, np.array(samples, np.int64))


def one_box(box, recorded=(0, 0), *, category="cat", name="a.jpg", units=Units.PIXELS, **more):
    builder = AnnotationsBuilder("test", units=units)
    builder.add(builder.picture(name, *recorded), builder.category(category), box, **more)
    return builder


def joined(parts, of_samples, turn=Turned.UPRIGHT, **choices):
    return join(parts, of_samples, turn, lambda objects, _marks: objects, **choices)


def kinds(annotations) -> list[tuple[str, int, bool]]:
    return [(each.what.split(" ", 3)[1], each.count, each.is_lost) for each in annotations.complaints]


def test_categories_of_the_same_name_are_one_and_objects_come_in_the_order_of_samples():
    first, second = one_box((0, 0, 5, 5)), one_box((1, 1, 6, 6), category="dog", name="b.jpg")
    second.add(second.picture("c.jpg"), second.category("cat"), (2, 2, 7, 7))
    made = joined([found(first, 2), found(second, 0, 1, place="/d/b.json")], sizes(*[(10, 10, 1)] * 4))
    assert made.categories == ("cat", "dog")
    assert made.objects.picture.tolist() == [0, 1, 2]
    assert made.objects.category.tolist() == [1, 0, 0]
    assert made.is_annotated.tolist() == [True, True, True, False]
    assert [(each.pictures, each.objects, each.orphans) for each in made.sources] == [(1, 1, 0), (2, 2, 0)]


def test_shares_become_pixels_of_the_upright_picture():
    made = joined([found(one_box((0.25, 0.5, 0.75, 1.0), units=Units.SHARES), 0)], sizes((40, 20, 1)))
    assert made.objects.box.tolist() == [[5, 20, 15, 40]]


@pytest.mark.parametrize(
    ("recorded", "turn", "box", "complaints"),
    [
        # The picture is stored 20 high and 40 wide, and its mark makes it 40 high and 20 wide.
        ((40, 20), Turned.STORED, [2, 3, 6, 9], []),
        ((20, 40), Turned.UPRIGHT, [11, 2, 17, 6], []),
        ((0, 0), Turned.UPRIGHT, [2, 3, 6, 9], [("picture", 1, False)]),
        ((0, 0), Turned.STORED, [11, 2, 17, 6], [("picture", 1, False)]),
    ],
)
def test_a_recorded_size_tells_which_way_up_annotations_are_and_else_the_person_does(
    recorded, turn, box, complaints
):
    made = joined([found(one_box((2, 3, 6, 9), recorded), 0)], sizes((40, 20, 6)), turn)
    assert made.objects.box.tolist() == [box]
    assert kinds(made) == complaints


def test_a_mark_that_keeps_the_size_cannot_be_told_from_the_size():
    parts = [found(one_box((2, 3, 6, 9), (40, 20)), 0)]
    assert joined(parts, sizes((40, 20, 3)), Turned.STORED).objects.box.tolist() == [[14, 31, 18, 37]]
    assert kinds(joined(parts, sizes((40, 20, 3)))) == [("picture", 1, False)]


def test_annotations_for_a_picture_of_another_size_are_refused():
    made = joined([found(one_box((2, 3, 6, 9), (41, 20)), 0)], sizes((40, 20, 1)))
    assert (len(made.objects), made.is_annotated.tolist()) == (0, [False])
    assert kinds(made) == [("size", 1, True)]
    assert made.complaints[0].examples == ("a.jpg",)


def test_orphans_ambiguous_and_unreadable_pictures_are_counted():
    builder = one_box((0, 0, 5, 5))
    for name in ("b.jpg", "c.jpg", "d.jpg"):
        builder.add(builder.picture(name), 0, (0, 0, 5, 5))
    parts = [found(builder, NO_SAMPLE, SEVERAL_SAMPLES, 0, 1)]
    made = joined(parts, sizes((10, 10, 1), (0, 0, 1)))
    assert made.objects.picture.tolist() == [0]
    assert [each.count for each in made.complaints] == [1, 1, 1]
    assert made.sources[0].orphans == 2
    assert len(joined(parts, sizes((10, 10, 1), (0, 0, 1)), name_orphans=False).complaints) == 2


def test_a_box_outside_its_picture_is_left_out_and_one_across_its_edge_stays():
    builder = one_box((8, 8, 12, 12))
    builder.add(0, 0, (10, 0, 12, 5))
    made = joined([found(builder, 0)], sizes((10, 10, 1)))
    assert made.objects.box.tolist() == [[8, 8, 12, 12]]
    assert [each.count for each in made.complaints] == [1]


def test_two_files_about_the_same_object_give_it_once_and_the_richer_one_stays():
    boxes, points = one_box((1, 1, 6, 6)), one_box((1.2, 1, 6, 6), keypoints=[(2, 2, 2)])
    made = joined([found(boxes, 0), found(points, 0)], sizes((10, 10, 1)))
    assert made.objects.keypoints.lengths.tolist() == [1]
    assert [(each.count, each.is_lost) for each in made.complaints] == [(1, False)]


def test_equal_boxes_in_one_file_are_two_objects():
    builder = one_box((1, 1, 6, 6))
    builder.add(0, 0, (1, 1, 6, 6))
    other = one_box((2, 2, 4, 4), name="b.jpg")
    made = joined([found(builder, 0), found(other, 1)], sizes((10, 10, 1), (10, 10, 1)))
    assert made.objects.picture.tolist() == [0, 0, 1]


def test_files_that_say_different_things_of_a_picture_are_said():
    made = joined([found(one_box((1, 1, 6, 6)), 0), found(one_box((2, 2, 9, 9)), 0)], sizes((10, 10, 1)))
    assert len(made.objects) == 2
    assert [(each.count, each.is_lost) for each in made.complaints] == [(1, False)]


def test_tags_come_once_and_in_order():
    builder = AnnotationsBuilder("test")
    builder.picture("a"), builder.picture("b")
    for picture, name in ((1, "cat"), (0, "dog"), (1, "cat"), (1, "dog")):
        builder.tag(picture, builder.category(name))
    made = joined([found(builder, 3, 1)], sizes(*[(10, 10, 1)] * 4))
    pairs = zip(
        made.tags.picture.tolist(), [made.categories[each] for each in made.tags.category], strict=True
    )
    assert sorted(pairs) == [(1, "cat"), (1, "dog"), (3, "dog")]


def test_many_files_of_a_folder_are_told_as_their_folder():
    parts = [found(one_box((0, 0, 5, 5), name=f"{n}.jpg"), n, place=f"/d/{n}.json") for n in range(5)]
    made = joined(parts, sizes(*[(10, 10, 1)] * 5))
    assert [(each.place, each.files, each.objects) for each in made.sources] == [("/d", 5, 5)]
    few = joined(parts[:2], sizes(*[(10, 10, 1)] * 5))
    assert [each.place for each in few.sources] == ["/d/0.json", "/d/1.json"]


def test_each_kind_of_complaint_knows_the_pictures_that_it_is_about():
    builder = one_box((2, 3, 6, 9))
    builder.add(builder.picture("b.jpg"), 0, (5, 5, 5, 9))
    builder.add(builder.picture("c.jpg"), 0, (50, 50, 60, 60))
    builder.add(builder.picture("gone.jpg"), 0, (5, 5, 5, 9))
    made = joined([found(builder, 2, 0, 1, NO_SAMPLE)], sizes((20, 20, 1), (20, 20, 1), (40, 20, 6)))

    def about(annotations, word: str) -> list[tuple[int, ...]]:
        return [each.pictures for each in annotations.complaints if word in each.what]

    assert [about(made, word) for word in ("mark", "area", "outside", "not there")] == [
        [(2,)], [(0,)], [(1,)], [()]
    ]  # fmt: skip
    moved = made.take(np.array([2, 1]))
    assert [about(moved, word) for word in ("mark", "area", "outside")] == [[(0,)], [()], [(1,)]]
