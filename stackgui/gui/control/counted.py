"""What is known of the objects of a screen's plan without counting them in the window's thread."""

from __future__ import annotations

from stackgui.core.plan.objects_taken import ObjectsTaken, objects_taken, taken_without
from stackgui.gui.control.problems import failed_since
from stackgui.gui.control.screen import Screen


def counted_objects(screen: Screen) -> ObjectsTaken | None:
    """Return what becomes of the objects of a screen's plan; None without any, or while they are counted.

    The job that looks for warnings counts them, and the plan keeps the result. Those of pictures that could
    not be read since are counted as lost.
    """
    plan = screen.plan
    taken = objects_taken(plan) if plan is not None and screen.warned_of is plan else None
    return None if plan is None or taken is None else taken_without(plan, taken, failed_since(screen))
