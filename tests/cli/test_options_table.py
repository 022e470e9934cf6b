"""The table of options among the help pages, and what one more choice costs."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import stackgui
from stackgui import resources
from stackgui.cli.options_table import page

PACKAGE = Path(stackgui.__file__).parent

ONE_MORE = """
    sharpen: int = choice(
        0, Whole(0, 9), "sharpening", "How much edges are sharpened.",
        Spelling("--sharpen"), group=Group.NUMBERS, decides_contents=False, is_later=True,
    )  # fmt: skip

    def __post_init__(self) -> None:
"""

# Uses the copy of the package that it runs in.
SHOW = """
import json
from stackgui.cli.arguments import options_of, parse, parser_for
from stackgui.cli.options_table import main
from stackgui.core.base.choice_table import changes
from stackgui.core.options.options import Options
from stackgui.core.options.presets import Presets
from stackgui.core.plan.shared_plan import SharedPlan, shared_plan_from_json

typed = options_of(parse(["plan", "x", "--sharpen", "3"]))
main()
print(json.dumps({
    "typed": typed.sharpen,
    "json": typed.to_json()["sharpen"],
    "default": "sharpen" in Options().to_json(),
    "read": Options.from_json({"sharpen": 4}).sharpen,
    "plan": shared_plan_from_json(SharedPlan(typed).to_json()).options.sharpen,
    "preset": Presets.from_json(Presets().saved("a", typed).to_json()).named("a").options.sharpen,
    "help": parser_for()[1]["convert"].format_help(),
    "changes": [change.title for change in changes(Options(), typed)],
}))
"""


def test_the_table_is_fresh():
    """Write it anew by ``python -m stackgui.cli.options_table``."""
    assert resources.path("help", "options.md").read_text(encoding="utf-8") == page()


def test_every_option_is_listed_once():
    options = re.findall(r"^\| `(--[\w-]+)` \|", page(), re.MULTILINE)
    assert "--redo-changed" in options
    assert sorted(options) == sorted(set(options))


@pytest.mark.tree
def test_one_more_choice_is_one_edit(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "stackgui", ignore=shutil.ignore_patterns("__pycache__", "gui"))
    shutil.copytree(resources.path("help"), tmp_path / "resources" / "help")
    options = tmp_path / Path(sys.modules["stackgui.core.options.options"].__file__).relative_to(
        PACKAGE.parent
    )
    text = options.read_text(encoding="utf-8")
    assert text.count("\n    def __post_init__(self) -> None:\n") == 1
    options.write_text(text.replace("\n    def __post_init__(self) -> None:\n", ONE_MORE), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["typed"], found["json"], found["read"], found["plan"], found["preset"]) == (3, 3, 4, 3, 3)
    assert "--sharpen N" in found["help"]
    assert "How much edges are sharpened (0)" in found["help"]
    assert found["changes"] == ["sharpening"]
    assert not found["default"], "else the fingerprints of all stacks would change"
    table = (tmp_path / "resources" / "help" / "options.md").read_text(encoding="utf-8")
    assert "| `--sharpen` | `N` | How much edges are sharpened (0). | plan, convert |" in table
