"""Make of the bundle in ``build/bundle`` what people download.

On Windows that is a portable ZIP and an installer, on macOS a disk image. They go to ``dist/``.

::

    python3 packaging/bundle.py && python3 packaging/installer.py
    python3 packaging/installer.py --for windows    # elsewhere, with NSIS, of a bundle made on Windows

They are signed if the environment names a certificate; see ``for_windows.py`` and ``for_macos.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import environment
import system

if __name__ == "__main__":
    environment.refuse_old_python()
    system.provide(system.missing_for_setup())
    environment.prepare("run")
    given = sys.argv[1:]
    wanted = given[1] if given[:1] == ["--for"] and len(given) > 1 else sys.platform
    script = {"win32": "for_windows.py", "windows": "for_windows.py", "darwin": "for_macos.py"}.get(wanted)
    if script is None:
        sys.exit("On Linux, packaging/deb.py makes the package. For Windows, add: --for windows")
    sys.exit(environment.become([str(Path(__file__).with_name(script))]))
