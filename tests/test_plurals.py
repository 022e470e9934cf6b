"""What is counted is called by the right number: no sentence joins a number to a plural by itself."""

import ast
import re
from pathlib import Path

import pytest

import stackgui

pytestmark = pytest.mark.tree

ROOT = Path(stackgui.__file__).parents[1]

NOUNS = (
    "pictures|files|rows|samples|pixels|bytes|channels|tensors|frames|pages|labels|lines|arrays|names|folders"
    "|archives|lists|values|numbers|classes|parts|failures|components|bits|sizes|ways|problems|seconds|minutes"
    "|dimensions|axes|characters|are|have|were"
)
BY_ITSELF = re.compile(rf" (?:{NOUNS})\b")

FIXED = {
    "core/plan/size_independent.py": {"len(catalog)"},  # the only one has a sentence of its own
    "core/advice/class_name_warnings.py": {"len(plan.classes)"},  # several
    "core/options/presets.py": {"LONGEST_NAME"},
    "core/base/size.py": {"MAX_SIDE_PX"},
    "core/base/units.py": {"round(seconds / TEN_SECONDS) * TEN_SECONDS"},
    "engine/archives/zip_entries.py": {"info.file_size"},  # larger than what it is packed in
    "gui/texts/savings_texts.py": {"BUCKETS", "texts.size(SCALED_PX, SCALED_PX)"},
    "gui/texts/texts.py": {"names"},  # to choose from
    "imaging/tensors/blocks.py": {"samples"},  # above a limit
    "imaging/base/folder.py": {"_MAX_FILES"},
    "imaging/base/framed.py": {"count"},  # several
    "imaging/base/limits.py": {"width", "file_bytes"},  # a size, and a file that has a header
    "imaging/tensors/zarr_store.py": {"chunk_bytes"},  # above a limit
    "imaging/tensors/zipped.py": {"info.file_size"},  # larger than what it is packed in
    "stores/stack/reader.py": {"len(self.arrays)"},  # several
}
"""Values that are never 1, by file, and why."""


def sentences():
    for path in sorted((ROOT / "stackgui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield path.relative_to(ROOT / "stackgui").as_posix(), node


def is_number(value):
    """Whether what is shown is a number by its form: with a comma between thousands, or a count."""
    form = ast.unparse(value.format_spec)[2:-1] if value.format_spec else ""
    return form in {",", ",.0f", "g"} or ast.unparse(value.value).startswith(("len(", "count", "sum("))


def joined():
    for file, node in sentences():
        for before, value, after in zip([None, *node.values], node.values, node.values[1:], strict=False):
            is_area = isinstance(before, ast.Constant) and before.value.endswith(" × ")
            if isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant) and not is_area:
                shown = ast.unparse(value.value)
                if is_number(value) and BY_ITSELF.match(after.value) and shown not in FIXED.get(file, ()):
                    yield f"{file}:{node.lineno}: {ast.unparse(node)}"


def test_no_sentence_joins_a_number_to_a_plural():
    assert list(joined()) == []


@pytest.mark.parametrize(
    ("source", "is_wrong"),
    [
        ('f"{count:,} pictures"', True),
        ('f"{len(found)} rows are kept"', True),
        ('f"{name} pictures are not supported"', False),
        ('f"{count:,} of all"', False),
    ],
)
def test_the_check_finds_what_it_should(source, is_wrong):
    node = ast.parse(source).body[0].value
    value, after = node.values[:2]
    assert (is_number(value) and bool(BY_ITSELF.match(after.value))) is is_wrong
