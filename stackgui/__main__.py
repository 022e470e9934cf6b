"""Without arguments the window; with a sub-command headless."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from stackgui import ending


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the program; returns its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if arguments is None:  # otherwise the process is somebody else's
        ending.stand_by(as_json="--json" in given)
    if given:
        from stackgui import cli  # noqa: PLC0415 - headless must not load the window, nor the reverse

        return cli.main(given)
    return _show_window()


def _show_window() -> int:
    import shutil  # noqa: PLC0415 - what is imported before requests to end are heard delays that

    from stackgui import system  # noqa: PLC0415

    if not system.has_display():
        return _tell(system.without_screen("stackgui"))
    try:
        from stackgui.gui.app.app import main as window  # noqa: PLC0415
    except ImportError as error:
        # Qt's own libraries are looked for as it is imported.
        return _tell(system.without_window(str(error), has_apt=shutil.which("apt-get") is not None))
    return window()


def _tell(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
