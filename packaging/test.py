"""Run StackGUI's tests; arguments go to pytest.

Prepares everything it needs first. Any Python from 3.11 on will do::

    python3 packaging/test.py
    python3 packaging/test.py -k plan --exitfirst
    python3 packaging/test.py -n 0 --pdb

Two processes share the tests. With ``-n 0`` there is only one, which a debugger needs.
"""

from __future__ import annotations

import sys

import tools

# Whole files go to a process, in their order: what the tests of a file share is made once.
SIDE_BY_SIDE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]

if __name__ == "__main__":
    sys.exit(tools.become("pytest", SIDE_BY_SIDE, sys.argv[1:]))
