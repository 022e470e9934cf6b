"""Converting on a cluster, for which the benchmark needs Dask."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.measuring import Bench, Row


def cluster(bench: Bench) -> Iterator[Row]:
    """Photographs scaled by two workers, by one and without a cluster; then what a run and a task cost."""
    from tests.benchmarks.clustered import clustered

    return clustered(bench)
