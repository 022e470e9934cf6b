"""A finished stack as a dataset for PyTorch."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say
from stackgui.stores.stack.reader import Stack, open_stack


def torch_dataset(path: str | os.PathLike[str], part: str = "") -> TorchDataset:
    """Return the rows of the stack in the folder `path` as a dataset for `torch.utils.data.DataLoader`.

    Parameters
    ----------
    path
    part
        Name of a part of the split, such as ``"train"``; by default all rows.

    Examples
    --------
    >>> rows = torch_dataset("pets", "train")  # doctest: +SKIP
    >>> loader = DataLoader(rows, batch_size=32, num_workers=2, collate_fn=list)  # doctest: +SKIP

    Leave out ``collate_fn`` where rows have no boxes and all the same size: then batches are tensors.

    Raises
    ------
    UsageError
        When PyTorch is not installed, or there is no such part.
    StackguiError
        When there is no stack, or it is damaged.
    """
    if importlib.util.find_spec("torch") is None:
        raise UsageError(
            say("This needs PyTorch, which is not installed. Install it as https://pytorch.org says.")
        )
    with open_stack(path) as stack:
        return TorchDataset(stack.path, _rows(stack, part))


def _rows(stack: Stack, part: str) -> NDArray[np.int64]:
    if not part:
        return np.flatnonzero(stack.valid)
    if stack.splits is None or part not in stack.parts:
        raise UsageError(
            say("There is no part “{part}”; choose one of {parts}.", part=part, parts=", ".join(stack.parts))
            if stack.parts
            else say("The stack has no parts.")
        )
    return np.flatnonzero(stack.valid & (stack.splits == stack.parts.index(part)))


class TorchDataset:
    """Valid rows of a stack, each as a picture and what is known of it; made by `torch_dataset`.

    Each worker of a loader maps the files for itself, when it reads its first row.

    Attributes
    ----------
    path : str
    rows : int64, shape (n,)
        Row numbers in the stack.
    """

    def __init__(self, path: str, rows: NDArray[np.int64]) -> None:
        self.path, self.rows = path, rows
        self._stack: Stack | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_stack": None}

    def __getitem__(self, index: int) -> tuple[Any, dict[str, Any]]:
        """Return a picture, a tensor of shape (C, H, W), and what is known of it.

        Returns
        -------
        picture : Tensor
            The whole row, padding included, with the numbers of the stack.
        target : dict
            ``row``, and as far as the stack has them: ``label`` (a number; for several labels, a tensor with
            1 for each class), ``targets``, ``boxes`` (left, top, right, bottom), ``labels`` (the class of
            each box) and ``mask``. Boxes and masks are `tv_tensors` if torchvision is installed.
        """
        import torch  # noqa: PLC0415 - not a dependency

        if self._stack is None:
            self._stack = open_stack(self.path)
        stack, row = self._stack, int(self.rows[index])
        picture = torch.from_numpy(np.array(stack[row]))
        if stack.layout is Layout.NHWC:
            picture = picture.permute(2, 0, 1)
        target: dict[str, Any] = {"row": row}
        if stack.labels is not None:
            label = stack.labels[row]
            target["label"] = torch.from_numpy(label.copy()) if label.ndim else int(label)
        if stack.targets is not None:
            target["targets"] = torch.from_numpy(stack.targets[row].copy())
        if stack.objects is not None:
            boxes = torch.from_numpy(np.array(stack.boxes(row)))
            target["boxes"] = _boxes(boxes, tuple(picture.shape[1:]))
            target["labels"] = torch.from_numpy(
                stack.objects.category[stack.objects.of_row(row)].astype(np.int64)
            )
        if stack.masks is not None:
            target["mask"] = _mask(torch.from_numpy(np.array(stack.masks[row])))
        return picture, target


def _boxes(boxes: Any, size: tuple[int, int]) -> Any:  # noqa: ANN401 - types of PyTorch
    if importlib.util.find_spec("torchvision") is None:
        return boxes
    from torchvision import tv_tensors  # noqa: PLC0415 - not a dependency

    return tv_tensors.BoundingBoxes(boxes, format="XYXY", canvas_size=size)


def _mask(mask: Any) -> Any:  # noqa: ANN401 - as above
    if importlib.util.find_spec("torchvision") is None:
        return mask
    from torchvision import tv_tensors  # noqa: PLC0415 - as above

    return tv_tensors.Mask(mask)
