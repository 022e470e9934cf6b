"""What decodes many pictures by few calls agrees with what decodes each by itself."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError

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
