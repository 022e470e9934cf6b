"""Small finished stacks to look at."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from stackgui.core.base.choices import Storage
from stackgui.core.options.options import Options
from stackgui.core.plan.row_changes import RowChanges
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.stores.stack.stack import StackWriter
from tests.making import make_plan

SIZES = [(30, 40), (60, 30), (25, 25), (50, 50), (44, 12), (16, 48), (40, 40)]
NAMES = [
    "cat/cat-1.png",
    "cat/cat-2.png",
    "dog/dog-2.png",
    "dog/dog-12.png",
    "cat/cat-11.png",
    "dog/x.png",
    "top.png",
]
REASON = "the file ends in the middle of the picture"


def make_stack(folder: Path, options: Options | None = None, sizes=SIZES, names=NAMES, gone=()) -> Path:
    """A stack of random pixels without its third picture; those of its rows `gone` are no longer found."""
    plan = make_plan(sizes, options or Options(), path=list(names))
    if gone:
        marks = RowChanges.none_of(plan.rows)
        marks.gone[list(gone)] = True
        plan = replace(plan, row_changes=marks)
    writer = StackWriter.open(plan, RunOptions(str(folder)), Storage.FILE, {})
    random, row = np.random.default_rng(0), 0
    for store, bucket in zip(writer.stores, plan.buckets, strict=True):
        placement = plan.geometry(bucket, bucket.samples).placement
        valid = bucket.samples != 2
        pixels = [random.integers(1, 200, h * w * plan.channels, np.uint8) for *_, h, w in placement.tolist()]
        store.write(0, np.concatenate(pixels), placement, valid)
        reasons = {int(place): REASON for place in np.flatnonzero(~valid)}
        writer.outcomes.record(RowsDone(row, valid, np.zeros(len(valid), np.uint64), reasons))
        row += len(valid)
    writer.write_tables()
    writer.publish()
    if plan.row_changes is not None:
        header = json.loads((folder / "stack.json").read_text())
        (folder / "stack.json").write_text(json.dumps(header | {"row_changes": plan.row_changes.to_json()}))
    return folder
