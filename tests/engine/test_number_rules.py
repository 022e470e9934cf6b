"""Numbers on their way from files of several kinds into one array."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from stackgui.core.base.choices import Channels, NonFinite, Numbers, Reduce, Scale
from stackgui.core.base.errors import PlanError
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control

DEEP = np.array([[0, 1, 257, 65535]], np.uint16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "D"
    made.mkdir()
    return made


@pytest.fixture
def stack_of(engine, scan, folder, tmp_path):
    """What a grey stack of `folder` holds: its rows, the reasons of failures, and its header."""

    def run(**choices):
        plan = resolve(Options(**{"channels": Channels.GREY} | choices), scan(folder))
        out = tmp_path / "stack"
        report = engine.convert(plan, RunOptions(str(out), replace=out.exists()), Control())
        rows = np.load(out / "images.npy")[:, 0, :, 0]
        return (
            rows,
            [failure.reason for failure in report.failures],
            json.loads((out / "stack.json").read_text()),
        )

    return run


def grey(values, dtype=np.uint8) -> np.ndarray:
    return np.array([values], dtype)


def save(folder: Path, name: str, pixels: np.ndarray) -> None:
    if name.endswith(".npy"):
        np.save(folder / name, pixels)
    elif name.endswith(".tif"):
        tifffile.imwrite(folder / name, pixels)
    else:
        Image.fromarray(pixels).save(folder / name)


# Values that are kept


@pytest.mark.parametrize("name", ["m.npy", "m.png", "m.tif"])
@pytest.mark.parametrize("scale", [Scale.UNIT, Scale.NONE])
def test_ids_that_fit_are_kept(stack_of, folder, name, scale):
    save(folder, name, grey([0, 1, 2], np.uint16))
    rows, failures, _ = stack_of(dtype=Numbers.UINT8, reduce=Reduce.NONE, scale=scale)
    assert failures == []
    assert rows.tolist() == [[0, 1, 2]]
    scaled, _, _ = stack_of(dtype=Numbers.UINT8)
    assert scaled.tolist() == [[0, 0, 0]]


@pytest.mark.parametrize(
    "dtype", ["uint8", "uint16", "uint32", "int16", "int64", "float32", "float64", "bool"]
)
@pytest.mark.parametrize("want", [Numbers.UINT8, Numbers.UINT16, Numbers.FLOAT16, Numbers.FLOAT32])
def test_ids_of_every_kind_are_kept_in_every_kind(stack_of, folder, dtype, want):
    values = [0, 1, 1, 0] if dtype == "bool" else [0, 1, 21, 255]
    save(folder, "m.npy", grey(values).astype(dtype))
    rows, failures, _ = stack_of(dtype=want, reduce=Reduce.NONE)
    assert failures == []
    assert rows.dtype == want.value
    assert rows.tolist() == [values]


def test_what_does_not_fit_is_a_failed_row_that_says_why(stack_of, folder):
    save(folder, "a.npy", grey([0, 300, 7], np.uint16))
    save(folder, "b.npy", grey([-1000, 0, 3071], np.int16))
    save(folder, "c.npy", grey([0, 0.5, 1], np.float32))
    save(folder, "d.npy", grey([5, 6, 7], np.int32))
    rows, failures, _ = stack_of(dtype=Numbers.UINT8, reduce=Reduce.NONE)
    limits = "and uint8 holds 0 to 255 (--dtype auto or --reduce min-max lead on)"
    assert failures == [
        f"its values are from 0 to 300, {limits}",
        f"its values are from -1,000 to 3,071, {limits}",
        "it has values with a fraction, such as 0.5, which uint8 cannot hold (--dtype float32 can)",
    ]
    assert rows.tolist() == [[0, 0, 0]] * 3 + [[5, 6, 7]]


def test_the_other_rules_name_the_one_that_keeps(stack_of, folder):
    save(folder, "a.npy", grey([0, 1, 2], np.int16))
    with pytest.raises(
        PlanError, match=r"only by the rule min-max .*none, which keeps values that fit \(--reduce none\)"
    ):
        stack_of(dtype=Numbers.UINT8)


def test_none_leaves_floats_their_values_but_for_mean_and_deviation(stack_of, folder):
    save(folder, "a.npy", grey([2, 4, 6], np.uint8))
    rows, _, _ = stack_of(dtype=Numbers.FLOAT32, reduce=Reduce.NONE)
    assert rows.tolist() == [[2, 4, 6]]
    rows, _, header = stack_of(dtype=Numbers.FLOAT32, reduce=Reduce.NONE, scale=Scale.MEASURED)
    np.testing.assert_allclose(rows, [(np.array([2, 4, 6]) - 4) / np.std([2, 4, 6])], rtol=1e-6)
    assert header["plan"]["measured"]["mean"] == [4.0]


@pytest.mark.parametrize("scale", [Scale.SIGNED, Scale.BYTES])
def test_a_range_without_black_and_white_is_refused(stack_of, folder, scale):
    save(folder, "a.npy", grey([2, 4, 6], np.uint8))
    with pytest.raises(PlanError, match=f"The scale {scale} has to know which integers are black and white"):
        stack_of(dtype=Numbers.FLOAT32, reduce=Reduce.NONE, scale=scale)
    save(folder, "a.npy", grey([0, 0.5, 1], np.float32))  # these are from 0 to 1 by every rule
    rows, _, _ = stack_of(dtype=Numbers.FLOAT32, reduce=Reduce.NONE, scale=scale)
    assert rows.tolist() == [[-1, 0, 1] if scale is Scale.SIGNED else [0, 127.5, 255]]


# One range


@pytest.mark.parametrize("dtype", [Numbers.AUTO, Numbers.UINT16])
def test_pictures_of_eight_and_sixteen_bits_come_into_one_range(stack_of, folder, dtype):
    save(folder, "a.png", grey([0, 1, 128, 255]))
    save(folder, "b.png", DEEP)
    rows, failures, _ = stack_of(dtype=dtype)
    assert failures == []
    assert rows.tolist() == [[0, 257, 128 * 257, 65535], DEEP[0].tolist()]
    kept, _, _ = stack_of(dtype=dtype, reduce=Reduce.NONE)
    assert kept.tolist() == [[0, 1, 128, 255], DEEP[0].tolist()]


@pytest.mark.parametrize(
    ("choices", "eight", "sixteen"),
    [
        ({"dtype": Numbers.UINT8}, [0, 1, 128, 255], [0, 0, 1, 255]),
        ({"dtype": Numbers.FLOAT32}, np.float32([0, 1, 128, 255]) / 255, DEEP[0] / np.float32(65535)),
        ({"dtype": Numbers.FLOAT32, "scale": Scale.NONE}, [0, 1, 128, 255], DEEP[0]),
        ({"reduce": Reduce.FILE_DEPTH}, [0, 257, 128 * 257, 65535], DEEP[0]),
    ],
)
def test_so_they_do_in_every_kind_of_array_unless_it_was_chosen_otherwise(
    stack_of, folder, choices, eight, sixteen
):
    save(folder, "a.tif", grey([0, 1, 128, 255]))
    save(folder, "b.tif", DEEP)
    rows, failures, _ = stack_of(**choices)
    assert failures == []
    np.testing.assert_array_equal(rows, [eight, sixteen])


@pytest.mark.parametrize("dtype", [Numbers.AUTO, Numbers.UINT16])
def test_pictures_of_one_depth_and_tensors_keep_their_numbers(stack_of, folder, dtype):
    save(folder, "a.png", grey([0, 1, 128, 255]))
    save(folder, "b.png", grey([9, 1, 128, 255]))
    save(folder, "c.npy", DEEP)
    rows, _, _ = stack_of(dtype=dtype)
    assert rows.tolist() == [[0, 1, 128, 255], [9, 1, 128, 255], DEEP[0].tolist()]


def test_among_pictures_of_two_depths_tensors_keep_theirs(stack_of, folder):
    save(folder, "a.png", grey([0, 1, 128, 255]))
    save(folder, "b.png", DEEP)
    save(folder, "c.npy", grey([0, 1, 2, 3]))
    rows, _, _ = stack_of()
    assert rows.tolist() == [[0, 257, 128 * 257, 65535], DEEP[0].tolist(), [0, 1, 2, 3]]


def test_twelve_bits_of_sixteen_are_joined_by_what_their_files_say(stack_of, folder):
    (folder / "a.pgm").write_bytes(b"P5 4 1 4095\n" + np.array([0, 1, 2048, 4095], ">u2").tobytes())
    save(folder, "b.png", grey([0, 1, 128, 255]))
    save(folder, "c.png", DEEP)
    rows, failures, _ = stack_of(reduce=Reduce.FILE_DEPTH)
    assert failures == []
    expected = [np.rint(np.array([0, 1, 2048, 4095]) / 4095 * 65535), [0, 257, 128 * 257, 65535], DEEP[0]]
    np.testing.assert_array_equal(rows, expected)


def is_sound(engine, stack: Path) -> bool:
    """Whether all rows are made again in the same way."""
    report = engine.verify(str(stack), Control(), deep=None)
    return report.is_sound and report.decoded > 0 and report.not_compared == ()


def test_a_stack_of_two_depths_is_verified_against_its_files(engine, stack_of, folder, tmp_path):
    save(folder, "a.png", grey([0, 1, 128, 255]))
    save(folder, "b.png", DEEP)
    stack_of()
    assert is_sound(engine, tmp_path / "stack")


def test_a_repaired_picture_of_another_depth_stays_out_of_a_finished_stack(
    engine, stack_of, folder, tmp_path
):
    save(folder, "a.png", grey([0, 1, 128, 255]))
    (folder / "b.png").write_bytes((folder / "a.png").read_bytes()[:-20])
    rows, failures, _ = stack_of(dtype=Numbers.UINT16)
    assert (rows.tolist()[0], len(failures)) == ([0, 1, 128, 255], 1)
    save(folder, "b.png", DEEP)
    report = engine.retry_failed(str(tmp_path / "stack"), Control())
    assert [failure.reason for failure in report.failures] == [
        "its white is now 65,535, but that of the other pictures in its stack is 255"
    ]
    save(folder, "b.png", grey([7, 7, 7, 7]))
    assert engine.retry_failed(str(tmp_path / "stack"), Control()).failures == ()
    assert np.load(tmp_path / "stack" / "images.npy")[1, 0, :, 0].tolist() == [7, 7, 7, 7]
    assert is_sound(engine, tmp_path / "stack")


def test_a_repaired_picture_among_those_of_two_depths_is_brought_to_their_range(
    engine, stack_of, folder, tmp_path
):
    save(folder, "a.png", grey([0, 1, 128, 255]))
    save(folder, "b.png", DEEP)
    (folder / "c.png").write_bytes((folder / "a.png").read_bytes()[:-20])
    stack_of()
    save(folder, "c.png", grey([7, 7, 7, 7]))
    assert engine.retry_failed(str(tmp_path / "stack"), Control()).failures == ()
    assert np.load(tmp_path / "stack" / "images.npy")[2, 0, :, 0].tolist() == [7 * 257] * 4
    assert is_sound(engine, tmp_path / "stack")


def test_a_repaired_sample_without_limits_stays_out(engine, stack_of, folder, tmp_path):
    save(folder, "a.npy", grey([0, 1, 128, 255]))
    (folder / "b.npy").write_bytes(b"damaged")
    _, failures, header = stack_of(dtype=Numbers.UINT8, reduce=Reduce.MIN_MAX)
    assert (len(failures), header["plan"]["measured"]) == (1, None)
    save(folder, "b.npy", DEEP)
    report = engine.retry_failed(str(tmp_path / "stack"), Control())
    assert [failure.reason for failure in report.failures] == [
        "its numbers are now uint16, for which its stack of uint8 has no limits"
    ]


# What must not decide for others


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("policy", [NonFinite.KEEP, NonFinite.ERROR])
def test_a_sample_refused_for_what_is_not_finite_sets_no_limits(stack_of, folder, value, policy):
    save(folder, "a.npy", grey([10, 20, 60], np.float32))
    save(folder, "b.npy", grey([-5000, value, 90000], np.float32))
    rows, failures, header = stack_of(dtype=Numbers.UINT8, reduce=Reduce.MIN_MAX, non_finite=policy)
    assert len(failures) == 1
    assert "not finite" in failures[0]
    assert (header["plan"]["measured"]["low"], header["plan"]["measured"]["high"]) == (10, 60)
    assert rows.tolist() == [[0, 51, 255], [0, 0, 0]]


def test_one_that_gets_a_row_does(stack_of, folder):
    save(folder, "a.npy", grey([10, 20, 60], np.float32))
    save(folder, "b.npy", grey([0, np.nan, 100], np.float32))
    choices = {"reduce": Reduce.MIN_MAX, "non_finite": NonFinite.ZERO}
    rows, failures, _ = stack_of(dtype=Numbers.UINT8, **choices)
    assert failures == []
    assert rows.tolist() == [[26, 51, 153], [0, 0, 255]]
    rows, failures, _ = stack_of(dtype=Numbers.FLOAT32, reduce=Reduce.MIN_MAX)
    assert failures == []
    np.testing.assert_allclose(rows, [[0.1, 0.2, 0.6], [0, np.nan, 1]], rtol=1e-6)


def test_mean_and_deviation_are_those_of_what_gets_a_row(stack_of, folder):
    save(folder, "a.npy", grey([10, 20, 60], np.float32))
    save(folder, "b.npy", grey([-5000, np.nan, 90000], np.float32))
    choices = {"scale": Scale.MEASURED, "non_finite": NonFinite.ERROR}
    _, failures, header = stack_of(dtype=Numbers.FLOAT32, **choices)
    assert len(failures) == 1
    assert header["plan"]["measured"]["mean"] == [30.0]


def test_true_is_white(stack_of, folder):
    save(folder, "a.npy", np.array([[True, False, True]]))
    rows, _, _ = stack_of(dtype=Numbers.FLOAT32)
    assert rows.tolist() == [[1, 0, 1]]
    rows, _, _ = stack_of()
    assert (rows.tolist(), rows.dtype) == ([[1, 0, 1]], np.uint8)
