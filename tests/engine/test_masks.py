"""Masks go the same way as their pictures, exactly, through every part of the engine."""

import json
import os
import shutil
import tarfile
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stackgui import open_stack
from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.advice.problems import Known, problems_of
from stackgui.core.annotations.reading import Turned
from stackgui.core.base.choices import Anchor, Channels, Fit, Layout, MaskNumbers, MissingMask, Storage
from stackgui.core.base.errors import Cancelled, PlanError, SampleError, UsageError
from stackgui.core.base.size import Size
from stackgui.core.catalog.mask_class_files import read_mask_classes
from stackgui.core.catalog.mask_classes import COLOUR, MaskClass
from stackgui.core.catalog.masks import Masks, MaskValues
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.difference import difference
from stackgui.core.plan.geometry import place
from stackgui.core.plan.mask_form import MaskForm, mask_form
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.archives.reading import Use, forget
from stackgui.engine.archives.streams import Stream
from stackgui.engine.decoding.masks import numbers_of, rendered_mask
from stackgui.engine.decoding.render import Form, RowPlan
from stackgui.engine.decoding.rows import files_of
from stackgui.engine.scanning import tally
from stackgui.engine.sources import mask_folders
from stackgui.engine.workers import tasks
from stackgui.gui.control.problems import with_tried
from stackgui.gui.control.screen import Health
from tests.engine.stopping import StopAt
from tests.making import make_catalog

IGNORE = 255
SIZES = [(20, 30), (31, 17), (40, 40), (9, 12), (25, 26), (33, 8), (18, 50)]
FIVE = MaskForm(
    keys=tuple(range(5)), numbers=tuple(range(5)), is_open=False, classes=(), ignore=IGNORE, missing=IGNORE,
    dtype="uint8",
)  # fmt: skip


