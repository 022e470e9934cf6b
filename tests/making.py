"""Catalogs, plans and blocks of pixels that tests make up."""

from collections.abc import Sequence

import numpy as np

import stackgui.imaging  # noqa: F401 - estimates need the formats that it declares
from stackgui.core.base.choices import Layout
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.catalog.archive_location import ArchiveLocation
from stackgui.core.catalog.catalog import Catalog, unknown
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve


def make_catalog(sizes: Sequence[tuple[int, int]], **columns) -> Catalog:
    """A catalog of RGB pictures of `sizes` (height, width), but for the `columns` given."""
    count = len(sizes)
    height, width = np.array(sizes, np.int32).reshape(count, 2).T.copy()
    defaults = {
        **unknown(count),
        "sources": ("/pictures",),
        "path": [f"{index}.png" for index in range(count)],
        "height": height,
        "width": width,
        "channels": np.full(count, 3, np.int32),
        "dtype": Coded.constant("uint8", count),
        "format": Coded.constant("png", count),
        "file_bytes": np.arange(count, dtype=np.int64) + 1000,
        "mtime_ns": np.arange(count, dtype=np.int64) * 10**9 + 1_600_000_000 * 10**9,
        "skipped": Skipped(Paths.from_names([]), Coded.from_values([]), Coded.from_values([])),
    }
    made = defaults | columns
    made = {"folders": made["sources"], "archives": (), "inside": ArchiveLocation.none_of(count)} | made
    for name, value in made.items():
        if isinstance(value, list):
            made[name] = Paths.from_names(value) if name == "path" else _column(value, defaults[name])
    return Catalog(**made)


def _column(values: list, default):
    """`values` as a column of the kind that `default` is."""
    return Coded.from_values(values) if isinstance(default, Coded) else np.array(values, default.dtype)


def make_plan(sizes: Sequence[tuple[int, int]], options: Options | None = None, **columns) -> Plan:
    return resolve(options or Options(), make_catalog(sizes, **columns))


def sketches(kinds: list[int]) -> dict[str, object]:
    """Columns of samples that look alike if they are of one kind; 0 for those without a sketch."""
    rng = np.random.default_rng(7)
    of_kind = np.concatenate(([[0, 0]], rng.integers(1, 2**62, (max(kinds, default=0), 2))))
    coarse, fine = of_kind[np.array(kinds, np.int64)].T
    near = np.where(coarse != 0, coarse ^ (1 << np.arange(len(kinds)) % 4), 0)
    return {
        "sketch": near.tolist(),
        "fine_sketch": fine.tolist(),
        "scan_options": ScanOptions(near_duplicates=True),
    }


def make_blocks(plan: Plan, seed: int = 0) -> list[np.ndarray]:
    """Random pixels for each row of the plan's first bucket, laid out as the plan says."""
    random = np.random.default_rng(seed)
    bucket = plan.buckets[0]
    blocks = []
    for _, _, height, width in plan.geometry(bucket, bucket.samples).placement.tolist():
        nchw = plan.options.layout is Layout.NCHW
        shape = (plan.channels, height, width) if nchw else (height, width, plan.channels)
        blocks.append(random.integers(1, 200, shape).astype(plan.dtype))
    return blocks


def joined(blocks: Sequence[np.ndarray]) -> np.ndarray:
    """Blocks one after another as bytes, as a worker leaves them in a slot."""
    return np.frombuffer(b"".join(block.tobytes() for block in blocks), np.uint8)


def expected_array(plan: Plan, blocks: Sequence[np.ndarray], valid: np.ndarray) -> np.ndarray:
    """What the plan's first array should be, in the plainest way."""
    bucket = plan.buckets[0]
    array = np.full(bucket.array.shape, plan.options.fill, plan.dtype)
    placement = plan.geometry(bucket, bucket.samples).placement.tolist()
    for row, (top, left, height, width) in enumerate(placement):
        if valid[row] and plan.options.layout is Layout.NCHW:
            array[row, :, top : top + height, left : left + width] = blocks[row]
        elif valid[row]:
            array[row, top : top + height, left : left + width] = blocks[row]
    return array
