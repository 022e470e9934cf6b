"""What the documents promise: their links, the files that they name, and the pages of decisions."""

import re

import pytest

from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.tree

DECISIONS = sorted((REPOSITORY / "docs" / "adr").glob("[0-9]*.md"))
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "resources/**/*.md", "packaging/**/*.md")
    for page in REPOSITORY.glob(pattern)
)
ROOTS = (REPOSITORY, REPOSITORY / "stackgui")


def name(page):
    return page.relative_to(REPOSITORY).as_posix()


def without_code(page):
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def anchors(page):
    """The names by which headings can be linked to, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def leads_somewhere(page, link):
    file, _, anchor = link.partition("#")
    target = page.parent / file if file else page
    return target.exists() and (not anchor or anchor in anchors(target))


def test_there_are_pages_to_check():
    names = {name(page) for page in PAGES}
    assert {"README.md", "CONTRIBUTING.md", "docs/performance.md", "resources/help/index.md"} <= names
    assert len(DECISIONS) > 40


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(page))
    local = [link for link in links if not link.startswith("https://")]
    assert [link for link in local if not leads_somewhere(page, link)] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_is_named_exists(page):
    """Paths begin at the repository or at the package; the changelog may name what is gone."""
    if page.name == "CHANGELOG.md":
        return
    named = re.findall(r"`((?:[\w.-]+/)+[\w-]+\.(?:py|md|toml|txt))`", page.read_text(encoding="utf-8"))
    assert [path for path in named if not any((root / path).exists() for root in ROOTS)] == []


def test_decisions_are_numbered_without_a_gap():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_has_all_of_its_parts(page):
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert "\nStatus: " in text
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    assert parts[::2] == ["Context", "Options", "Decision", "Consequence"]
    assert all(part.strip() for part in parts[1::2])


def test_the_index_lists_every_decision_under_its_title():
    index = (REPOSITORY / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    titles = [(page.read_text(encoding="utf-8").splitlines()[0][2:], page.name) for page in DECISIONS]
    assert re.findall(r"^- \[(.+)\]\((.+)\)$", index, re.MULTILINE) == titles


def test_the_rooms_are_those_of_the_packages():
    rows = re.findall(r"^\| `(\w+)` \| [^|]+\|([^|]*)\|", contributing(), re.MULTILINE)
    told = {package: set(re.findall(r"`(\w+)`", rooms)) for package, rooms in rows}
    packages = (path.parent for path in (REPOSITORY / "stackgui").glob("*/__init__.py"))
    assert told == {
        package.name: {path.parent.name for path in package.glob("*/__init__.py")} for package in packages
    }


def contributing():
    return (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