def drawn(size: tuple[int, int], seed: int, values=(0, 1, 2, 3)) -> np.ndarray:
    """A mask of a few rectangles, and noise in one of them."""
    random = np.random.default_rng(seed)
    mask = np.full(size, values[0], np.int64)
    for value in values[1:]:
        top, left = random.integers(0, size[0] // 2), random.integers(0, size[1] // 2)
        mask[top : top + size[0] // 2, left : left + size[1] // 2] = value
    mask[: size[0] // 3, : size[1] // 3] = random.choice(values, (size[0] // 3, size[1] // 3))
    return mask


@pytest.fixture
def seg(tmp_path) -> Path:
    """Pictures of many sizes with masks; one is stored lying down, and its mask was drawn on it like that."""
    folder = tmp_path / "seg"
    (folder / "images").mkdir(parents=True)
    (folder / "masks").mkdir()
    turned = Image.Exif()
    turned[0x0112] = 6
    for index, size in enumerate(SIZES):
        pixels = np.random.default_rng(index).integers(0, 256, (*size, 3), np.uint8)
        Image.fromarray(pixels).save(folder / "images" / f"{index}.png", exif=turned if index == 1 else None)
        Image.fromarray(drawn(size, index).astype(np.uint8)).save(folder / "masks" / f"{index}.png")
    return folder


def converted(engine, catalog, out: Path, options: Options | None = None, **choices) -> tuple[Plan, object]:
    plan = resolve(options or Options(), catalog)
    return plan, engine.convert(plan, RunOptions(str(out), **choices), Control())


def upright(index: int) -> np.ndarray:
    mask = drawn(SIZES[index], index)
    return np.rot90(mask, -1) if index == 1 else mask


def plainly(mask: np.ndarray, geometry, row: int, target: tuple[int, int]) -> np.ndarray:
    """A row's mask by Pillow alone."""
    whole = np.full(target, IGNORE)
    (height, width), (top, left) = geometry.scaled[row].tolist(), geometry.window[row].tolist()
    at_h, at_w, h, w = geometry.placement[row].tolist()
    scaled = np.asarray(
        Image.fromarray(mask.astype(np.int32)).resize((width, height), Image.Resampling.NEAREST)
    )
    whole[at_h : at_h + h, at_w : at_w + w] = scaled[top : top + h, left : left + w]
    return whole


def row_of(own, scaled, window, placement) -> RowPlan:
    return RowPlan(
        format="png", dtype="uint8", bits=0, has_profile=False, is_picture=True, has_alpha=False, member=-1,
        own=own, scaled=scaled, window=window, placement=placement,
    )  # fmt: skip


def contents(stack: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in stack.iterdir()}


@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.sampled_from(Fit),
    st.sampled_from(Anchor),
    st.integers(1, 8),
    st.integers(0, 99),
)
def test_a_mask_is_the_nearest_scaling_of_what_is_drawn(own, target, fit, anchor, orientation, seed):
    mask = np.random.default_rng(seed).integers(0, 5, own).astype(np.uint8)
    stored = Image.fromarray(mask)
    turn = Image.Transpose
    operation = [
        None, None, turn.FLIP_LEFT_RIGHT, turn.ROTATE_180, turn.FLIP_TOP_BOTTOM, turn.TRANSPOSE,
        turn.ROTATE_270, turn.TRANSVERSE, turn.ROTATE_90,
    ][orientation]  # fmt: skip
    seen = np.asarray(stored if operation is None else stored.transpose(operation))
    geometry = place(np.array([seen.shape[0]]), np.array([seen.shape[1]]), target, fit, anchor)
    tables = (geometry.scaled, geometry.window, geometry.placement)
    row = row_of(seen.shape, *(tuple(table[0].tolist()) for table in tables))
    placement = row.placement
    out = rendered_mask(mask, orientation, row, FIVE)
    whole = np.full(target, IGNORE)
    whole[placement[0] : placement[0] + placement[2], placement[1] : placement[1] + placement[3]] = out
    assert np.array_equal(whole, plainly(seen, geometry, 0, target))


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(fit=Fit.LETTERBOX, size=Size.exact(24, 28), anchor=Anchor.CENTER),
        Options(fit=Fit.STRETCH, size=Size.exact(24, 28), layout=Layout.NCHW),
        Options(fit=Fit.CROP, size=Size.exact(21, 15), channels=Channels.GREY),
        Options(fit=Fit.COVER, size=Size.exact(48, 31), anchor=Anchor.BOTTOM_RIGHT, fill=7),
        Options(buckets=3, multiple=8, shuffle=True, seed=4, layout=Layout.NCHW),
    ],
    ids=["pad", "letterbox", "stretch", "crop", "cover", "buckets"],
)
def test_the_masks_of_a_stack_lie_on_its_pictures(engine, scan, seg, tmp_path, options):
    storage = Storage.MEMORY if options.layout is Layout.NCHW else Storage.FILE
    plan, report = converted(engine, scan(seg), tmp_path / "stack", options, storage=storage)
    assert report.status is Status.COMPLETE
    with open_stack(tmp_path / "stack") as stack:
        assert len(stack.masks) == len(stack) == len(SIZES)
        row = 0
        for bucket, masks in zip(plan.buckets, stack.masks.arrays, strict=True):
            geometry = plan.geometry(bucket, bucket.samples)
            assert (masks.shape, masks.dtype) == (
                (len(bucket.samples), bucket.height, bucket.width),
                np.uint8,
            )
            for index, sample in enumerate(bucket.samples.tolist()):
                size = (bucket.height, bucket.width)
                assert np.array_equal(stack.masks[row], plainly(upright(sample), geometry, index, size))
                assert (
                    stack.masks.original(row).shape
                    == stack.original(row).shape[-2 if options.layout is Layout.NCHW else 0 :][:2]
                )
                row += 1
        assert stack.mask_classes == {number: str(number) for number in range(4)}
        assert "masks of 4 classes" in repr(stack)
    verified = engine.verify(str(tmp_path / "stack"), Control(), deep=None)
    assert (verified.damage, verified.not_compared, verified.decoded) == ((), (), len(SIZES))


# Kinds of files

PALETTE = [channel for index in range(256) for channel in (index, 255 - index, 7 * index % 256)]


def save_palette(mask, path, **more):
    picture = Image.fromarray(mask.astype(np.uint8), "L")
    picture.putpalette(PALETTE)
    picture.save(path, **more)


def save_colours(mask, path):
    table = np.array([(0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0)], np.uint8)
    Image.fromarray(table[mask]).save(path)
    lines = [
        "# label:color_rgb:parts:actions",
        *(f"class {i}:{r},{g},{b}::" for i, (r, g, b) in enumerate(table.tolist())),
    ]
    (path.parent / "labelmap.txt").write_text("\n".join(lines))


def saving(dtype, **more):
    """What saves a mask with Pillow in this dtype."""
    return lambda mask, path: Image.fromarray(mask.astype(dtype)).save(path, **more)


def save_grey_as_colours(mask, path):
    Image.fromarray(np.repeat(mask[..., None], 3, 2).astype(np.uint8)).save(path)


