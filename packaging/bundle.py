"""Build StackGUI as one folder that needs no Python: ``build/bundle/stackgui``.

::

    python3 packaging/bundle.py              # build it, and print what it consists of
    python3 packaging/bundle.py --sizes      # print that of the one that is there

Whoever gets the folder starts ``stackgui`` in it. ``packaging/deb.py`` makes a package for Debian and Ubuntu
of it, and ``packaging/try_installed.py`` tries either.
"""

from __future__ import annotations

import sys
from pathlib import Path

import environment
import system

if __name__ == "__main__":
    environment.refuse_old_python()
    system.provide(system.missing_for_setup() + system.missing_for_qt(window=True))
    environment.prepare("dist")
    sys.exit(environment.become([str(Path(__file__).with_name("bundling.py")), *sys.argv[1:]]))
