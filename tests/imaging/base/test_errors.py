"""Whatever a decoder raises becomes one plain sentence fragment."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import SampleError
from stackgui.imaging import NotAPicture
from stackgui.imaging.base.errors import as_sample_error
from stackgui.imaging.base.limits import TooLarge, allow_px, check_claim, check_size, most_px


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "more memory than is allowed .--sample-memory"),
        (MemoryError("Unable to allocate 7.45 GiB for an array"), "asked for 7.45 GiB at once"),
        (EOFError(), "ends in the middle"),
        (OSError("image file is truncated (3 bytes not processed)"), "ends in the middle"),
        (ValueError("Corrupt JPEG data: premature end of data segment"), "ends in the middle"),
        (RuntimeError("IDAT: CRC error"), r"damaged \(IDAT: CRC error\)"),
        (OSError("cannot identify image file <_io.BytesIO object at 0x7f00>"), "damaged$"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "damaged$"),
        (TypeError("'<' not supported between instances of 'int' and 'str'"), "damaged$"),
        (ZeroDivisionError("division by zero"), "damaged$"),
        (KeyError("tag"), "damaged$"),
        (SampleError("as it is"), "^as it is$"),
    ],
)
def test_reasons(error, reason):
    with pytest.raises(SampleError, match=reason):
        raise as_sample_error(error)


@given(st.text(max_size=300))
def test_any_message_gives_one_short_printable_line(message):
    reason = as_sample_error(ValueError(message)).reason
    assert reason.isprintable()
    assert 0 < len(reason) < 150


def test_findings_cross_a_process_boundary():
    error = pickle.loads(pickle.dumps(NotAPicture("it is something else")))
    assert isinstance(error, NotAPicture)
    assert error.reason == "it is something else"


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-1, 5), (2**14 + 1, 2**14), (1, 2**28 + 1)])
def test_sizes_out_of_bounds_are_refused(size):
    with pytest.raises(SampleError):
        check_size(*size)


def test_what_is_just_possible_passes():
    check_size(2**14, 2**14)
    check_size(1, most_px())
    check_claim(100, 100, 5, 5)
    with pytest.raises(SampleError, match="cannot hold"):
        check_claim(101, 100, 5, 5)


def test_the_limit_of_pixels_can_be_set_and_is_named_with_its_option():
    with pytest.raises(TooLarge, match=r"it claims 20,000 × 20,000 pixels, .* 268 million; --sample-pix"):
        check_size(20_000, 20_000)
    before = most_px()
    try:
        allow_px(400_000_000)
        check_size(20_000, 20_000)
        with pytest.raises(TooLarge, match="than the limit of 400 million"):
            check_size(20_000, 20_001)
    finally:
        allow_px(before)
