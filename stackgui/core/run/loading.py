"""Python that loads a stack, with its own names, for the libraries that people train with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from stackgui.core.base.addresses import is_address
from stackgui.core.base.choices import Layout
from stackgui.core.plan.outputs import loading
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.loading_from import MEANINGS, ZARR_AT, ZARR_LOADS, Holds, naming


@dataclass(frozen=True, slots=True)
class Loadable:
    """What code that loads a stack has to know of it.

    Attributes
    ----------
    path : str
    arrays : tuple of ArraySpec
    layout : Layout
    masks : tuple of ArraySpec
    labels : bool
        Whether rows have labels.
    several : bool
        Whether a row may have several of them.
    parts : tuple of str
        Parts of the split.
    boxes : bool
    targets : tuple of str
        Names of the numbers to learn.
    at_address : Holds
        All that a stack in a bucket holds.
    """

    path: str
    arrays: tuple[ArraySpec, ...]
    layout: Layout = Layout.NHWC
    masks: tuple[ArraySpec, ...] = ()
    labels: bool = False
    several: bool = False
    parts: tuple[str, ...] = ()
    boxes: bool = False
    targets: tuple[str, ...] = ()
    at_address: Holds = field(default_factory=lambda: Holds({}))


def _load(array: ArraySpec) -> str:
    return loading(array, f'stack / "{array.file}"')


def _name(array: ArraySpec) -> str:
    return array.file.rpartition(".")[0].replace("-", "_")


def _arrays(name: str, arrays: tuple[ArraySpec, ...]) -> Iterator[str]:
    """Yield the lines that map arrays of the rows of all sizes, in one list."""
    yield f"{name} = ["
    yield from (f"    {_load(array)},  # {array.shape}, {array.dtype}" for array in arrays)
    yield "]"


def _tables(stack: Loadable) -> Iterator[str]:
    yield f'valid = np.load(stack / "valid.npy")  # {MEANINGS["valid"]}'
    if stack.labels:
        meaning = "  # 1 for each class of a row" if stack.several else "  # -1 for none"
        yield f'labels = np.load(stack / "labels.npy"){meaning}'
        yield 'classes = json.loads((stack / "classes.json").read_text(encoding="utf-8"))'
    if stack.parts:
        yield f'splits = np.load(stack / "splits.npy")  # an index into {list(stack.parts)}, -1 for none'
    if stack.targets:
        yield f'targets = np.load(stack / "targets.npy")  # {list(stack.targets)}; NaN for none'
    if stack.boxes:
        yield f'boxes = np.load(stack / "boxes.npy")  # {MEANINGS["boxes"]}'
        yield 'box_classes = np.load(stack / "box_classes.npy")'
        yield 'box_offsets = np.load(stack / "box_offsets.npy")'
        yield "# The boxes of row 7 are boxes[box_offsets[7]:box_offsets[8]], and box_classes alike."


def _head(stack: Loadable, *imports: str) -> Iterator[str]:
    """Yield the imports, and where the stack is."""
    if stack.labels:
        yield "import json"
    yield "from pathlib import Path"
    yield ""
    yield from sorted(("import numpy as np", *imports), key=_order)
    yield ""
    yield f"stack = Path({stack.path!r})"


def _order(line: str) -> tuple[str, ...]:
    """Return what imports are sorted by: plain ones first."""
    return ((line.split(maxsplit=1)[0] == "from" and "1") or "0", line)


def _numpy(stack: Loadable) -> Iterator[str]:
    yield from _head(stack)
    for array in (*stack.arrays, *stack.masks):
        yield f"{_name(array)} = {_load(array)}  # {array.shape}, {array.dtype}"
    yield from _tables(stack)
    yield f'placements = np.load(stack / "placements.npy")  # {MEANINGS["placements"]}'


def _at_address(stack: Loadable) -> Iterator[str]:
    """Yield what opens a stack in a bucket, which any library can only read by way of Zarr."""
    yield ZARR_AT.format(target=repr(stack.path)).rstrip()
    yield from naming(stack.at_address, ZARR_LOADS)


_ENDS = "ends = np.cumsum([len(array) for array in arrays])  # row numbers go on from array to array"


def _torch(stack: Loadable) -> Iterator[str]:
    vision = ["from torchvision import tv_tensors"] if stack.boxes or stack.masks else []
    yield from _head(stack, "import torch", "from torch.utils.data import DataLoader, Dataset", *vision)
    yield from _tables(stack)
    yield ""
    yield ""
    yield "class Rows(Dataset):"
    yield '    """The rows that count; each worker maps the arrays for itself, with its first row."""'
    yield ""
    yield from _torch_init(stack)
    yield ""
    yield "    def __len__(self):"
    yield "        return len(self.rows)"
    yield ""
    yield "    def __getstate__(self):"
    yield '        return self.__dict__ | {"arrays": None, "masks": None}  # a worker gets no maps'
    yield ""
    yield "    def _open(self):"
    yield from (f"        {line}" for line in _arrays("self.arrays", stack.arrays))
    if stack.masks:
        yield from (f"        {line}" for line in _arrays("self.masks", stack.masks))
    yield "        self.ends = np.cumsum([len(array) for array in self.arrays])"
    yield ""
    yield "    def __getitem__(self, index):"
    yield from (f"        {line}" for line in _torch_item(stack))
    yield ""
    yield ""
    yield from _torch_use(stack)


def _torch_init(stack: Loadable) -> Iterator[str]:
    if stack.parts:
        yield "    def __init__(self, part=None):"
        yield f"        chosen = splits == {list(stack.parts)}.index(part) if part else np.True_"
        yield "        self.rows = np.flatnonzero(valid & chosen)"
    else:
        yield "    def __init__(self):"
        yield "        self.rows = np.flatnonzero(valid)"
    yield "        self.arrays = None"


def _torch_item(stack: Loadable) -> Iterator[str]:
    yield "if self.arrays is None:"
    yield "    self._open()"
    yield "row = int(self.rows[index])"
    yield 'place = int(np.searchsorted(self.ends, row, side="right"))'
    yield "at = row - (int(self.ends[place - 1]) if place else 0)"
    turned = ".permute(2, 0, 1)" if stack.layout is Layout.NHWC else ""
    yield f"image = torch.from_numpy(self.arrays[place][at].copy()){turned}  # channels, height, width"
    yield "target = {"
    yield '    "row": row,'
    if stack.labels:
        label = "torch.from_numpy(labels[row].copy())" if stack.several else "int(labels[row])"
        yield f'    "label": {label},'
    if stack.targets:
        yield '    "targets": torch.from_numpy(targets[row].copy()),'
    if stack.boxes:
        yield '    "boxes": tv_tensors.BoundingBoxes('
        yield "        torch.from_numpy(boxes[box_offsets[row] : box_offsets[row + 1]].copy()),"
        yield '        format="XYXY", canvas_size=tuple(image.shape[1:]),'
        yield "    ),"
        yield '    "labels": torch.from_numpy('
        yield "        box_classes[box_offsets[row] : box_offsets[row + 1]].astype(np.int64)"
        yield "    ),"
    if stack.masks:
        yield '    "mask": tv_tensors.Mask(torch.from_numpy(self.masks[place][at].copy())),'
    yield "}"
    yield "return image, target"


def _torch_use(stack: Loadable) -> Iterator[str]:
    part = f"{stack.parts[0]!r}" if stack.parts else ""
    yield f"dataset = Rows({part})"
    if stack.boxes or len(stack.arrays) > 1:
        yield "# Rows differ in what they hold, so a batch is a list of them."
        yield "loader = DataLoader(dataset, batch_size=32, shuffle=True, num_workers=0, collate_fn=list)"
    else:
        yield "loader = DataLoader(dataset, batch_size=32, shuffle=True, num_workers=0)"
    yield 'if __name__ == "__main__":  # several workers may be started by running this file again'
    yield "    batch = next(iter(loader))"


def _rows_in(stack: Loadable) -> str:
    """Return the expression for the rows to train with."""
    return "np.flatnonzero(valid & (splits == 0))" if stack.parts else "np.flatnonzero(valid)"


def _tensorflow(stack: Loadable) -> Iterator[str]:
    yield from _head(stack, "import tensorflow as tf")
    yield from _arrays("arrays", stack.arrays)
    yield from _tables(stack)
    yield _ENDS
    yield ""
    yield ""
    yield "def dataset_of(which, batch=32):"
    yield '    """Return the rows of one array as a dataset for Keras; a row is read when it is needed."""'
    yield "    array, first = arrays[which], int(ends[which]) - len(arrays[which])"
    yield f"    rows = {_rows_in(stack)}"
    yield "    rows = rows[(rows >= first) & (rows < ends[which])]"
    yield ""
    yield "    def read(row):"
    yield f"        return {'array[row - first], labels[row]' if stack.labels else 'array[row - first]'}"
    yield ""
    yield "    def shaped(row):"
    if stack.labels:
        yield "        image, label = tf.numpy_function(read, [row], (array.dtype, labels.dtype))"
        yield "        label.set_shape(labels.shape[1:])"
    else:
        yield "        image = tf.numpy_function(read, [row], array.dtype)"
    yield "        image.set_shape(array.shape[1:])"
    yield f"        return {'image, label' if stack.labels else 'image'}"
    yield ""
    yield "    shuffled = tf.data.Dataset.from_tensor_slices(rows).shuffle(max(1, len(rows)))"
    yield "    return shuffled.map(shaped, num_parallel_calls=tf.data.AUTOTUNE).batch(batch).prefetch(2)"
    yield ""
    yield ""
    yield "dataset = dataset_of(0)  # model.fit(dataset)"


def _jax(stack: Loadable) -> Iterator[str]:
    yield from _head(stack, "import jax.numpy as jnp")
    yield from _arrays("arrays", stack.arrays)
    yield from _tables(stack)
    yield _ENDS
    yield ""
    yield ""
    yield "def batches(which=0, size=32, seed=0):"
    yield '    """Yield batches of the rows of one array, in another order for each seed."""'
    yield "    first = int(ends[which]) - len(arrays[which])"
    yield f"    rows = {_rows_in(stack)}"
    yield "    rows = rows[(rows >= first) & (rows < ends[which])]"
    yield "    order = np.random.default_rng(seed).permutation(rows)"
    yield "    for begin in range(0, len(order), size):"
    yield "        chosen = np.sort(order[begin : begin + size])  # a disk reads faster in order"
    with_labels = ", jnp.asarray(labels[chosen])" if stack.labels else ""
    yield f"        yield jnp.asarray(arrays[which][chosen - first]){with_labels}"


_WRITERS: dict[str, tuple[str, Callable[[Loadable], Iterator[str]]]] = {
    "numpy": ("NumPy", _numpy),
    "torch": ("PyTorch", _torch),
    "tensorflow": ("TensorFlow, Keras", _tensorflow),
    "jax": ("JAX", _jax),
}

LIBRARIES: dict[str, str] = {name: title for name, (title, _) in _WRITERS.items()}
"""The libraries for which there is code, by the names that one types."""


def snippet(stack: Loadable, library: str) -> str:
    """Return Python code that loads a stack with one of `LIBRARIES`, and without StackGUI."""
    lines = _at_address(stack) if is_address(stack.path) else _WRITERS[library][1](stack)
    return "\n".join(lines) + "\n"
