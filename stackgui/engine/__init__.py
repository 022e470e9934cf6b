"""Does the work: workers, scans, fills, previews, exports; also stores the presets. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stackgui.engine.engine import Engine
    from stackgui.engine.workers.control import Control

__all__ = ["Control", "Engine"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - its type depends on the name
    """Load the engine on first use: a worker needs none, and would take a fifth longer to start with it."""
    if name == "Engine":
        from stackgui.engine.engine import Engine  # noqa: PLC0415

        return Engine
    if name == "Control":
        from stackgui.engine.workers.control import Control  # noqa: PLC0415

        return Control
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
