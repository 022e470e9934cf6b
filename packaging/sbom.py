"""Write which parts the program consists of, with their versions and licences (CycloneDX).

::

    python3 packaging/sbom.py FILE
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
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "stackgui.cdx.json").absolute()
    sys.exit(environment.become([str(Path(__file__).with_name("listing.py")), str(target)]))
