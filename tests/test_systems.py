"""What depends on the operating system: all of it stands in one table of CONTRIBUTING.md."""

import ast
import re

import pytest

from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.tree

MODULES = {
    "ctypes",
    "fcntl",
    "grp",
    "msvcrt",
    "pty",
    "pwd",
    "resource",
    "termios",
    "winreg",
    "resource_tracker",
}
"""Modules that some system lacks, or that reach into it."""

OF_OS = {
    "O_BINARY", "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_TEMPORARY", "O_TMPFILE",
    "SEEK_DATA", "SEEK_HOLE", "chmod", "chown", "copy_file_range", "execv", "fdatasync", "fork",
    "forkpty", "getegid", "geteuid", "getgid", "getloadavg", "getpgid", "getuid", "kill", "killpg",
    "link", "lchown", "memfd_create", "mkfifo", "name", "nice", "posix_fadvise", "posix_fallocate",
    "pread", "preadv", "pwrite", "pwritev", "readlink", "rename", "replace", "sched_getaffinity",
    "sched_setaffinity", "sendfile", "set_blocking", "setpgid", "setsid", "startfile", "statvfs",
    "symlink", "sync", "uname", "wait", "waitpid",
}  # fmt: skip
OF_SIGNAL = {"SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "SIGALRM", "alarm", "pthread_sigmask", "setitimer"}
OF_OTHERS = {
    "sys": {"platform", "getwindowsversion"},
    "platform": {"system"},
    "socket": {"AF_UNIX"},
    "select": {"poll", "epoll"},
    "subprocess": {"CREATE_NO_WINDOW", "STARTUPINFO"},
    "signal": OF_SIGNAL,
    "os": OF_OS,
}
PLACES = re.compile(r"/(?:proc|dev|sys|etc|Volumes|media|tmp)(?:/|$)|[A-Z]:[\\/]")
ONLY_SOME = {"tagname", "start_new_session", "preexec_fn", "creationflags", "dir_fd", "st_blocks"}
"""Arguments and attributes that only some systems have."""


def signs(tree: ast.AST) -> set[str]:
    """Name what in a module depends on the system."""
    found = set()
    documented = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node) is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names if each.name in MODULES}
        elif isinstance(node, ast.ImportFrom):
            own = (node.module or "").startswith("stackgui")
            found |= {each.name for each in node.names if each.name in MODULES and not own}
            found |= {node.module} & MODULES
        elif isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.attr in OF_OTHERS.get(node.value.id, ()):
                found.add(f"{node.value.id}.{node.attr}")
            found |= {node.attr} & ONLY_SOME
        elif isinstance(node, ast.keyword):
            found |= {node.arg} & ONLY_SOME
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"getattr", "hasattr"}:
            asked, name = ast.unparse(node.args[0]), getattr(node.args[1], "value", "")
            found |= {f"{asked}.{name}"} if name in OF_OTHERS.get(asked, ONLY_SOME) else set()
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented:
            found |= {node.value} if PLACES.match(node.value) else set()
    return found


def test_the_scan_sees_what_it_is_for():
    seen = signs(
        ast.parse("import fcntl\nos.pwrite(1, b'', 0)\nhasattr(os, 'memfd_create')\nopen('/proc/1/fd')")
    )
    assert seen == {"fcntl", "os.pwrite", "os.memfd_create", "/proc/1/fd"}
    assert signs(ast.parse("'''/proc is only named'''\nos.path.join('a', 'b')")) == set()


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    """What each module asks of the system that asks anything."""
    files = [*(REPOSITORY / "stackgui").rglob("*.py"), *(REPOSITORY / "packaging").glob("*.py")]
    each = {file: signs(ast.parse(file.read_text(encoding="utf-8"))) for file in files}
    return {file.relative_to(REPOSITORY).as_posix(): names for file, names in each.items() if names}


@pytest.fixture(scope="module")
def rows() -> dict[str, list[str]]:
    """The table: what is asked of the system, by file."""
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## What depends on the system")[2].partition("\n## ")[0]
    table = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {cells[0].strip().strip("`"): [cell.strip() for cell in cells[1:]] for cells in table}


def test_the_table_lists_each_module_that_depends_on_the_system_and_no_other(found, rows):
    listed = {f"stackgui/{name}" if not name.startswith("packaging/") else name for name in rows}
    assert sorted(found.keys() - listed) == [], (
        "each needs a row in CONTRIBUTING.md, and a branch for all systems"
    )
    assert sorted(listed - found.keys()) == []


def test_each_row_says_what_each_system_does_and_names_the_test_that_holds_it(rows):
    assert len(rows) > 20
    for name, cells in rows.items():
        assert len(cells) == 4, name
        assert all(cells), name
        tests = re.findall(r"`([^`]+)`", cells[-1])
        assert [each for each in tests if not (REPOSITORY / each).exists()] == [], name
        assert tests, name


def test_one_place_renames(found):
    """Others would fail on Windows while somebody has the file open."""
    renaming = [
        file
        for file, names in found.items()
        if file.startswith("stackgui/") and {"os.rename", "os.replace"} & names
    ]
    assert [file.rpartition("/")[2] for file in renaming] == ["renaming.py"]
