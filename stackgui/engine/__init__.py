"""Makes it happen: workers, scan, fill, previews. No Qt."""

from stackgui.engine.control import Control
from stackgui.engine.engine import Engine

__all__ = ["Control", "Engine"]
