"""Looking at stacks and at arrays that others made."""

from dataclasses import replace

import numpy as np
import pytest

import stackgui
from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StackguiError
from stackgui.core.base.natural import natural_key
from stackgui.core.catalog.selection import SizeRange
from stackgui.core.options.options import Options
from stackgui.core.plan.listing import Order, Standing, Wanted
from stackgui.core.viewing.opened import Reading
from stackgui.engine import Control
from stackgui.engine.viewing import thumbs as showing
from stackgui.engine.viewing.find import find
from stackgui.engine.viewing.rows import view_rows
from stackgui.engine.viewing.thumbs import large, thumbs
from stackgui.stores.format.manifest_look import ManifestLook
from tests.looking import make_stack


@pytest.fixture(params=Layout)
def folder(request, tmp_path):
    return make_stack(tmp_path / "out", Options(layout=request.param, buckets=2))


@pytest.fixture
def viewed(folder):
    rows = view_rows(str(folder), Reading(), Control())
    yield rows
    rows.close()


def test_every_row_is_seen_as_the_reader_has_it(folder, viewed):
    with stackgui.open_stack(folder) as stack:
        assert viewed.opened.rows == len(stack)
        assert viewed.opened.failed == 1
        for row in range(len(stack)):
            seen = large(viewed, row)
            own = stack[row]
            upright = own.transpose(1, 2, 0) if stack.layout is Layout.NCHW else own
            assert np.array_equal(seen.pixels, upright)
            assert seen.facts.placement == tuple(stack.placements[row])
            assert seen.facts.file == stack.files[row]
            assert (seen.facts.reason != "") == (not stack.valid[row])


def test_thumbnails_hold_the_picture_without_its_padding(viewed):
    made = thumbs(viewed, range(viewed.opened.rows), 32, Control())
    assert [each.thumb.row for each in made] == list(range(viewed.opened.rows))
    for each in made:
        if not each.facts.reason:
            assert each.thumb.pixels.shape[:2] == each.thumb.placement[2:]
            assert max(each.thumb.row_px) <= 32


