"""A folder of files as a kill or a power cut would leave it, at every moment of some work."""

import os
import random
import shutil
import threading
from itertools import count
from pathlib import Path

PAGE_BYTES = 64

CHANGES = ("pwrite", "write", "replace", "rename", "unlink", "fsync", "fdatasync")


class Disk:
    """Watches the files of `folder`, all of which are durable at first.

    Before every call that changes something or makes something durable it takes pictures: one as a kill would
    leave the folder, and some as a power cut would. Of what was done to names since the folder was last
    synced, anything may be missing then, and of what was written since a file was, any page.
    """

    def __init__(self, folder: Path, pictures: Path, cuts: int = 2) -> None:
        self._folder, self._pictures, self._cuts = folder, pictures, cuts
        self._random = random.Random(11)
        self._numbers = count()
        self._names = {entry.name: next(self._numbers) for entry in folder.iterdir()}
        self._durable_names = dict(self._names)
        self._durable = {number: (folder / name).read_bytes() for name, number in self._names.items()}
        self._now = dict(self._durable)
        self._done: list[tuple[str, ...]] = []
        self.pictures: list[Path] = []
        self._one_by_one = threading.Lock()

    def watch(self, patch) -> None:
        """Wrap the functions of the system in which something happens."""
        for name in CHANGES:
            patch.setattr(os, name, self._watched(name, getattr(os, name)))

    def _watched(self, name, call):
        def watched(*arguments, **choices):
            with self._one_by_one:
                self._look()
                self._take_pictures()
                answer = call(*arguments, **choices)
                self._note(name, *arguments)
                return answer

        return watched

    def _look(self) -> None:
        for entry in self._folder.iterdir():
            if entry.name not in self._names:
                number = self._names[entry.name] = next(self._numbers)
                self._done.append(("make", entry.name, number))
                self._durable[number] = b""
            self._now[self._names[entry.name]] = entry.read_bytes()

    def _note(self, call, *arguments) -> None:
        if call in {"replace", "rename"}:
            old, new = (Path(path).name for path in arguments)
            self._done.append(("rename", old, new))
            self._names[new] = self._names.pop(old)
        elif call == "unlink":
            self._done.append(("unlink", Path(arguments[0]).name))
            del self._names[self._done[-1][1]]
        elif call in {"fsync", "fdatasync"}:
            path = Path(os.readlink(f"/proc/self/fd/{arguments[0]}"))
            if path == self._folder:
                self._durable_names, self._done = dict(self._names), []
            elif path.parent == self._folder:
                self._durable[self._names[path.name]] = path.read_bytes()

    def _take_pictures(self) -> None:
        self._save({name: self._now[number] for name, number in self._names.items()})
        for _ in range(self._cuts):
            self._save({name: self._torn(number) for name, number in self._names_after_cut().items()})

    def _names_after_cut(self) -> dict[str, int]:
        names = dict(self._durable_names)
        for what, name, *rest in self._done:
            if self._random.random() < 0.5:
                continue
            if what == "make":
                names[name] = rest[0]
            elif name in names and what == "rename":
                names[rest[0]] = names.pop(name)
            elif name in names:
                del names[name]
        return names

    def _torn(self, number: int) -> bytes:
        now, then = self._now[number], self._durable[number]
        length = self._random.choice([len(now), len(then)])
        now, then = now.ljust(length, b"\0"), then.ljust(length, b"\0")
        pages = range(0, length, PAGE_BYTES)
        return b"".join(self._random.choice([now, then])[at : at + PAGE_BYTES] for at in pages)[:length]

    def _save(self, files: dict[str, bytes]) -> None:
        target = self._pictures / str(len(self.pictures)) / self._folder.name
        target.mkdir(parents=True)
        for name, data in files.items():
            with open(target / name, "wb") as file:
                file.write(data)
        self.pictures.append(target)


def forget(pictures: list[Path]) -> None:
    """Delete pictures that are no longer needed."""
    for picture in pictures:
        shutil.rmtree(picture.parent)
