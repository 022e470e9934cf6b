"""Code that loads a stack is run by the libraries that it is for, as far as they are installed."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

import stackgui
from stackgui import open_stack
from stackgui.core.base.errors import UsageError
from stackgui.core.run.loading import LIBRARIES, snippet
from tests.stores.stack.test_stack import write_stack

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}

CHECKS = {
    "torch": """
found = {}
for batch in loader:
    for image, target in batch if isinstance(batch, list) and isinstance(batch[0], tuple) else pairs(*batch):
        found[int(target["row"])] = [
            image.permute(1, 2, 0).double().sum(1).tolist(),
            int(target["label"]),
            target["boxes"].tolist() if "boxes" in target else None,
            target["mask"].tolist() if "mask" in target else None,
        ]
""",
    "tensorflow": """
found = [
    [image.numpy().astype(float).sum(1).tolist(), int(label)] for image, label in dataset.unbatch()
]
""",
    "jax": """
found = [
    [np.asarray(image).astype(float).sum(1).tolist(), int(label)]
    for images, of_batch in batches() for image, label in zip(images, of_batch)
]
""",
}
PAIRS = """
def pairs(images, targets):
    for at, image in enumerate(images):
        yield image, {name: values[at] for name, values in targets.items()}
"""


def run(*lines: str, needs: tuple[str, ...]) -> object:
    """Run code in a process of its own, and return what it found."""
    for name in needs:
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    code = "\n".join([PAIRS, *lines, "import json; print(json.dumps(found))"])
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | QUIET, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def plain(tmp_path):
    """A stack of one array with labels and nothing else."""
    write_stack(tmp_path / "it's a “stack”")
    return tmp_path / "it's a “stack”"


def code_for(engine, folder, library):
    return snippet(engine.loadable(str(folder)), library)


def sums(stack, row):
    return np.asarray(stack[row], np.float64).sum(1).tolist()


def test_numpy_loads_everything_by_name(engine, stacks):
    names: dict = {}
    exec(code_for(engine, stacks("everything"), "numpy"), names)
    with open_stack(stacks("everything")) as stack:
        for spec, array in zip(stack.specs, stack.arrays, strict=True):
            np.testing.assert_array_equal(names[spec.file.removesuffix(".npy").replace("-", "_")], array)
        assert names["classes"] == stack.classes
        for name, table in {
            "labels": stack.labels,
            "splits": stack.splits,
            "boxes": stack.objects.box,
        }.items():
            np.testing.assert_array_equal(names[name], table)


@pytest.mark.parametrize("library", ["tensorflow", "jax"])
@pytest.mark.parametrize("kind", ["plain", "everything"])
def test_batches_hold_the_rows_of_an_array(engine, stacks, plain, library, kind):
    folder = plain if kind == "plain" else stacks(kind)
    found = run(code_for(engine, folder, library), CHECKS[library], needs=(library,))
    with open_stack(folder) as stack:
        chosen = stack.valid if stack.splits is None else stack.valid & (stack.splits == 0)
        rows = [row for row in np.flatnonzero(chosen).tolist() if stack.place(row)[0] == 0]
        assert sorted(found) == sorted([sums(stack, row), int(stack.labels[row])] for row in rows)
        assert rows


@pytest.mark.parametrize("kind", ["plain", "everything"])
def test_a_dataset_of_torch_holds_rows_with_boxes_and_masks(engine, stacks, plain, kind):
    folder = plain if kind == "plain" else stacks(kind)
    needs = ("torch",) if kind == "plain" else ("torch", "torchvision")
    found = run(code_for(engine, folder, "torch"), CHECKS["torch"], needs=needs)
    with open_stack(folder) as stack:
        chosen = stack.valid if stack.splits is None else stack.valid & (stack.splits == 0)
        check_rows(stack, found, np.flatnonzero(chosen).tolist())


def check_rows(stack, found, rows):
    assert sorted(map(int, found)) == rows
    for row in rows:
        pixels, label, boxes, mask = found[str(row)]
        assert pixels == sums(stack, row)
        assert label == stack.labels[row]
        assert boxes == (None if stack.objects is None else stack.boxes(row).tolist())
        assert mask == (None if stack.masks is None else stack.masks[row].tolist())


def test_workers_of_torch_map_the_rows_for_themselves(stacks):
    code = f"""
import stackgui
from torch.utils.data import DataLoader
dataset = stackgui.torch_dataset({str(stacks("everything"))!r})
dataset[0]
loader = DataLoader(dataset, batch_size=4, num_workers=2, collate_fn=list, multiprocessing_context="spawn")
"""
    found = run(code, CHECKS["torch"], needs=("torch",))
    with open_stack(stacks("everything")) as stack:
        check_rows(stack, found, np.flatnonzero(stack.valid).tolist())


def test_a_part_can_be_chosen(stacks, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())  # only rows are asked for
    with open_stack(stacks("everything")) as stack:
        dataset = stackgui.torch_dataset(stack.path, stack.parts[1])
        assert dataset.rows.tolist() == np.flatnonzero(stack.valid & (stack.splits == 1)).tolist()
        assert len(dataset) == len(dataset.rows)
        with pytest.raises(UsageError, match="There is no part “dev”; choose one of train"):
            stackgui.torch_dataset(stack.path, "dev")


def test_without_torch_it_says_so(stacks, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match="needs PyTorch"):
        stackgui.torch_dataset(stacks("everything"))


def test_every_library_has_code_for_every_stack(engine, stacks, plain):
    for folder in (plain, stacks("everything"), stacks("halves")):
        for library in LIBRARIES:
            compile(code_for(engine, folder, library), library, "exec")
