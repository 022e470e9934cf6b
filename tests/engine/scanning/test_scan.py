import numpy as np
import pytest
from PIL import Image, ImageOps

from stackgui.core.base.errors import Cancelled
from stackgui.core.run.progress import ScanProgress
from stackgui.engine import Control
from stackgui.engine.scanning import file_batches, tally
from stackgui.engine.scanning import scan as scanning


def test_headers_agree_with_the_pictures(pictures, scan):
    catalog = scan(pictures)
    assert len(catalog) == 16
    for sample in np.flatnonzero(catalog.usable).tolist():
        file = catalog.file(sample)
        if file.endswith(".npy"):
            found, channels = (22, 28), 3
        elif file.endswith("broken.png"):
            found, channels = (64, 64), 3
        else:
            with Image.open(file) as opened:
                upright = ImageOps.exif_transpose(opened)
            found, channels = upright.size[::-1], len(upright.getbands())
        assert (catalog.height[sample], catalog.width[sample]) == found
        assert catalog.channels[sample] == channels
        assert catalog.dtype[sample] == "uint8"
    turned = [catalog.path[sample] for sample in np.flatnonzero(catalog.orientation != 1)]
    assert turned == ["dog/turned.jpg"]


def test_several_sources_keep_the_order_they_were_picked_in(pictures, scan):
    catalog = scan(pictures / "dog", pictures / "cat")
    assert catalog.sources == (str(pictures / "dog"), str(pictures / "cat"))
    assert catalog.source.tolist() == sorted(catalog.source.tolist())
    assert catalog.path[0] == "0.jpg"
    assert catalog.file(len(catalog) - 1) == str(pictures / "cat" / "grey.png")


def test_content_decides_and_not_the_name(tmp_path, scan):
    Image.new("RGB", (5, 4)).save(tmp_path / "picture.txt", "PNG")
    Image.new("RGB", (5, 4)).save(tmp_path / "no-ending", "JPEG")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "table.csv").write_text("a,b")
    (tmp_path / "web-page.jpg").write_text("<html></html>")
    (tmp_path / "empty.jpg").write_bytes(b"")
    catalog = scan(tmp_path)
    usable = {catalog.path[sample]: catalog.format[sample] for sample in np.flatnonzero(catalog.usable)}
    assert usable == {"picture.txt": "png", "no-ending": "jpeg"}
    problems = {catalog.path[sample]: catalog.problem[sample] for sample in np.flatnonzero(~catalog.usable)}
    assert set(problems) == {"web-page.jpg", "empty.jpg"}
    assert problems["empty.jpg"] == "the file is empty"
    assert catalog.skipped.kind.counts() == {"not pictures": 2}
    assert list(catalog.skipped.detail) == [".txt", ".csv"]


def test_a_folder_without_pictures_gives_an_empty_catalog(tmp_path, scan):
    catalog = scan(tmp_path)
    assert len(catalog) == 0
    assert len(catalog.skipped) == 0


def test_more_files_than_a_batch_stay_in_order(tmp_path, scan):
    tile = Image.new("L", (3, 2))
    for index in range(700):
        tile.save(tmp_path / f"{index}.png")
    catalog = scan(tmp_path)
    assert list(catalog.path) == [f"{index}.png" for index in range(700)]
    assert set(catalog.height.tolist()) == {2}


def test_progress_ends_with_all_files(pictures, engine):
    control: Control[ScanProgress] = Control()
    engine.scan([str(pictures)], control)
    assert control.snapshot is not None
    assert control.snapshot.samples_read == control.snapshot.samples_found == 16
    assert not control.snapshot.searching


def test_a_cancelled_scan_says_so(pictures, engine):
    control: Control[ScanProgress] = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        engine.scan([str(pictures)], control)


def test_every_hostile_file_is_a_row_or_a_skip(hostile, scan):
    catalog = scan(hostile)
    files = [file for file in hostile.rglob("*") if file.is_file()]
    assert len(files) == 941
    assert len(catalog) + len(catalog.skipped) == len(files)
    assert set(catalog.skipped.kind.counts()) == {"not pictures"}
    assert all(catalog.problem[sample] for sample in np.flatnonzero(~catalog.usable))


def test_what_is_no_picture_is_called_by_its_name(tmp_path, scan):
    (tmp_path / "a.svg").write_text("<svg xmlns='x'/>")
    (tmp_path / "b.eps").write_text("%!PS-Adobe-3.0 EPSF-3.0\n")
    (tmp_path / "c").write_text("%PDF-1.7\n")
    (tmp_path / "d.txt").write_text("text")
    told = [".svg, a drawing (SVG)", ".eps, a drawing (PostScript)", "a document (PDF)", ".txt"]
    assert list(scan(tmp_path).skipped.detail) == told


def test_figures_grow_while_a_scan_goes_on(pictures, engine, monkeypatch):
    monkeypatch.setattr(tally, "FIRST_OVERVIEW_S", 0)
    monkeypatch.setattr(tally, "OVERVIEW_S", 0)
    monkeypatch.setattr(tally, "OVERVIEW_SHARE", 0)
    monkeypatch.setattr(scanning, "FILES_PER_BATCH", 3)
    monkeypatch.setattr(file_batches, "MAX_RUN_FILES", 3)
    control, shown = Control(), []
    publish = control.publish
    control.publish = lambda progress: (shown.append(progress.statistics), publish(progress))
    catalog = engine.scan([str(pictures)], control, overview=True)
    counts = [statistics.samples for statistics in shown if statistics is not None]
    assert counts == sorted(counts)
    assert 0 < counts[0] < counts[-1] <= len(catalog)


def test_a_scan_that_nobody_watches_works_out_no_figures(pictures, engine):
    control, shown = Control(), []
    control.publish = lambda progress: shown.append(progress.statistics)
    engine.scan([str(pictures)], control)
    assert set(shown) == {None}
