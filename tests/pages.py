"""Pages that the program writes, as a browser and a screen reader see them."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

VOID = {"meta", "img", "br", "rect", "path", "image", "input", "hr", "link"}


@dataclass
class Page:
    """What a page consists of.

    `rows` are the rows of its tables; `pictures` counts the pictures in drawings; `alternatives` are the
    texts that stand for pictures and drawings.
    """

    language: str = ""
    title: str = ""
    text: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    pictures: int = 0
    scripts: int = 0
    policy: str = ""

    def check(self) -> None:
        """Fail if something comes from outside, or cannot be read by everybody."""
        assert self.problems == []
        assert self.language
        assert self.scripts == 0
        assert "default-src 'none'" in self.policy
        outside = [
            each
            for each in self.addresses
            if not each.startswith("data:image/") and each.removeprefix("#") not in self.anchors
        ]
        assert outside == []
        assert all(self.alternatives), "each picture has a text"
        levels = [level for level, _title in self.headings]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        page = self.page
        self._note_rules(tag, named)
        page.addresses += [named[name] for name in ("href", "src") if name in named]
        match tag:
            case "html":
                page.language = named.get("lang", "")
            case "img":
                page.alternatives.append(named.get("alt", ""))
            case "svg" if "aria-hidden" not in named:
                page.alternatives.append(named.get("aria-label", ""))
            case "image":
                page.pictures += 1
            case "tr":
                page.rows.append([])
            case "td" | "th":
                page.rows[-1].append("")
            case "h1" | "h2" | "h3":
                page.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self._open.append(tag)

    def _note_rules(self, tag: str, named: dict[str, str]) -> None:
        page = self.page
        if tag == "script" or any(name.startswith("on") for name in named):
            page.scripts += 1
        if named.get("http-equiv") == "Content-Security-Policy":
            page.policy = named["content"]
        if tag == "th" and named.get("scope") not in {"col", "row"}:
            page.problems.append("a head of nothing")
        if "id" in named:
            if named["id"] in page.anchors:
                page.problems.append(f"twice: {named['id']}")
            page.anchors.add(named["id"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.page.problems.append(f"the end of {tag} without its beginning")

    def handle_data(self, data: str) -> None:
        page, inside = self.page, self._open[-1] if self._open else ""
        if inside == "title" and "svg" not in self._open:
            page.title += data
        if inside in {"h1", "h2", "h3"}:
            level, before = page.headings[-1]
            page.headings[-1] = (level, before + data)
        if inside not in {"style", "title"}:
            page.text += data
            if {"td", "th"} & set(self._open):
                page.rows[-1][-1] += data


def read_page(file: str | Path) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(Path(file).read_text(encoding="utf-8"))
    reader.close()
    reader.page.problems += [f"{tag} has no end" for tag in reader._open]
    return reader.page


def browser() -> Callable[[str, Path], Path]:
    """Return what opens a page in Chromium and saves what has become of it; skip without Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed")

    def show(page: str, folder: Path) -> Path:
        choices = (
            "headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking",
            "disable-component-update", "disable-sync", f"user-data-dir={folder / 'profile'}",
        )  # fmt: skip
        command = [program, *(f"--{choice}" for choice in choices), "--dump-dom", Path(page).as_uri()]
        ended = subprocess.run(command, capture_output=True, check=True, timeout=60)
        shown = folder / "shown.html"
        shown.write_bytes(ended.stdout)
        return shown

    return show
