"""Without arguments the window; with a sub-command headless."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the program; returns its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given:
        from stackgui import cli  # noqa: PLC0415 - headless must not load the window, nor the reverse

        return cli.main(given)
    from stackgui.gui.app import main as window  # noqa: PLC0415

    return window(given)


if __name__ == "__main__":
    sys.exit(main())
