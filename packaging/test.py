"""Run StackGUI's tests; arguments go to pytest.

Prepares everything it needs first. Any Python from 3.11 on will do::

    python3 packaging/test.py
    python3 packaging/test.py -k plan --exitfirst
"""

from __future__ import annotations

import sys

import tools

if __name__ == "__main__":
    sys.exit(tools.become("pytest", sys.argv[1:]))
