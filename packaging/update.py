"""Renew the pins in ``packaging/pins``, run the tests, and write what has changed.

::

    python3 packaging/update.py                        # the newest versions of everything
    python3 packaging/update.py --keep                 # only what pyproject.toml asks for now
    python3 packaging/update.py --no-tests --write changes.md
"""

from __future__ import annotations

import sys
from pathlib import Path

import environment
import system

if __name__ == "__main__":
    environment.refuse_old_python()
    system.provide(system.missing_for_setup())
    environment.prepare("dist")
    renewing = Path(__file__).with_name("renewing.py")
    sys.exit(environment.become([str(renewing), "--python", sys.executable, *sys.argv[1:]]))
