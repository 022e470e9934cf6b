"""Run StackGUI's tests; arguments go to pytest.

Prepares everything it needs first. Any Python from 3.11 on will do::

    python3 packaging/test.py
    python3 packaging/test.py -k plan --exitfirst
    python3 packaging/test.py -n 0 --pdb

Three processes share the tests. With ``-n 0`` there is only one, which a debugger needs.
"""

from __future__ import annotations

import sys

import tools

if __name__ == "__main__":
    sys.exit(tools.become("pytest", tools.SIDE_BY_SIDE, sys.argv[1:]))
