"""Makes it happen: workers, scan, fill, previews, exports; and keeps the presets. No Qt."""

from stackgui.engine.engine import Engine
from stackgui.engine.workers.control import Control

__all__ = ["Control", "Engine"]