KINDS = {
    "palette png": (".png", save_palette, (0, 1, 2, 3), np.uint8),
    "palette png of 2 bits": (".png", partial(save_palette, bits=2), (0, 1, 2, 3), np.uint8),
    "palette gif": (".gif", save_palette, (0, 1, 2, 3), np.uint8),
    "palette tiff": (".tif", save_palette, (0, 1, 2, 3), np.uint8),
    "grey": (".png", saving(np.uint8), (0, 7, 26, 33), np.uint8),
    "grey as colours": (".png", save_grey_as_colours, (0, 1, 9), np.uint8),
    "1 bit": (".png", saving(np.bool_), (0, 1), np.uint8),
    "1 bit tiff": (".tif", saving(np.bool_, compression="group4"), (0, 1), np.uint8),
    "16 bits": (".png", saving(np.uint16), (0, 300, 1001), np.uint16),
    "16 bits tiff": (".tif", saving(np.uint16), (0, 255, 256), np.uint16),
    "32 bits tiff": (".tif", saving(np.int32), (0, 1, 70_000), np.uint32),
    "npy": (".npy", lambda mask, path: np.save(path, mask), (0, 1, 5), np.uint8),
    "npy of yes and no": (".npy", lambda mask, path: np.save(path, mask > 0), (0, 1), np.uint8),
    "colours": (".png", save_colours, (0, 1, 2, 3), np.uint8),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_gives_its_numbers(engine, scan, tmp_path, kind):
    suffix, save, values, dtype = KINDS[kind]
    (tmp_path / "seg" / "images").mkdir(parents=True)
    (tmp_path / "seg" / "masks").mkdir()
    masks = [drawn((24, 30), seed, values) for seed in range(3)]
    for seed, mask in enumerate(masks):
        Image.fromarray(np.full((24, 30, 3), 40 * seed, np.uint8)).save(
            tmp_path / "seg" / "images" / f"{seed}.jpg"
        )
        save(mask, tmp_path / "seg" / "masks" / f"{seed}{suffix}")
    _plan, report = converted(engine, scan(tmp_path / "seg"), tmp_path / "stack")
    assert report.failures == ()
    with open_stack(tmp_path / "stack") as stack:
        assert stack.masks.arrays[0].dtype == dtype
        assert np.array_equal(stack.masks.arrays[0], masks)
        names = [f"class {value}" for value in values] if kind == "colours" else map(str, values)
        assert stack.mask_classes == dict(zip(values, names, strict=True))


# What the numbers become


ROADS = (MaskClass("road", (9, 7)), MaskClass("rest", (0,)))


def values_of(numbers, pixels=None) -> MaskValues:
    keys, order = np.unique(np.array(numbers, np.int64), return_index=True)
    counts = np.ones_like(keys) if pixels is None else np.array(pixels, np.int64)[order]
    return MaskValues(keys, counts, np.ones_like(keys), most=max(keys[keys < COLOUR], default=0))


def becoming(values, pixels=None, **choices):
    """What numbers become, and the form."""
    files = make_catalog([(4, 4)])
    masks = Masks(files, np.zeros(1, np.int32), values_of(values, pixels))
    form = mask_form(Options(**choices), make_catalog([(4, 4)], masks=masks))
    numbers = numbers_of(np.array([values]), form)[0].tolist()
    return dict(zip(values, numbers, strict=True)), form


@pytest.mark.parametrize(
    ("values", "choices", "becomes", "ignore"),
    [
        ((0, 255), {}, {0: 0, 255: 1}, 255),
        ((0, 255), {"mask_numbers": MaskNumbers.KEEP}, {0: 0, 255: 255}, 255),
        ((0, 1, 255), {}, {0: 0, 1: 1, 255: 255}, 255),
        ((0, 1, 255), {"ignore_value": 99}, {0: 0, 1: 1, 255: 255}, 99),
        ((0, 1, 2), {"mask_numbers": MaskNumbers.REDUCE_ZERO}, {0: 255, 1: 0, 2: 1}, 255),
        ((0, 10, 20), {"mask_numbers": MaskNumbers.RENUMBER}, {0: 0, 10: 1, 20: 2}, 255),
        ((0, 254, 255), {}, {0: 0, 254: 254, 255: 255}, 65535),
        ((0, 255, 300), {}, {0: 0, 255: 255, 300: 300}, 65535),
        ((0, 1, 2), {"ignore_value": 0}, {0: 0, 1: 1, 2: 2}, 0),
        ((0, 7, 9), {"mask_classes": ROADS}, {0: 1, 7: 0, 9: 0}, 255),
        ((0, 1, 2), {"mask_classes": tuple(map(MaskClass, "abc"))}, {0: 0, 1: 1, 2: 2}, 255),
        ((0, 3, 4), {"mask_classes": (MaskClass("a", (0,)), MaskClass("", (3,)), MaskClass("b", (4,), 7))},
         {0: 0, 3: 255, 4: 7}, 255),
    ],
)  # fmt: skip
def test_numbers_become_classes(values, choices, becomes, ignore):
    found, form = becoming(values, **choices)
    assert (found, form.ignore) == (becomes, ignore)
    assert form.dtype == ("uint16" if max(ignore, *becomes.values()) > 255 else "uint8")
    assert [number for number, _name in form.classes] == sorted(set(becomes.values()) - {ignore})


def test_numbers_of_objects_stay_and_are_no_classes():
    found, form = becoming((0, 5, 255), mask_numbers=MaskNumbers.OBJECT_IDS)
    assert (found, form.ignore, form.classes) == ({0: 0, 5: 5, 255: 255}, 255, ())
    found, form = becoming((0, 5, 300), mask_numbers=MaskNumbers.OBJECT_IDS)
    assert (found, form.ignore) == ({0: 0, 5: 5, 300: 300}, 65535)


def test_a_number_without_a_class_fails_its_row(engine, scan, seg, tmp_path):
    table = (MaskClass("a", (0,)), MaskClass("b", (1, 2)))
    _plan, report = converted(engine, scan(seg), tmp_path / "stack", Options(mask_classes=table))
    assert {failure.reason for failure in report.failures} == {"its mask holds what no class has: 3"}


@pytest.fixture
def coloured(tmp_path):
    """A picture with a mask in colours, and a table of these that lies elsewhere."""
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()
    Image.fromarray(np.zeros((24, 30, 3), np.uint8)).save(tmp_path / "images" / "a.jpg")
    save_colours(drawn((24, 30), 0), tmp_path / "masks" / "a.png")
    os.rename(tmp_path / "masks" / "labelmap.txt", tmp_path / "labels of colours")
    return tmp_path


def test_colours_without_a_table_are_numbered_from_black_and_said(engine, scan, coloured):
    catalog = scan(coloured / "images", coloured / "masks")
    plan, report = converted(engine, catalog, coloured / "stack")
    assert report.failures == ()
    assert codes(plan) == {"masks-colours-numbered": 4}
    with Image.open(coloured / "masks" / "a.png") as mask:
        pixels = np.asarray(mask.convert("RGB")).astype(np.int64)
    packed = pixels @ (1 << 16, 1 << 8, 1)
    found = np.unique(packed)
    with open_stack(coloured / "stack") as stack:
        assert np.array_equal(stack.masks[0], np.searchsorted(found, packed))
        assert stack.mask_classes == {number: f"#{each:06x}" for number, each in enumerate(found.tolist())}
    table = read_mask_classes((coloured / "labels of colours").read_bytes())
    plan, _report = converted(engine, catalog, coloured / "named", Options(mask_classes=table))
    assert codes(plan) == {}
    with open_stack(coloured / "named") as stack:
        assert np.array_equal(stack.masks[0], drawn((24, 30), 0))


def test_colours_may_number_objects(engine, scan, coloured):
    catalog = scan(coloured / "images", coloured / "masks")
    options = Options(mask_numbers=MaskNumbers.OBJECT_IDS)
    converted(engine, catalog, coloured / "stack", options)
    with Image.open(coloured / "masks" / "a.png") as mask:
        ids = np.asarray(mask.convert("RGB")).astype(np.int64) @ (1, 1 << 8, 1 << 16)
    with open_stack(coloured / "stack") as stack:
        ignore = stack.masks.ignore_value
        assert stack.masks.arrays[0].dtype == "uint16"  # no colour here has any blue
        assert np.array_equal(stack.masks[0], np.where(ids == 0, ignore, ids))


def test_what_cannot_be_colours_of_classes_is_told_from_them():
    of_photograph = [COLOUR + 7 * each for each in range(300)]
    with pytest.raises(PlanError, match="as photographs do"):
        becoming(of_photograph)
    red, blue, classes = 0xFF0000, 0x0000FF, list(range(COLOUR + 1, COLOUR + 2**24, 2**24 // 9))
    mixed = [round(255 * each / 9) for each in range(1, 9)]
    blends = [COLOUR + ((255 - each) << 16) + each for each in mixed]
    with pytest.raises(PlanError, match="10 colours, of which 8 are blends"):
        becoming([COLOUR + red, COLOUR + blue, *blends], pixels=[900, 800, *[1] * 8])
    found, _form = becoming(classes)
    assert sorted(found.values()) == list(range(len(classes)))


# What is missing or does not fit


def codes(plan: Plan) -> dict[str, int]:
    return {
        warning.code: warning.count for warning in plan_warnings(plan) if warning.code.startswith("masks")
    }


def test_what_does_not_fit_is_counted_before_and_listed_after(engine, scan, seg, tmp_path):
    (seg / "masks" / "0.png").unlink()
    Image.fromarray(np.zeros((3, 4), np.uint8)).save(seg / "masks" / "2.png")
    Image.fromarray(np.zeros((3, 4), np.uint8)).save(seg / "masks" / "of nothing.png")
    (seg / "masks" / "3.png").write_bytes((seg / "masks" / "3.png").read_bytes()[:20])
    plan, report = converted(engine, scan(seg), tmp_path / "stack")
    expected = {
        "masks-missing": 1,
        "masks-of-other-size": 1,
        "masks-unreadable": 1,
        "masks-without-picture": 1,
    }
    assert codes(plan) == expected
    reasons = {Path(failure.file).stem: failure.reason for failure in report.failures}
    assert reasons["2"] == "its mask is 4 × 3 px (width × height), but the picture is 40 × 40 px"
    assert reasons["3"].startswith("its mask cannot be used: ")
    assert set(reasons) == {"2", "3"}
    with open_stack(tmp_path / "stack") as stack:
        assert (stack.masks[2] == IGNORE).all()
        assert stack.arrays[0][2].max() == 0
        assert (stack.masks.original(0) == IGNORE).all()
    assert engine.verify(str(tmp_path / "stack"), Control(), deep=None).is_sound


def test_a_mask_of_another_size_is_one_problem_that_names_both_and_says_both_sizes(
    engine, scan, seg, tmp_path
):
    Image.fromarray(np.zeros((3, 4), np.uint8)).save(seg / "masks" / "2.png")
    (seg / "masks" / "3.png").write_bytes((seg / "masks" / "3.png").read_bytes()[:20])
    plan, report = converted(engine, scan(seg), tmp_path / "stack")
    nobody = np.zeros(len(SIZES), np.bool_)
    warnings = plan_warnings(plan)
    before = problems_of(Known(plan.catalog, nobody, plan, warnings=warnings)).entries
    assert [problem.kind for problem in before] == ["masks-of-other-size", "masks-unreadable"]
    (file,) = before[0].files
    assert (file.name, file.why) == (
        "images/2.png",
        "its mask is 4 × 3 px (width × height), but the picture is 40 × 40 px: masks/2.png",
    )
    health = with_tried(Health(), plan, {failure.row: failure.reason for failure in report.failures})
    after = problems_of(Known(plan.catalog, nobody, plan, tried=health.tried, warnings=warnings)).entries
    assert [problem.kind for problem in after] == [problem.kind for problem in before]
    mended = with_tried(health, plan, {2: "", 3: ""})
    assert problems_of(Known(plan.catalog, nobody, plan, tried=mended.tried, warnings=warnings)).entries == ()


@pytest.mark.parametrize("missing", MissingMask)
def test_a_missing_mask_is_a_choice(engine, scan, seg, tmp_path, missing):
    (seg / "masks" / "0.png").unlink()
    catalog, options = scan(seg), Options(missing_masks=missing)
    if missing is MissingMask.STOP:
        with pytest.raises(PlanError, match="There is no mask for 1 picture, such as images/0"):
            resolve(options, catalog)
        return
    plan, _report = converted(engine, catalog, tmp_path / "stack", options)
    with open_stack(tmp_path / "stack") as stack:
        if missing is MissingMask.LEAVE_OUT:
            assert len(stack) == len(SIZES) - 1 == plan.rows
        else:
            assert set(np.unique(stack.masks.original(0))) == {
                0 if missing is MissingMask.BACKGROUND else IGNORE
            }
    assert engine.verify(str(tmp_path / "stack"), Control(), deep=None).is_sound


@pytest.mark.parametrize("turn", Turned)
def test_what_the_size_of_a_mask_cannot_tell_is_a_choice(engine, scan, seg, tmp_path, turn):
    mark = Image.Exif()
    mark[0x0112] = 3
    with Image.open(seg / "images" / "2.png") as picture:
        picture.save(seg / "images" / "2.png", exif=mark)
    plan, _report = converted(
        engine, scan(seg, options=ScanOptions(annotation_turn=turn)), tmp_path / "stack"
    )
    assert codes(plan) == ({"masks-turned": 1} if turn is Turned.UPRIGHT else {})
    with open_stack(tmp_path / "stack") as stack:
        drawn_on = drawn(SIZES[2], 2)
        assert np.array_equal(
            stack.masks.original(2), drawn_on if turn is Turned.UPRIGHT else drawn_on[::-1, ::-1]
        )


# Recognised, or chosen


def test_masks_are_pictures_if_one_says_so(scan, seg):
    catalog = scan(seg, options=ScanOptions(masks="none"))
    assert (catalog.masks, len(catalog)) == (None, 2 * len(SIZES))


def test_a_folder_elsewhere_can_be_chosen(engine, scan, seg, tmp_path):
    os.rename(seg / "masks", tmp_path / "drawn")
    catalog = scan(seg, options=ScanOptions(masks=str(tmp_path / "drawn")))
    assert catalog.sources == (str(seg),)
    assert catalog.masks.has_mask.all()
    with pytest.raises(Cancelled):
        engine.convert(resolve(Options(), catalog), RunOptions(str(tmp_path / "stack")), StopAtOnce())
    with pytest.raises(UsageError, match="There are no masks at"):
        scan(seg, options=ScanOptions(masks=str(tmp_path / "nowhere")))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no masks"):
        scan(seg, options=ScanOptions(masks=str(tmp_path / "empty")))


class StopAtOnce(Control):
    def check(self) -> None:
        self.cancel()
        super().check()


@pytest.mark.parametrize(
    ("pictures", "masks"),
    [
        ("images", "masks"),
        ("JPEGImages", "SegmentationClass"),
        ("images/train", "masks/train"),
        ("train", "train_masks"),
        ("train", "masks"),
        ("scans", "ground truth"),
    ],
)
def test_masks_beside_the_folder_of_pictures_are_found(scan, seg, tmp_path, pictures, masks):
    for name, folder in (("images", pictures), ("masks", masks)):
        (tmp_path / folder).parent.mkdir(exist_ok=True)
        os.rename(seg / name, tmp_path / folder)
    (tmp_path / masks / "notes.txt").write_text("of nobody")
    catalog = scan(tmp_path / pictures)
    assert (len(catalog), catalog.sources) == (len(SIZES), (str(tmp_path / pictures),))
    assert catalog.masks.has_mask.all()
    assert catalog.masks.places == (str(tmp_path / masks),)
    assert len(catalog.skipped) == 0
    apart = scan(tmp_path / pictures, options=ScanOptions(masks="none"))
    assert (apart.masks, len(apart)) == (None, len(SIZES))


def test_masks_that_may_be_those_of_several_folders_beside_them_are_given_to_none(scan, seg):
    os.rename(seg / "images", seg / "left")
    assert scan(seg / "left").masks.has_mask.all()
    assert scan(seg).masks.has_mask.all()
    shutil.copytree(seg / "left", seg / "right")
    for source, samples in ((seg / "left", len(SIZES)), (seg, 3 * len(SIZES))):
        catalog = scan(source)
        assert (catalog.masks, len(catalog)) == (None, samples)


def test_files_of_other_names_in_a_folder_of_masks_beside_are_not_read(scan, seg):
    os.rename(seg / "images", seg / "left")
    for index in range(len(SIZES)):
        os.rename(seg / "masks" / f"{index}.png", seg / "masks" / f"other{index}.png")
    assert mask_folders.mask_folders_beside([str(seg / "left")]) == ()
    assert scan(seg / "left").masks is None


@pytest.mark.parametrize("below", ["", "images"])
def test_figures_of_a_scan_that_goes_on_leave_masks_out(engine, seg, monkeypatch, below):
    for name in ("FIRST_OVERVIEW_S", "OVERVIEW_S", "OVERVIEW_SHARE"):
        monkeypatch.setattr(tally, name, 0)
    control, counts = Control(), []
    publish = control.publish
    control.publish = lambda told: (counts.append(told.statistics and told.statistics.samples), publish(told))
    catalog = engine.scan([str(seg / below)], control, overview=True)
    assert len(catalog.masks.files) == len(SIZES)
    assert max(filter(None, counts)) == len(SIZES)


def test_what_lies_beside_and_is_no_mask_is_left_alone(scan, seg):
    (seg / "labels").mkdir()
    (seg / "labels" / "1.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    for index in range(len(SIZES)):
        noise = np.random.default_rng(index).integers(0, 256, (64, 64), np.uint8)
        Image.fromarray(noise).save(seg / "masks" / f"{index}.png")
    catalog = scan(seg / "images")
    assert (catalog.masks, len(catalog), len(catalog.skipped)) == (None, len(SIZES), 0)
    assert catalog.sources == catalog.folders == (str(seg / "images"),)


def test_a_list_can_be_chosen(scan, seg, tmp_path):
    for index in range(len(SIZES)):
        os.rename(seg / "masks" / f"{index}.png", seg / "masks" / f"x{index}.png")
    (tmp_path / "pairs.csv").write_text(
        "image,mask\n" + "".join(f"images/{index}.png,masks/x{index}.png\n" for index in range(len(SIZES)))
        + "images/0.png,masks/gone.png\n"
    )  # fmt: skip
    catalog = scan(seg, options=ScanOptions(masks=str(tmp_path / "pairs.csv")))
    assert (len(catalog), catalog.masks.has_mask.all()) == (len(SIZES), True)
    assert [warning.code for warning in catalog.warnings] == ["masks-not-found"]
    (tmp_path / "pairs.csv").write_text("nothing\n")
    with pytest.raises(UsageError, match="cannot be used as a list of masks"):
        scan(seg, options=ScanOptions(masks=str(tmp_path / "pairs.csv")))


def test_photographs_of_the_same_names_are_no_masks(scan, seg):
    for index, size in enumerate(SIZES):
        noise = np.random.default_rng(index).integers(0, 256, (4 * size[0], 4 * size[1]), np.uint8)
        Image.fromarray(noise).save(seg / "masks" / f"{index}.png")
        Image.fromarray(noise).save(seg / "images" / f"{index}.png")
    assert scan(seg).masks is None


@pytest.mark.parametrize("name", ["seg.zip", "seg.tar", "seg.tar.xz"])
def test_masks_in_an_archive_are_found_and_read(engine, scan, seg, tmp_path, name):
    if name == "seg.zip":
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for file in sorted(seg.rglob("*.png")):
                packed.write(file, file.relative_to(seg))
    else:
        with tarfile.open(tmp_path / name, "w:xz" if name.endswith("xz") else "w") as packed:
            packed.add(seg, "seg")
    _plan, report = converted(engine, scan(tmp_path / name), tmp_path / "packed")
    assert report.status is Status.COMPLETE
    converted(engine, scan(seg), tmp_path / "plain")
    with open_stack(tmp_path / "packed") as packed, open_stack(tmp_path / "plain") as plain:
        assert np.array_equal(packed.masks.arrays[0], plain.masks.arrays[0])
    assert engine.verify(str(tmp_path / "packed"), Control(), deep=None).is_sound


def test_masks_in_a_compressed_stream_do_not_make_it_start_anew(scan, seg, tmp_path, monkeypatch):
    with tarfile.open(tmp_path / "seg.tar.gz", "w:gz") as packed:
        packed.add(seg, "seg")
    plan = resolve(Options(), scan(tmp_path / "seg.tar.gz"))
    begun = []
    begin = Stream._begin
    monkeypatch.setattr(Stream, "_begin", lambda stream: begun.append(1) or begin(stream))
    (bucket,) = plan.buckets
    files = files_of(plan, bucket.samples, plan.geometry(bucket, bucket.samples))
    try:
        thumbs = tasks.preview_rows(
            files, Form.of(plan), (bucket.height, bucket.width), tasks.Look(8, uncut=False)
        )
    finally:
        forget()
    assert [thumb.reason for thumb in thumbs] == [""] * len(SIZES)
    assert len(begun) == len(Use)


def test_pictures_are_the_same_with_masks_and_without(engine, scan, seg, tmp_path):
    options = Options(buckets=2, fit=Fit.LETTERBOX, size=Size.exact(30, 30))
    converted(engine, scan(seg), tmp_path / "stack", options)
    converted(engine, scan(seg / "images", options=ScanOptions(masks="none")), tmp_path / "plain", options)
    same = {
        "valid.npy",
        "placements.npy",
        *(name for name in os.listdir(tmp_path / "plain") if name.startswith("images")),
    }
    for name in same:
        assert (tmp_path / "stack" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()


def test_thumbnails_come_with_their_masks(engine, scan, seg):
    (seg / "masks" / "2.png").write_bytes((seg / "masks" / "2.png").read_bytes()[:60])
    plan = resolve(Options(fit=Fit.STRETCH, size=Size.exact(16, 16)), scan(seg))
    first, lying, broken = engine.previews(plan, [0, 1, 2], 8, Control())
    geometry = plan.geometry(plan.buckets[0], plan.buckets[0].samples)
    for row, thumb in enumerate((first, lying)):
        assert thumb.mask.shape == thumb.pixels.shape[:2] == (8, 8)
        whole = Image.fromarray(plainly(upright(row), geometry, row, (16, 16)).astype(np.int32))
        assert np.array_equal(thumb.mask, whole.resize((8, 8), Image.Resampling.NEAREST))
    assert broken.mask is None
    assert broken.reason.startswith("its mask cannot be used: ")


# Saved, resumed, verified, repaired, exported


def test_stacks_without_masks_say_nothing_of_them(engine, scan, seg, tmp_path):
    os.rename(seg / "masks", tmp_path / "elsewhere")
    converted(engine, scan(seg / "images"), tmp_path / "stack")
    assert '"mask' not in (tmp_path / "stack" / "stack.json").read_text()
    assert '"mask' not in (tmp_path / "stack" / "manifest.jsonl").read_text()
    assert (tmp_path / "stack" / "manifest.csv").read_text().splitlines()[0].endswith("modified")
    with open_stack(tmp_path / "stack") as stack:
        assert (stack.masks, stack.mask_classes) == (None, {})


def test_a_plan_can_be_saved_with_its_masks(scan, seg):
    plan = resolve(Options(), scan(seg))
    again = plan_from_json(json.loads(json.dumps(plan.to_json())))
    assert again.fingerprint == plan.fingerprint
    assert isinstance(again.catalog.masks, Masks)
    assert again.masks == plan.masks


def test_another_mask_makes_another_fingerprint_and_only_its_row_is_made_again(scan, seg):
    before = resolve(Options(), scan(seg))
    Image.fromarray(drawn(SIZES[2], 77).astype(np.uint8)).save(seg / "masks" / "2.png")
    now = resolve(Options(), scan(seg))
    assert now.fingerprint != before.fingerprint
    found = difference(before, now, {}, {})
    assert (found.changed.tolist(), found.redoable) == ([index == 2 for index in range(len(SIZES))], True)
    os.rename(seg / "masks" / "2.png", seg / "masks" / "2_mask.png")
    assert difference(now, resolve(Options(), scan(seg)), {}, {}).changed[2]


@pytest.mark.parametrize("fill", [0, 9])
def test_an_unfinished_run_goes_on(engine, scan, seg, tmp_path, monkeypatch, fill):
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 2)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    options = Options(fill=fill, buckets=2)
    plan, _report = converted(engine, scan(seg), tmp_path / "whole", options)
    with pytest.raises(Cancelled):
        engine.convert(plan, RunOptions(str(tmp_path / "stack")), StopAt(3))
    assert {"masks-20x32.npy", plan.buckets[0].mask.file} & set(os.listdir(tmp_path / "stack.partial"))
    report = engine.resume(str(tmp_path / "stack.partial"), Control())
    assert report.resumed_rows
    assert contents(tmp_path / "stack") == contents(tmp_path / "whole")


def test_a_damaged_byte_of_a_mask_is_found(engine, scan, seg, tmp_path):
    converted(engine, scan(seg), tmp_path / "stack")
    file = tmp_path / "stack" / "masks.npy"
    data = bytearray(file.read_bytes())
    row_bytes = 40 * 50
    begin = len(data) - len(SIZES) * row_bytes
    data[begin + 2 * row_bytes] ^= 1
    data[-1] ^= 1
    file.write_bytes(data)
    damage = [(found.file, found.row) for found in engine.verify(str(tmp_path / "stack"), Control()).damage]
    assert damage == [("images.npy", 2), ("masks.npy", len(SIZES) - 1)]


def test_a_mask_that_is_mended_repairs_its_row(engine, scan, seg, tmp_path):
    whole = (seg / "masks" / "2.png").read_bytes()
    converted(engine, scan(seg), tmp_path / "expected")
    (seg / "masks" / "2.png").write_bytes(whole[: len(whole) // 2])
    Image.fromarray(np.zeros((3, 4), np.uint8)).save(seg / "masks" / "4.png")
    _plan, report = converted(engine, scan(seg), tmp_path / "stack")
    assert [failure.row for failure in report.failures] == [2, 4]
    (seg / "masks" / "2.png").write_bytes(whole)
    retried = engine.retry_failed(str(tmp_path / "stack"), Control())
    assert (retried.repaired, [failure.row for failure in retried.failures]) == (1, [4])
    with open_stack(tmp_path / "stack") as stack, open_stack(tmp_path / "expected") as expected:
        assert np.array_equal(stack.masks[2], expected.masks[2])
        assert (stack.masks[4] == IGNORE).all()
    assert engine.verify(str(tmp_path / "stack"), Control(), deep=None).is_sound


def test_masks_are_exported(engine, scan, seg, tmp_path):
    converted(engine, scan(seg), tmp_path / "stack", Options(buckets=2))
    engine.export(str(tmp_path / "stack"), "npz", str(tmp_path / "all.npz"), Control())
    with np.load(tmp_path / "all.npz") as loaded, open_stack(tmp_path / "stack") as stack:
        for spec, array in zip(stack.all_specs[2:], stack.masks.arrays, strict=True):
            assert np.array_equal(loaded[Path(spec.file).stem], array)
        assert loaded["mask_numbers"].tolist() == [0, 1, 2, 3]


@settings(max_examples=30)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=20), st.booleans())
def test_numbers_of_every_dtype_become_the_same(values, is_open):
    known = tuple(sorted(set(values[: len(values) // 2 + 1])))
    form = MaskForm(
        keys=known, numbers=tuple(number % 7 for number in known), is_open=is_open, classes=(),
        ignore=2**16 - 1, missing=0, dtype="uint16",
    )  # fmt: skip
    keys = np.array([values])
    row = row_of(keys.shape, keys.shape, (0, 0), (0, 0, *keys.shape))
    outs = []
    for dtype in (np.uint16, np.int64):
        try:
            outs.append(rendered_mask(keys.astype(dtype), 1, row, form).tolist())
        except SampleError as error:
            outs.append(error.reason)
    assert outs[0] == outs[1]
    assert isinstance(outs[0], str) == (not is_open and not set(values) <= set(known))
