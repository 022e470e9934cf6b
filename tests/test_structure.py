"""What holds of the project as a whole: imports, contents of files, promises of the README."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.tree

REPOSITORY = Path(__file__).resolve().parent.parent

# Imports all of the package but the window and what looks at it, and names what of Qt has come with it.
IMPORT_ALL_BUT_GUI = """
import importlib, pkgutil, sys
import stackgui

def modules(package):
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if module.name in ("stackgui.gui", "stackgui.__main__", "stackgui.self_test.window_checks"):
            continue
        yield module.name
        if module.ispkg:
            yield from modules(importlib.import_module(module.name))

names = list(modules(stackgui))
for name in names:
    importlib.import_module(name)
qt = ("PySide6", "shiboken6", "pyqtgraph")
print(len(names), *(name for name in sys.modules if name.split(".")[0] in qt))
"""


def _output(*command: str) -> str:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Everything that is in the repository, or would be with the next commit."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("this is no clone, so nothing tells the repository's files from others")
    # The clone may belong to another user, as it often does where checks run unattended.
    git = ("git", "-c", "safe.directory=*")
    listed = _output(*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [path for name in listed.split("\0") if name and (path := REPOSITORY / name).is_file()]


def test_nothing_but_the_window_imports_qt():
    count, *qt = _output(sys.executable, "-W", "error", "-c", IMPORT_ALL_BUT_GUI).split()
    assert int(count) > 10
    assert qt == []


# Shows the empty window, and names what of the libraries for pictures and plots has come with it.
SHOW_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication
from stackgui.engine import Engine
from stackgui.gui.app.app import App
from stackgui.gui.app.preferences import Preferences

qt = QApplication([])
app = App(Engine(), Preferences())
app.start()
print(app.window.grab().isNull())
early = "PIL imagecodecs multiprocessing pebble pi_heif pyqtgraph simplejpeg sqlite3 tifffile xxhash".split()
print(*(name for name in early if name in sys.modules))
app.begin_rest()
app._starting.join(100)  # closing waits for a short time only
for _ in app._preparing:
    pass
app.close()
print("pebble" in sys.modules, "pyqtgraph" in sys.modules)
"""


def test_the_window_is_there_before_what_it_does_not_need_yet(tmp_path, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    nothing_shown, too_early, loaded_later = _output(sys.executable, "-c", SHOW_WINDOW).splitlines()
    assert nothing_shown == "False"
    assert too_early == ""
    assert loaded_later == "True True"


def test_import_contracts_are_kept():
    assert "0 broken" in _output(
        sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"
    )


def test_every_room_says_what_belongs_there_and_what_does_not():
    rooms = sorted((REPOSITORY / "stackgui").glob("*/*/__init__.py"))
    assert len(rooms) > 20
    said = [(room, ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))) or "") for room in rooms]
    assert [str(room.parent) for room, text in said if text.count("\n\n") < 1] == []


def test_no_file_names_a_place_on_one_machine(files):
    private = re.compile(rb"(?<![\w.}])/(?:work|tmp|root|opt|home|Users)/\w")
    found = [str(path.relative_to(REPOSITORY)) for path in files if private.search(path.read_bytes())]
    assert found == []


def test_the_folder_packaging_does_not_shadow_the_package_of_that_name():
    assert not (REPOSITORY / "packaging" / "__init__.py").exists()


@pytest.mark.parametrize(
    "script", sorted((REPOSITORY / "packaging").glob("*.py")), ids=lambda path: path.name
)
def test_an_old_python_can_read_the_scripts(script):
    """Otherwise it could not say that it is too old."""
    ast.parse(script.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_readme_sets_up_with_two_commands_on_its_first_screen():
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    first_block = re.search(r"```sh\n(.*?)```", readme, re.DOTALL)
    commands = [line.split("#")[0].split() for line in first_block[1].splitlines()]
    assert commands == [["python3", "packaging/run.py"], ["python3", "packaging/test.py"]]
    assert readme[: first_block.end()].count("\n") < 25


def test_files_and_functions_stay_small(files):
    """A file of 400 lines or a function of 40 holds more than one thing."""
    code = [path for path in files if path.suffix == ".py" and REPOSITORY / "tests" not in path.parents]
    texts = {str(path.relative_to(REPOSITORY)): path.read_text(encoding="utf-8") for path in code}
    assert [name for name, text in texts.items() if text.count("\n") > 400] == []
    functions = [
        (name, node)
        for name, text in texts.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    ]
    assert [f"{name}: {node.name}" for name, node in functions if _code_lines(node) > 40] == []


def _code_lines(function: ast.FunctionDef) -> int:
    """Count from the signature to the end, without the docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines
