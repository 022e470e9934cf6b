"""Files as cameras make them, written with tifffile."""

import io

import numpy as np
import tifffile

_SENSOR = 32803
_BYTE, _TEXT, _SHORT, _RATIO, _SIGNED_RATIO = 1, 2, 3, 5, 10


def ratios(*values: float) -> list[int]:
    return [part for value in values for part in (round(value * 10_000), 10_000)]


def sensor_tags(orientation: int = 1) -> list[tuple]:
    """What says how the numbers of a sensor become colours."""
    return [
        (274, _SHORT, 1, orientation, True),
        (33421, _SHORT, 2, (2, 2), True),
        (33422, _BYTE, 4, bytes([0, 1, 1, 2]), True),
        (50717, _SHORT, 1, 4095, True),
        (50721, _SIGNED_RATIO, 9, ratios(1, 0, 0, 0, 1, 0, 0, 0, 1), True),
        (50728, _RATIO, 3, ratios(0.5, 1, 0.5), True),
        (50778, _SHORT, 1, 21, True),
    ]


def dng(sensor: np.ndarray, orientation: int = 1, thumbnail: np.ndarray | None = None) -> bytes:
    """A DNG of 12 bits, of which the thumbnail comes first where there is one."""
    marks = [
        (50706, _BYTE, 4, bytes([1, 4, 0, 0]), True),
        (50708, _TEXT, 0, "Test camera", True),
        (271, _TEXT, 0, "Test", True),
        (272, _TEXT, 0, "Camera", True),
    ]
    tags = sensor_tags(orientation)
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        if thumbnail is None:
            writer.write(sensor, photometric=_SENSOR, metadata=None, extratags=marks + tags)
        else:
            first = {"subfiletype": 1, "subifds": 1, "extratags": marks + tags}
            writer.write(thumbnail, photometric="rgb", metadata=None, **first)
            writer.write(sensor, photometric=_SENSOR, subfiletype=0, metadata=None, extratags=tags[1:])
    return stream.getvalue()


def like_cameras(sensor: np.ndarray, thumbnail: np.ndarray) -> dict[str, bytes]:
    """TIFF files that are no DNG, with the sensor's picture in all the places where cameras put it."""
    made = {}
    for name, kind, below in (("reduced first", 1, 1), ("full first", 0, 1), ("behind", 0, 0)):
        stream = io.BytesIO()
        with tifffile.TiffWriter(stream) as writer:
            extra = {"subfiletype": kind, "extratags": [(271, _TEXT, 0, "NIKON", True)]}
            writer.write(thumbnail, photometric="rgb", metadata=None, subifds=below, **extra)
            writer.write(sensor, photometric=_SENSOR, metadata=None, extratags=sensor_tags())
        made[name] = stream.getvalue()
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        writer.write(sensor, photometric=_SENSOR, metadata=None, extratags=sensor_tags())
        writer.write(thumbnail, photometric="rgb", metadata=None)
    return made | {"sensor first": stream.getvalue()}