@pytest.mark.parametrize(("number", "is_drawn"), [(255, False), (1, True)])
def test_a_picture_without_a_mask_has_no_veil_over_it(viewed, monkeypatch, number, is_drawn):
    mask = lambda _row, part, step: np.full((-(-part[2] // step), -(-part[3] // step)), number, np.uint8)  # noqa: E731
    monkeypatch.setattr(viewed, "mask", mask)
    made = [
        each for each in thumbs(viewed, range(viewed.opened.rows), 32, Control()) if not each.facts.reason
    ]
    assert made
    assert all((each.thumb.mask is not None) is is_drawn for each in made)


def test_huge_rows_are_thinned_out(viewed, monkeypatch):
    monkeypatch.setattr(showing, "LARGE_PX", 20)
    whole, thin = (large(viewed, 0) for _ in range(2))
    assert thin.step > 1
    assert max(thin.pixels.shape[:2]) <= 20
    monkeypatch.undo()
    whole = large(viewed, 0)
    assert np.array_equal(whole.pixels[:: thin.step, :: thin.step], thin.pixels)


@pytest.mark.parametrize(
    ("wanted", "keeps"),
    [
        (Wanted(text="cat 1"), lambda f: "cat" in f.name and "1" in f.name),
        (Wanted(text="CAT"), lambda f: "cat" in f.name),
        (Wanted(label="dog"), lambda f: f.label == "dog"),
        (Wanted(label="dog", text="2"), lambda f: f.label == "dog" and "2" in f.name),
        (Wanted(label="no such"), lambda _: False),
        (Wanted(standing=Standing.BLANK), lambda f: f.reason != ""),
        (Wanted(standing=Standing.SOUND), lambda f: f.reason == ""),
        (Wanted(sizes=SizeRange(1, 40, 1, 1000)), lambda f: 1 <= f.placement[2] <= 40),
    ],
)
def test_rows_are_found(viewed, wanted, keeps):
    facts = viewed.facts(range(viewed.opened.rows))
    found = find(viewed, wanted, Control())
    assert found.some(0, found.count) == [each.row for each in facts if keeps(each)]


@pytest.mark.parametrize("kept", [[], [0], [6, 6, 1], [9], list(range(8))])
@pytest.mark.parametrize("wanted", [Wanted(label="dog"), Wanted(text="no such")])
def test_rows_that_are_kept_are_found_among_the_others(viewed, kept, wanted):
    found = find(viewed, wanted, Control())
    more = find(viewed, wanted, Control(), kept)
    rows = {*found.some(0, found.count), *(row for row in kept if row < viewed.opened.rows)}
    assert more.some(0, more.count) == sorted(rows)
    by_name = find(viewed, replace(wanted, order=Order.NAME), Control(), kept)
    assert set(by_name.some(0, by_name.count)) == rows


def test_rows_whose_pictures_are_gone_are_found_without_the_manifest(tmp_path, monkeypatch):
    rows = view_rows(str(make_stack(tmp_path / "pets", gone=(1, 4))), Reading(), Control())
    assert rows.opened.gone == 2
    assert [each.row for each in rows.facts(range(7)) if each.is_gone] == [1, 4]
    monkeypatch.setattr(ManifestLook, "lines", None)
    found = find(rows, Wanted(standing=Standing.GONE), Control())
    assert found.some(0, found.count) == [1, 4]
    rows.close()


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (Order.LABEL, lambda f: f.label or "~"),
        (Order.WIDTH, lambda f: f.placement[3]),
        (Order.AREA, lambda f: f.placement[2] * f.placement[3]),
        (Order.NAME, lambda f: natural_key(f.name.rsplit("/", 1)[-1])),
        (Order.ROW, lambda f: f.row),
    ],
)
@pytest.mark.parametrize("descending", [False, True])
def test_rows_are_sorted(viewed, order, key, descending):
    facts = viewed.facts(range(viewed.opened.rows))
    found = find(viewed, Wanted(order=order, descending=descending), Control())
    keys = [key(facts[row]) for row in found.some(0, found.count)]
    if order is Order.LABEL and descending:
        keys = [each for each in keys if each != "~"]
    assert keys == sorted(keys, reverse=descending)
    assert sorted(found.some(0, found.count)) == list(range(viewed.opened.rows))


ARRAY = np.random.default_rng(0).integers(0, 60_000, (6, 12, 20, 3)).astype(np.uint16)


def save_zarr(path, array):
    zarr = pytest.importorskip("zarr")
    zarr.open_group(path, mode="w").create_array("images", data=array, chunks=(2, *array.shape[1:]))


WRITERS = {
    "plain.npy": np.save,
    "fortran.npy": lambda path, array: np.save(path, np.asfortranarray(array)),
    "stored.npz": lambda path, array: np.savez(path, labels=np.arange(6), images=array),
    "packed.npz": lambda path, array: np.savez_compressed(path, labels=np.arange(6), images=array),
    "store.zarr": save_zarr,
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("axes", ["NHWC", "NCHW"])
def test_arrays_of_others_open_too(tmp_path, name, axes):
    array = ARRAY if axes == "NHWC" else ARRAY.transpose(0, 3, 1, 2)
    WRITERS[name](tmp_path / name, np.array(array, order="C"))
    rows = view_rows(str(tmp_path / name), Reading(), Control())
    assert rows.opened.reading.axes == axes
    assert (rows.opened.rows, rows.opened.channels, rows.opened.sizes) == (6, 3, ((12, 20),))
    for row in (5, 0, 3):
        assert np.array_equal(large(rows, row).pixels, ARRAY[row])
    assert len(thumbs(rows, range(6), 16, Control())) == 6
    rows.close()


def test_what_axes_mean_can_be_changed(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((30, 40, 3), np.uint8))
    for axes, opened in (("", (1, 3)), ("HWC", (1, 3)), ("NHW", (30, 1)), ("CHW", (1, 30))):
        rows = view_rows(str(tmp_path / "a.npy"), Reading(axes=axes), Control())
        assert (rows.opened.rows, rows.opened.channels) == opened
        assert rows.opened.readings == ("HWC", "CHW", "NHW")
        rows.close()


@pytest.mark.parametrize(
    ("array", "said"),
    [(np.zeros(5), "no pictures"), (np.array(["a"]), "no numbers"), (np.zeros((0, 4, 4, 3)), "is empty")],
)
def test_what_holds_no_pictures_is_refused(tmp_path, array, said):
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(StackguiError, match=said):
        view_rows(str(tmp_path / "a.npy"), Reading(), Control())


@pytest.mark.parametrize("name", ["cut.npy", "cut.npz", "none.npy", "folder"])
def test_what_is_damaged_or_not_there_is_said(tmp_path, name):
    if name.startswith("cut"):
        (tmp_path / name).write_bytes(b"\x93NUMPY\x01\0")
    if name == "folder":
        (tmp_path / name).mkdir()
    with pytest.raises(StackguiError):
        view_rows(str(tmp_path / name), Reading(), Control())
