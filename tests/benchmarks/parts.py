"""The parts of the benchmark, each declared once: its name, what it does, and what it needs.

A new part is one more line in `PARTS`; its function yields a `Row` for each figure. A row that compares ways
of doing the same work is made by `measuring.paired` and `measuring.compared`, and the one that compares it
with what no program can beat by `Bench.bounds` and `measuring.bounded`. Everything else follows: what the
terminal shows, the JSON, the picture, the tables in the documents, and the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks import (
    annotating,
    archives,
    cluster,
    dragging,
    feeding,
    filling,
    looking,
    memory,
    rescaling,
    scale,
    scanning,
    slow,
    window,
    writing,
)
from tests.benchmarks.measuring import Bench, Row


@dataclass(frozen=True)
class Part:
    """What ``--only`` takes.

    Attributes
    ----------
    title : str
        What it measures, for the terminal and for the picture.
    run : callable
    expected_s : float
        How long it took with two processors of 2023, which tells how much time is left. No part may take more
        than two minutes, and all of them together no more than twelve.
    disk_gb : float
        What it takes on the disk at most, its pictures included.
    """

    title: str
    run: Callable[[Bench], Iterator[Row]]
    expected_s: float
    disk_gb: float = 0.5


PARTS: dict[str, Part] = {
    "small": Part("many small pictures", filling.small, 50, 1.5),
    "large": Part("photographs, padded", filling.large, 70, 4.0),
    "scaled": Part("photographs, scaled", rescaling.scaled, 45),
    "rescaled": Part("small pictures made larger, and 16 bits", rescaling.rescaled, 25, 1.0),
    "png": Part("PNG", filling.png, 32, 1.5),
    "tensors": Part("tensors", filling.tensors, 25, 2.5),
    "storages": Part("in memory, against a file", filling.storages, 28, 2.0),
    "scan": Part("looking at headers", scanning.scanning, 45),
    "archives": Part("archives, and rows in a shuffled order", archives.archives, 20, 1.5),
    "annotations": Part("reading annotations", annotating.annotations, 20),
    "memory": Part("memory", memory.memory, 35, 3.0),
    "scale": Part("plans of a million samples", scale.scale, 37, 2.0),
    "writer": Part("the one that writes", writing.writer, 10, 4.0),
    "feeding": Part("sixteen workers, one writer", feeding.feeding, 28, 1.5),
    "cluster": Part("on a cluster", cluster.cluster, 100, 1.5),
    "slow": Part("files that come slowly", slow.slow, 1),
    "window": Part("the window while it converts", window.window, 75, 2.0),
    "dragging": Part("the window while a line is dragged", dragging.dragging, 40),
    "looking": Part("the window of a large stack", looking.looking, 40, 3.0),
}
