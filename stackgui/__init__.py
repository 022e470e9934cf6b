"""Turn folders of pictures into one NumPy array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack, open_stack
    from stackgui.stores.stack.torch_dataset import torch_dataset

__version__ = "0.1.0"

__all__ = ["Stack", "__version__", "open_stack", "torch_dataset"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - its type depends on the name
    """Load the reader on first use, which keeps ``import stackgui`` cheap."""
    if name in {"Stack", "open_stack"}:
        from stackgui.stores.stack import reader  # noqa: PLC0415

        return getattr(reader, name)
    if name == "torch_dataset":
        from stackgui.stores.stack.torch_dataset import torch_dataset  # noqa: PLC0415

        return torch_dataset
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
