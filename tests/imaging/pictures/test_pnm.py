"""PNM, PAM and PFM beyond what Pillow reads as it is; that they round-trip is tested with the others."""

import numpy as np
import pytest

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from tests.imaging.pnm_writing import big_pfm, pam, pfm, pnm, pnm_text

WRITERS = [pnm, pnm_text, pam, pfm, big_pfm]


def read(data: bytes) -> np.ndarray:
    """As a run does, after a look at no more than the start."""
    header = imaging.probe(data[:200], file_bytes=len(data))
    out = np.empty((header.height, header.width, header.channels), header.dtype)
    return imaging.decode(data, header.format, out=out)


@pytest.mark.parametrize("bits", range(9, 16))
@pytest.mark.parametrize("write", [pnm, pnm_text, pam])
def test_deep_numbers_stay_as_they_are_and_their_bits_are_told(write, bits, noise):
    pixels = noise(9, 11, 3, dtype="uint16") >> (16 - bits)
    data = write(pixels, 2**bits - 1)
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.dtype, header.bits) == ("uint16", bits)
    np.testing.assert_array_equal(read(data), pixels)


@pytest.mark.parametrize("most", [1, 3, 7, 15, 31, 63, 100, 127])
def test_few_bits_of_pam_are_widened_as_pillow_widens_those_of_pnm(most, noise, reference):
    pixels = noise(9, 11, 3) % (most + 1)
    np.testing.assert_array_equal(read(pam(pixels, most)), reference(pnm(pixels, most), "RGB"))


def test_black_and_white_of_pam_is_black_and_white():
    pixels = np.array([[0, 1, 1], [1, 0, 0]], np.uint8)
    np.testing.assert_array_equal(read(pam(pixels, 1, "BLACKANDWHITE"))[:, :, 0], pixels * 255)


def test_grey_float_maps_equal_pillow(noise, reference):
    pixels = noise(8, 5, dtype="float32")
    np.testing.assert_array_equal(read(pfm(pixels)), reference(pfm(pixels), "F"))


def test_comments_in_text_are_no_numbers():
    data = b"P2\n#one\n2 1 # two\n1000\n7 # eight 9\n1000 11"
    np.testing.assert_array_equal(read(data), [[[7], [1000]]])


@pytest.mark.parametrize("write", WRITERS)
def test_a_size_that_the_file_cannot_hold_is_refused_from_the_start_alone(write, noise):
    data = write(noise(40, 30, 3, dtype="float32" if write in (pfm, big_pfm) else "uint16"))
    data = data[: len(data) // 4]
    with pytest.raises(SampleError, match="cannot hold"):
        imaging.probe(data[:200], file_bytes=len(data))


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_that_lost_its_end_is_refused(write, noise):
    data = write(noise(20, 30, 3, dtype="float32" if write in (pfm, big_pfm) else "uint16"))
    with pytest.raises(SampleError, match=r"cannot hold|ends in the middle"):
        imaging.decode(data[:-9], "ppm")


@pytest.mark.parametrize("write", [pnm, pnm_text, pam])
def test_numbers_above_the_largest_are_refused(write):
    pixels = np.full((4, 5, 3), 700, np.uint16)
    pixels[2, 3, 1] = 1001
    with pytest.raises(SampleError, match="above 1,000"):
        imaging.decode(write(pixels, 1000), "ppm")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"P6 4 4 65536\n" + bytes(200), "largest number is 65,536"),
        (b"P6 0 4 65535\n" + bytes(200), "no picture"),
        (b"P6 90000 90000 65535\n" + bytes(200), "more than the limit"),
        (b"P2 2 1 1000\n7 x", "damaged"),
        (b"P2 2 1 1000\n7 1_0", "damaged"),
        (b"PF\n2 2\n0\n" + bytes(200), "header is damaged"),
        (b"PF\n2 2\nnan\n" + bytes(200), "header is damaged"),
        (b"PF\n2 2\n1e\n" + bytes(200), "header is damaged"),
        (b"P7\nWIDTH 2\nHEIGHT 2\nDEPTH 3\n" + bytes(200), "header is damaged"),
        (b"P7\nWIDTH 2\nHEIGHT 2\nDEPTH 3\nENDHDR\n" + bytes(200), "header is damaged"),
        (b"P7\nWIDTH 2\nHEIGHT x\nDEPTH 3\nMAXVAL 255\nENDHDR\n" + bytes(200), "header is damaged"),
        (b"P7\nWIDTH 2\nHEIGHT 2\nDEPTH 3\nMAXVAL 0\nENDHDR\n" + bytes(200), "header is damaged"),
    ],
)
def test_headers_that_cannot_be_are_refused(data, reason):
    with pytest.raises(SampleError, match=reason):
        imaging.decode(data, imaging.probe(data, file_bytes=len(data)).format)


def test_kinds_of_pam_that_are_no_pictures_are_refused_by_name(noise):
    with pytest.raises(SampleError, match="4 channels, CMYK, are not supported"):
        imaging.probe(data := pam(noise(3, 3, 4), kind="CMYK"), file_bytes=len(data))
    with pytest.raises(SampleError, match="header is damaged"):
        imaging.probe(data := pam(noise(3, 3, 4), kind="RGB"), file_bytes=len(data))
