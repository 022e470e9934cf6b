"""Files as cameras and other programs leave them: rows, with what is odd about them counted."""

import io
import json
import zipfile

import numpy as np
from PIL import Image, ImageCms


def jpeg(**options: object) -> bytes:
    down, across = np.mgrid[:40, :56]
    pixels = np.stack([across * 4, down * 6, (across + down) * 2], axis=-1).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", **options)
    return stream.getvalue()


def test_stray_bytes_are_counted_and_kept_with_the_stack(stackgui, tmp_path):
    data = jpeg()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    stray = [
        data[:-2] + b"\0\0\0" + data[-2:],
        data[:20] + b"abc" + data[20:],
        data[:-2] + b"\0" * 90 + data[-2:],
    ]
    profiled = jpeg(icc_profile=profile)
    stray.append(profiled[:-2] + b"\0\0\0" + profiled[-2:])
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(data)
    for index, each in enumerate(stray):
        (folder / f"b{index}.jpg").write_bytes(each)
    (folder / "c.jpg").write_bytes(data[:-2])
    with zipfile.ZipFile(folder / "d.zip", "w") as archive:
        archive.writestr("inside.jpg", stray[0])
    ended = stackgui("convert", folder, "--out", tmp_path / "out", "--json")
    assert ended.status == 0
    found = {
        each["code"]: each for each in json.loads((tmp_path / "out" / "stack.json").read_text())["warnings"]
    }
    assert found["stray-bytes"]["count"] == 5
    assert [name.rsplit("/", 1)[-1] for name in found["stray-bytes"]["examples"]] == [
        "b0.jpg",
        "b1.jpg",
        "b2.jpg",
    ]
    assert found["no-end-mark"]["count"] == 1
    pixels = np.load(tmp_path / "out" / "images.npy")
    assert np.load(tmp_path / "out" / "valid.npy").all()
    assert (pixels == np.asarray(Image.open(io.BytesIO(data)))).all()
