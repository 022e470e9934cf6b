"""Does the work: workers, scans, fills, previews, exports; also stores the presets. No Qt."""

from stackgui.engine.engine import Engine
from stackgui.engine.workers.control import Control

__all__ = ["Control", "Engine"]
