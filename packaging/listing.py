"""Lists the parts of the program from an environment that holds nothing else; `sbom.py` runs it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import environment
import installing

PURPOSE = "bundle" if "bundle" in environment.SERVES else "run"


NAMES = """
from stackgui.made_of import components
for each in components():
    print(each.name, each.version)
"""


def made_of(purpose: str, folder: Path) -> str:
    """Install what the program needs for a purpose into a new environment; give its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = environment.python_in(folder)
    for command in installing.commands(python, purpose, "", afresh=True):
        subprocess.run(command, check=True, stdout=sys.stderr)
    return python


def with_version(listed: dict[str, Any], version: str) -> dict[str, Any]:
    """Add the version of the program, which `pyproject.toml` leaves to its one place."""
    listed["metadata"]["component"]["version"] = version
    return listed


def only_parts(listed: dict[str, Any], parts: set[str]) -> dict[str, Any]:
    """Leave out what only builds the program; `parts` are the names of what it consists of."""
    kept = [each for each in listed["components"] if _plain(each["name"]) in set(map(_plain, parts))]
    refs = {each["bom-ref"] for each in kept} | {listed["metadata"]["component"]["bom-ref"]}
    needs = [
        {**each, "dependsOn": [ref for ref in each["dependsOn"] if ref in refs]}
        if "dependsOn" in each
        else each
        for each in listed["dependencies"]
        if each["ref"] in refs
    ]
    return {**listed, "components": kept, "dependencies": needs}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(target: Path) -> int:
    """Write the list."""
    with tempfile.TemporaryDirectory() as scratch:
        python = made_of(PURPOSE, Path(scratch, "environment"))
        facts = ["--pyproject", str(environment.PROJECT), "--mc-type", "application", "--output-reproducible"]
        command = [sys.executable, "-m", "cyclonedx_py", "environment", *facts, "-o", str(target), python]
        subprocess.run(command, check=True)
        told = subprocess.run([python, "-c", NAMES], check=True, capture_output=True, text=True)
    versions = dict(line.split(maxsplit=1) for line in told.stdout.splitlines())
    listed = json.loads(target.read_text(encoding="utf-8"))
    listed = only_parts(with_version(listed, versions["StackGUI"]), set(versions))
    target.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    print(f"{target}: {len(listed['components'])} parts")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
