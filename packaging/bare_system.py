"""Systems in which StackGUI is tried: a bare Debian of its own, or this one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MIRROR = "http://deb.debian.org/debian"
KEPT = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "stackgui-packaging"
"""Where bare systems are kept, packed; they are as old as the file."""

HOME = "/srv/annotator"
USER = 1000

NOT_OURS = (
    "/proc",
    "/sys",
    "/dev",
    "/tmp",  # noqa: S108 - where the system writes
    "/run",
    "/var/cache",
    "/var/log",
    "/var/lib/dpkg",
    "/var/lib/apt",
)
"""Folders in which the system itself keeps what it was asked to do."""


class Here:
    """The system here, with a home that is empty.

    Parameters
    ----------
    program
        What starts StackGUI.
    home
    """

    def __init__(self, program: str, home: Path) -> None:
        self.program = [program]
        self.home = home
        self.data = Path(program).parent / "program"

    def command(self, *words: str, **variables: str) -> tuple[list[str], dict[str, str]]:
        """Give a command as it is run here, and its environment."""
        keeps = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        return list(words), {**keeps, "HOME": str(self.home), "LANG": "C.UTF-8", **variables}

    def as_user(self, *words: str, **variables: str) -> tuple[list[str], dict[str, str]]:
        """Give a command as somebody runs it who is not root."""
        return self.command(*words, **variables)

    def seen_from_here(self, path: str) -> Path:
        """Give where a file of that system lies for us."""
        return Path(path)

    def menu_entry(self) -> list[str]:
        """Give the command of the menu entry; a bundle has none."""
        return [*self.program, "open"]


class Bare(Here):
    """A bare Debian below a folder.

    Parameters
    ----------
    root
    """

    def __init__(self, root: Path) -> None:
        super().__init__("stackgui", Path(HOME))
        self.root = root
        self.data = root / "usr/lib/stackgui"

    def command(self, *words: str, **variables: str) -> tuple[list[str], dict[str, str]]:
        """Give a command as it is run in there, and its environment."""
        path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        return [shutil.which("chroot") or "/usr/sbin/chroot", str(self.root), *words], {
            **path,
            "HOME": HOME,
            "LANG": "C.UTF-8",
            **variables,
        }

    def as_user(self, *words: str, **variables: str) -> tuple[list[str], dict[str, str]]:
        """Give a command as somebody runs it who is not root."""
        found, environment = self.command(*words, **variables)
        return [found[0], f"--userspec={USER}:{USER}", *found[1:]], environment

    def run(self, *words: str) -> None:
        """Run a command, which must succeed."""
        command, environment = self.command(*words, DEBIAN_FRONTEND="noninteractive")
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise SystemExit(f"{done.stdout}\n{' '.join(words)} failed")

    def install(self, package: Path) -> None:
        """Install a package with what it depends on, and nothing else."""
        shutil.copy(package, self.root / "stackgui.deb")
        self.run("apt-get", "update")
        self.run("apt-get", "install", "--yes", "--no-install-recommends", "/stackgui.deb")
        (self.root / "stackgui.deb").unlink()

    def has(self, program: str) -> bool:
        """Return whether a program is installed."""
        return any((self.root / folder / program).exists() for folder in ("usr/bin", "usr/local/bin"))

    def files(self) -> set[str]:
        """Name all files and folders of the system, but for those where it keeps what it was asked to do."""
        found = set()
        for folder, folders, names in os.walk(self.root):
            inside = folder[len(str(self.root)) :] or "/"
            folders[:] = [each for each in folders if os.path.join(inside, each) not in NOT_OURS]
            found |= {os.path.join(inside, each) for each in (*folders, *names)}
        return {each for each in found if not each.startswith(HOME)}

    def seen_from_here(self, path: str) -> Path:
        """Give where a file of that system lies for us."""
        return self.root / path.lstrip("/")

    def menu_entry(self) -> list[str]:
        """Give the command of the menu entry, as a desktop runs it without files."""
        entry = self.seen_from_here("/usr/share/applications/stackgui.desktop").read_text(encoding="utf-8")
        command = next(line for line in entry.splitlines() if line.startswith("Exec="))
        return [word for word in command.partition("=")[2].split() if not word.startswith("%")]


@contextmanager
def bare(release: str) -> Iterator[Bare]:
    """Unpack a bare system; mount what programs expect, for as long as it is used."""
    packed = KEPT / f"{release}.tar"
    if not packed.exists():
        _make(release, packed)
    with tempfile.TemporaryDirectory(prefix="stackgui-bare-") as folder:
        root = Path(folder)
        subprocess.run(["tar", "--extract", "--file", str(packed), "--directory", folder], check=True)
        mounted = []
        try:
            for kind, place in (("proc", "proc"), ("tmpfs", "dev/shm"), ("tmpfs", "tmp"), ("tmpfs", "run")):
                (root / place).mkdir(exist_ok=True)
                subprocess.run(["mount", "-t", kind, kind, str(root / place)], check=True)
                mounted.append(root / place)
            (root / "tmp").chmod(0o1777)
            home = root / HOME.lstrip("/")
            home.mkdir(parents=True)
            os.chown(home, USER, USER)
            shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
            yield Bare(root)
        finally:
            for place in reversed(mounted):
                subprocess.run(["umount", "--lazy", str(place)], check=True)


def _make(release: str, packed: Path) -> None:
    packed.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        print(f"Making a bare Debian ({release}); this happens once, and takes some minutes.", flush=True)
        made = ["debootstrap", "--variant=minbase", release, folder, MIRROR]
        subprocess.run(made, stdout=subprocess.DEVNULL, check=True)
        part = packed.with_suffix(".part")
        subprocess.run(["tar", "--create", "--file", str(part), "--directory", folder, "."], check=True)
        part.rename(packed)
