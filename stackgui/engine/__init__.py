"""Makes it happen: workers, scan, fill, previews. No Qt."""

from stackgui.engine.engine import Engine
from stackgui.engine.workers.control import Control

__all__ = ["Control", "Engine"]
