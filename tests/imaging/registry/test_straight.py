"""What decodes many pictures by few calls agrees with what decodes each by itself."""

import contextlib
import io
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stackgui import imaging
from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.scan_options import ScanOptions

HEIGHT, WIDTH = 24, 40
RANDOM = np.random.default_rng(3)


def _jpeg(colours: str = "RGB", size: tuple[int, int] = (HEIGHT, WIDTH), **options) -> bytes:
    stream = io.BytesIO()
    pixels = RANDOM.integers(0, 256, (*size, len(colours)) if len(colours) > 1 else size, np.uint8)
    Image.fromarray(pixels, colours).save(stream, "JPEG", **options)
    return stream.getvalue()


def _turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 3
    return _jpeg(exif=exif)


KINDS = {
    "ordinary": _jpeg(),
    "of other tables": _jpeg(quality=30, subsampling=0),
    "progressive": _jpeg(progressive=True),
    "grey": _jpeg("L"),
    "of inks": _jpeg("CMYK"),
    "turned": _turned(),
    "higher": _jpeg(size=(HEIGHT + 8, WIDTH)),
    "on its side": _jpeg(size=(WIDTH, HEIGHT)),
    "with zeros at its end": _jpeg()[:-2] + bytes(9) + b"\xff\xd9",
    "without its end": _jpeg()[:-2],
    "cut off": _jpeg()[:-200],
    "cut off in its header": _jpeg()[:100],
    "empty": b"",
    "no picture": b"no picture",
}


def _told(decode) -> object:
    """What decoding gives: pixels and doubts, or why there are none."""
    imaging.take_doubts()
    try:
        pixels = decode()
    except SampleError as error:
        return error.reason
    return pixels if pixels is None else (pixels.tobytes(), imaging.take_doubts())


def _agrees(data: bytes, straight: imaging.Straight, decode: imaging.Decode, channels: int) -> bool:
    """Compare both ways, and return whether the quick one is one for this picture."""
    shape = (HEIGHT, WIDTH, channels)
    out = np.zeros(shape, np.uint8)
    quick = _told(lambda: out if straight(data, out) else None)
    if quick is None:
        return False
    assert quick == _told(lambda: decode(data, np.zeros(shape, np.uint8)))
    return True


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_both_ways_give_the_same(channels):
    decode = imaging.Decode("jpeg", channels=channels)
    straight = decode.straight((HEIGHT, WIDTH, channels))
    quick = {name for name, data in KINDS.items() if _agrees(data, straight, decode, channels)}
    broken = {"cut off", "with zeros at its end"}
    of_colours = {"ordinary", "of other tables", "progressive", "without its end", *broken}
    if channels == 1:
        assert "grey" in quick
        assert not quick & of_colours
    else:
        assert quick >= of_colours
        assert not quick & {"of inks", "turned", "higher", "on its side"}


@given(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=12))
def test_nothing_stays_of_the_pictures_before(names):
    decode = imaging.Decode("jpeg", channels=3)
    straight = decode.straight((HEIGHT, WIDTH, 3))
    together = [_agrees(KINDS[name], straight, decode, 3) for name in names]
    alone = [_agrees(KINDS[name], decode.straight((HEIGHT, WIDTH, 3)), decode, 3) for name in names]
    assert together == alone


def test_a_picture_above_the_limit_is_refused_as_ever():
    decode = imaging.Decode("jpeg", channels=3)
    straight, before = decode.straight((HEIGHT, WIDTH, 3)), imaging.most_px()
    imaging.allow_px(HEIGHT * WIDTH - 1)
    try:
        assert _agrees(KINDS["ordinary"], straight, decode, 3)
        with pytest.raises(SampleError, match="limit"):
            straight(KINDS["ordinary"], np.zeros((HEIGHT, WIDTH, 3), np.uint8))
    finally:
        imaging.allow_px(before)


@pytest.mark.parametrize(
    "how",
    [
        {"at_least": (8, 8)},
        {"to_srgb": True},
        {"part": imaging.Part(1)},
        {"taken": imaging.registry.registry.Taken.INDICES},
    ],
    ids=["draft", "sRGB", "second picture", "indices"],
)
def test_whatever_is_not_plain_is_decoded_one_by_one(how):
    assert imaging.Decode("jpeg", channels=3, **how).straight((HEIGHT, WIDTH, 3)) is None
    assert imaging.Decode("png", channels=3).straight((HEIGHT, WIDTH, 3)) is None


def _tensor(shape, dtype, order="C", cut=0, seed=0) -> bytes:
    file = io.BytesIO()
    numbers = np.random.default_rng(seed).integers(0, 200, shape).astype(dtype)
    np.save(file, np.asarray(numbers, order=order))
    return file.getvalue()[: len(file.getvalue()) - cut]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([(5, 6, 3), (5, 6), (3, 5, 6), (5, 6, 4), (6, 5, 3), (4, 5, 6, 3), (30,), ()]),
            st.sampled_from(["u1", "<u2", ">u2", "?", "<f4", "<c8", "O"]),
            st.sampled_from("CF"),
            st.sampled_from([0, 0, 0, 1, 80]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([(5, 6, 3), (5, 6, 1), (5, 6, 4)]),
    st.sampled_from(["u1", "<u2"]),
    st.sampled_from(TensorLayout),
)
@settings(max_examples=200, deadline=None)
def test_tensors_become_what_they_become_alone(kinds, shape, dtype, layout):
    part = imaging.Part(0, ScanOptions(tensor_layout=layout))
    decode = imaging.Decode("npy", channels=shape[2], part=part)
    straight = decode.straight(shape)
    for seed, (own, kind, order, cut) in enumerate(kinds):
        data = _tensor(own, kind, order, 0 if kind == "O" else cut, seed)
        out = np.zeros(shape, dtype)
        try:
            alone = decode(data)
        except SampleError as error:
            # What cannot be decoded is told in the same words, or left to whoever decodes it alone.
            with contextlib.suppress(SampleError):
                assert not straight(data, out)
                continue
            with pytest.raises(SampleError, match=re.escape(error.reason)):
                straight(data, out)
            continue
        if straight(data, out):
            assert (alone.shape, alone.dtype) == (shape, out.dtype)
            assert np.array_equal(alone, out)


def test_most_tensors_are_copied_straight():
    straight = imaging.Decode("npy", channels=3).straight((5, 6, 3))
    for seed in range(3):
        data, out = _tensor((5, 6, 3), "u1", seed=seed), np.zeros((5, 6, 3), np.uint8)
        assert straight(data, out)
        assert out.tobytes() == data[-90:]
    assert not straight(_tensor((5, 6, 4), "u1"), out)
    assert straight(data, out)
    with pytest.raises(SampleError, match="shorter"):
        straight(data[:-1], out)
