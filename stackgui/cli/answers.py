"""How commands end."""

from __future__ import annotations

from typing import Any

from stackgui import ending

COMPLETE, FAILED, WRONG_USAGE, WITH_FAILURES, CANCELLED = 0, 1, 2, 3, ending.EXIT_STATUS
"""Exit statuses."""

Answer = tuple[int, dict[str, Any], list[str]]
"""Exit status, what ``--json`` prints, and the lines for people."""
