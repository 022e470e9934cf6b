"""The pictures that the benchmark makes: the same from the same seed, and as heavy as real ones."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks import likeness, photographs
from tests.benchmarks.data import REAL, Pictures, files_in
from tests.shared_data import archive, unpack


def test_the_same_seed_makes_the_same_bytes():
    first = list(photographs.photographs(3)), list(photographs.thumbnails(5))
    photographs._waves.cache_clear()
    assert (list(photographs.photographs(3)), list(photographs.thumbnails(5))) == first
    assert len({*first[0], *first[1]}) == 8


@pytest.mark.parametrize("number", [0, 60, 130, 200])
def test_a_photograph_has_the_size_and_about_the_bytes_of_a_real_one(number):
    kind = photographs.kinds()[number]
    data = photographs.photograph(kind, number)
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (kind.width, kind.height))
        assert len(picture.getbands()) == kind.channels
    assert len(data) == pytest.approx(kind.size_bytes, rel=0.1)


def test_a_photograph_may_be_progressive():
    data = photographs.photograph(photographs.kinds()[0], 0, progressive=True)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.info["progressive"]


def test_waves_are_the_weaker_the_shorter_they_are():
    power = np.abs(np.fft.rfft2(photographs._waves(0.0))) ** 2
    length = np.hypot(*np.meshgrid(np.fft.fftfreq(1024), np.fft.rfftfreq(1024), indexing="ij"))
    rings = [power[(length > near) & (length < 2 * near)].mean() for near in (0.01, 0.04, 0.16)]
    assert rings[0] / rings[1] == pytest.approx(16, rel=0.2)
    assert rings[1] / rings[2] == pytest.approx(16, rel=0.2)


def test_pictures_are_made_where_no_real_ones_are_named(monkeypatch, tmp_path):
    monkeypatch.delenv(REAL, raising=False)
    pictures = Pictures(tmp_path, quick=True)
    assert pictures.about == "pictures made by the benchmark"
    assert len(files_in(pictures.photos)) == 12
    assert len(files_in(pictures.thumbnails)) == 48
    assert len(files_in(pictures.repeated(pictures.photos, 1))) == 12


def test_real_pictures_that_are_named_and_missing_are_told(monkeypatch, tmp_path):
    monkeypatch.setenv(REAL, str(tmp_path))
    with pytest.raises(FileNotFoundError, match="without that variable, pictures are made"):
        Pictures(tmp_path, quick=True)
    assert Pictures(tmp_path, quick=True, made=True).about == "pictures made by the benchmark"


@pytest.mark.data
@pytest.mark.skipif(not archive("photos").is_file(), reason="the shared pictures are not there")
def test_made_photographs_take_as_many_bits_as_real_ones(tmp_path):
    real = likeness._alike(unpack("photos", tmp_path))[5::25]
    kinds = photographs.kinds()
    made = [photographs.photograph(kinds[number], number) for number in range(5, 250, 25)]
    ways = {name: likeness.WAYS[name] for name in ("as they are", "JPEG, quality 75, 4:2:0", "PNG")}
    for each in likeness.compared([file.read_bytes() for file in real], made, ways, times=1):
        assert each.bits == pytest.approx(1, abs=0.2), each.way
