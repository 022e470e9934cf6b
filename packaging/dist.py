"""Build the wheel and the source distribution into ``dist/``, and check them.

::

    python3 packaging/dist.py
    python3 packaging/dist.py --test             # then run the tests against the wheel, not the checkout
    python3 packaging/dist.py --test -x -k plan  # what follows goes to pytest
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import environment
import system

if __name__ == "__main__":
    environment.refuse_old_python()
    given = sys.argv[1:]
    # Tests open windows; they do so nowhere.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    needs_qt = system.missing_for_qt(window=False) if "--test" in given else []
    system.provide(system.missing_for_setup() + needs_qt)
    environment.prepare("dist")
    sys.exit(environment.become([str(Path(__file__).with_name("building.py")), *given]))
