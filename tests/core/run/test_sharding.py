"""How arrays are cut into shards: those of the same rows alike."""

from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.sharding import CHUNK_BYTES, SHARD_BYTES, Grid, grids

SIDE = st.integers(1, 9000)


def pictures(rows: int, height: int, width: int, channels: int, dtype: str = "uint8") -> ArraySpec:
    return ArraySpec("images.npy", (rows, height, width, channels), dtype)


@given(
    st.integers(1, 10**7), SIDE, SIDE, st.integers(1, 300),
    st.sampled_from(["uint8", "float64"]), st.sampled_from(["uint8", "uint16", "uint32"]),
)  # fmt: skip
def test_a_shard_has_the_same_rows_of_both_arrays(rows, height, width, channels, dtype, mask_dtype):
    arrays = [
        pictures(rows, height, width, channels, dtype),
        ArraySpec("masks.npy", (rows, height, width), mask_dtype),
    ]
    found = grids(arrays)
    assert len({grid.shard for grid in found}) == 1
    for spec, grid in zip(arrays, found, strict=True):
        assert grid.shard % grid.chunk == 0
        assert grid.chunk * spec.row_bytes <= CHUNK_BYTES or grid.chunk == 1
        assert grid.shard * spec.row_bytes <= SHARD_BYTES or grid.shard == 1
        assert grid.shard < 2 * rows, "no shard is larger than what there is, but for its last chunk"
    large, small = sorted(found, key=lambda grid: grid.chunk)
    assert small.chunk % large.chunk == 0


@given(st.integers(1, 10**7), SIDE, SIDE, st.integers(1, 300))
def test_pictures_alone_are_cut_as_ever(rows, height, width, channels):
    """Unfinished stacks of before go on with the shards that they have."""
    spec = pictures(rows, height, width, channels)
    chunk = max(1, min(rows, CHUNK_BYTES // spec.row_bytes))
    chunks = max(1, min(-(-rows // chunk), SHARD_BYTES // (chunk * spec.row_bytes)))
    assert grids([spec]) == [Grid(chunk, chunk * chunks)]


def test_masks_leave_shards_of_pictures_almost_as_large_as_they_were():
    arrays = [pictures(10**6, 224, 224, 3), ArraySpec("masks.npy", (10**6, 224, 224), "uint8")]
    assert grids(arrays[:1]) == [Grid(1, 222)]
    assert grids(arrays) == [Grid(1, 220), Grid(5, 220)]
