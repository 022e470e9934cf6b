# ruff: noqa: INP001 - a script beside its data, in no package
"""Bring the translations up to date with the program: `python resources/make_languages.py`.

Texts are read from the source code: the literal arguments of the functions in `PLACES`. New ones appear in
each `languages/CODE.po` without a translation, and those that are gone disappear. Translators edit these
files, with Poedit for example; the window reads the `.mo` files, which this script makes of them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from stackgui.core.base.units import count_templates, done_templates, part_templates, plural, rate_templates  # noqa: E402
from stackgui.gui.texts.language import TRANSLATED  # noqa: E402

FOLDER = Path(__file__).resolve().parent / "languages"
WIDTH = 100
HEADER = """\
# Translations of the window of StackGUI, under the licence of StackGUI.
# Written by its developers: they want a native reader."""

PLACES: dict[str, tuple[tuple[int | str, ...], ...]] = {
    "say": ((0,),),
    "tr": ((0,),),
    "say_many": ((1, 2),),
    "tr_many": ((1, 2),),
    "format_count": ((1, 2),),
    "format_part": ((2, 3),),
    "format_done": ((2, 3),),
    "format_rate": ((1, 2),),
    "counted": ((0, 1),),
    "agree": ((1, 2),),
    "agree_part": ((1, 2),),
    "choice": ((2,), (3,), ("caption",)),
    "_setting": ((2,), (3,), ("caption",)),
    "Action": ((1,), (2,)),
    "Menu": ((1,),),
}
"""Places of texts among the arguments of each function: of a text, or of those for one and for many."""

AROUND_NOUNS: dict[str, Callable[[str, str], Sequence[str]]] = {
    "format_count": count_templates,
    "format_part": part_templates,
    "format_done": done_templates,
    "format_rate": rate_templates,
}
"""Functions that are given a noun: the texts that they make of it, of which two are for one and for many."""

NOT_TRANSLATED = ("cli",)
"""Packages whose own texts stay English."""

FORMS = 2
"""For one, and for many."""

QUOTES = "“”"
"""Marks that every language has its own of."""

Message = tuple[str, str]
"""A text, and its form for many or ``""``."""


def messages() -> dict[Message, list[str]]:
    """Return all texts to translate, and the modules that they are in."""
    found: dict[Message, list[str]] = {}
    for path in sorted((REPOSITORY / "stackgui").rglob("*.py")):
        name = path.relative_to(REPOSITORY).as_posix()
        if name.split("/")[1] in NOT_TRANSLATED:
            continue
        for message in _in_module(ast.parse(path.read_text(encoding="utf-8"))):
            if name not in found.setdefault(message, []):
                found[message].append(name)
    # One entry serves a word by itself and after a count: its form for one.
    counted = {one for one, many in found if many}
    return {message: modules for message, modules in found.items() if message[1] or message[0] not in counted}


def _in_module(tree: ast.Module) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for places in PLACES.get(name, ()):
                for message in _in_call(node, places):
                    yield from _around(name, message)


def _around(function: str, noun: Message) -> Iterator[Message]:
    """Yield the messages that `function` makes of a noun, or the message itself."""
    if function not in AROUND_NOUNS:
        yield noun
        return
    texts = tuple(AROUND_NOUNS[function](*noun))
    if len(texts) == FORMS:
        yield texts[0], texts[1]
    else:
        yield from ((text, "") for text in texts)


def _in_call(call: ast.Call, places: tuple[int | str, ...]) -> Iterator[Message]:
    given: dict[int | str | None, ast.expr] = {
        **dict(enumerate(call.args)),
        **{k.arg: k.value for k in call.keywords},
    }
    ones, *many = [list(_literals(given[place])) if place in given else [] for place in places]
    if many:
        yield from zip(ones, many[0] or map(plural, ones), strict=False)
    else:
        yield from ((text, "") for text in ones if _has_words(text))


def _literals(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument may be: itself, or both sides of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _has_words(template: str) -> bool:
    """Return whether there is a letter outside the fields of a template, or a quotation mark."""
    depth = 0
    for character in template:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if not depth and (character.isalpha() or character in QUOTES):
            return True
    return False


def updated(code: str) -> Catalog:
    """Return the translations of a language for the texts of today; unknown ones are empty."""
    template = Catalog()
    for (one, many), modules in sorted(messages().items()):
        template.add((one, many) if many else one, locations=[(module, 0) for module in modules])
    file = FOLDER / f"{code}.po"
    if file.exists():
        with file.open("rb") as opened:
            catalog = read_po(opened, locale=code)
    else:
        catalog = Catalog(
            code,
            project="StackGUI",
            version="0",
            msgid_bugs_address="-",
            last_translator="StackGUI",
            language_team="StackGUI",
            charset="utf-8",
            fuzzy=False,
        )
        catalog.header_comment = HEADER
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    for message in catalog:
        # Babel doubts the word of a text that was counted before; what is doubted is left out of `.mo` files.
        message.flags.discard("fuzzy")
    return catalog


def main() -> None:
    """Write all files anew, and say what is missing."""
    FOLDER.mkdir(exist_ok=True)
    for code in TRANSLATED:
        catalog = updated(code)
        with (FOLDER / f"{code}.po").open("wb") as file:
            write_po(file, catalog, width=WIDTH, omit_header=False, include_lineno=False, sort_output=True)
        with (FOLDER / f"{code}.mo").open("wb") as file:
            write_mo(file, catalog)
        texts = [message for message in catalog if message.id]
        missing = sum(not all(_forms(message.string)) for message in texts)
        sys.stdout.write(f"{code}: {len(texts)} texts, {missing} without a translation\n")


def _forms(translation: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (translation,) if isinstance(translation, str) else tuple(translation or ("",))


if __name__ == "__main__":
    main()
