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
from stackgui.core.base.choices import Layout
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


def skip_without(*needs: str) -> None:
    for name in needs:
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")


def run(*lines: str, needs: tuple[str, ...]) -> object:
    """Run code in a process of its own, and return what it found."""
    skip_without(*needs)
    code = "\n".join([PAIRS, *lines, "import json; print(json.dumps(found))"])
    return run_python("-c", code)


def run_script(script: os.PathLike[str], needs: tuple[str, ...]) -> object:
    """Run a file in a process of its own, and return what it found."""
    skip_without(*needs)
    return run_python(os.fspath(script))


def run_python(*arguments: str) -> object:
    done = subprocess.run(
        [sys.executable, *arguments], env=os.environ | QUIET, capture_output=True, text=True, check=False
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
        picture = stack[row] if stack.layout is Layout.NHWC else stack[row].transpose(1, 2, 0)
        assert pixels == np.asarray(picture, np.float64).sum(1).tolist()
        assert label == stack.labels[row]
        assert boxes == (None if stack.objects is None else stack.boxes(row).tolist())
        assert mask == (None if stack.masks is None else stack.masks[row].tolist())


LOADED = """
loader = DataLoader(dataset, batch_size=4, shuffle=True, collate_fn=list, **{how})
"""
WAYS = {
    "none": {"num_workers": 0},
    "spawn": {"num_workers": 2, "multiprocessing_context": "spawn"},
    "fork": {"num_workers": 2, "multiprocessing_context": "fork"},
}


@pytest.mark.parametrize(
    ("kind", "workers"),
    [*(("everything", way) for way in WAYS), ("channels first", "none"), ("halves", "spawn")],
)
def test_workers_of_torch_map_the_rows_for_themselves(stacks, workers, kind):
    """The parent has read a row, and so has maps that a worker must not take over."""
    begin = "import stackgui\nfrom torch.utils.data import DataLoader\n"
    made = f"dataset = stackgui.torch_dataset({str(stacks(kind))!r})\ndataset[0]"
    found = run(begin, made, LOADED.format(how=WAYS[workers]), CHECKS["torch"], needs=("torch",))
    with open_stack(stacks(kind)) as stack:
        check_rows(stack, found, np.flatnonzero(stack.valid).tolist())


@pytest.mark.parametrize("workers", WAYS)
def test_workers_take_the_rows_of_the_code_that_is_shown(engine, stacks, tmp_path, workers):
    """As a script, which each spawned worker runs again up to the line that it tells about."""
    shown = code_for(engine, stacks("everything"), "torch").partition("\nloader = ")[0]
    read = "\n".join([PAIRS, "dataset[0]", LOADED.format(how=WAYS[workers]), CHECKS["torch"]])
    read += "\nimport json\nprint(json.dumps(found))"
    script = tmp_path / "train.py"
    guarded = read.replace("\n", "\n    ")
    script.write_text(f'{shown}\n\nif __name__ == "__main__":\n    {guarded}\n', encoding="utf-8")
    found = run_script(script, needs=("torch", "torchvision"))
    with open_stack(stacks("everything")) as stack:
        check_rows(stack, found, np.flatnonzero(stack.valid & (stack.splits == 0)).tolist())


def test_rows_of_torch_are_tensors_that_transforms_know_and_can_be_pickled(stacks):
    code = f"""
import pickle
import stackgui, torch
from torchvision import tv_tensors
from torchvision.transforms import v2
dataset = stackgui.torch_dataset({str(stacks("everything"))!r}, "train")
dataset[0]
again = pickle.loads(pickle.dumps(dataset))
image, target = again[1]
moved, marked = v2.RandomHorizontalFlip(p=1)(tv_tensors.Image(image), target)
width = image.shape[2]
found = {{
    "kinds": [type(target[name]).__name__ for name in ("boxes", "mask", "labels")],
    "canvas": list(target["boxes"].canvas_size) == list(image.shape[1:]),
    "flipped": bool((marked["mask"] == target["mask"].flip(-1)).all() and (moved == image.flip(-1)).all()),
    "boxes": [bool((marked["boxes"][:, 0] == width - target["boxes"][:, 2]).all()), len(target["boxes"])],
    "same": bool((again[0][0] == dataset[0][0]).all()), "size": len(pickle.dumps(dataset)),
}}
"""
    found = run(code, needs=("torch", "torchvision"))
    assert found["kinds"] == ["BoundingBoxes", "Mask", "Tensor"]
    assert found["canvas"]
    assert found["flipped"]
    assert found["boxes"][0]
    assert found["same"]
    assert found["size"] < 2000, "no pixels are in it"


def test_keras_trains_with_the_code_that_is_shown(engine, plain):
    fit = """
model = tf.keras.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(2)])
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(loss=loss)
floats = dataset.map(lambda image, label: (tf.cast(image, tf.float32), label))
history = model.fit(floats, epochs=2, verbose=0)
found = [len(history.history["loss"]), list(dataset.element_spec[0].shape)]
"""
    found = run(code_for(engine, plain, "tensorflow"), fit, needs=("tensorflow",))
    with open_stack(plain) as stack:
        assert found == [2, [None, *stack.images.shape[1:]]]


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
