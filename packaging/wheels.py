"""Fill a folder with everything that a set-up installs, for a computer without a network.

::

    python3 packaging/wheels.py FOLDER                                  # for a computer like this one
    python3 packaging/wheels.py FOLDER --for-system windows --for-python 3.13
    python3 packaging/wheels.py FOLDER --for-purpose test               # with the tools for development

There, ``python3 packaging/run.py --offline FOLDER`` sets up from it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import environment
import system

if __name__ == "__main__":
    environment.refuse_old_python()
    system.provide(system.missing_for_setup())
    environment.prepare("run")
    os.chdir(os.environ.get("PWD", os.curdir))
    sys.exit(environment.become([str(Path(__file__).with_name("filling.py")), *sys.argv[1:]]))
