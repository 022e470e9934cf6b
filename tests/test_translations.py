"""Every text of the window is translated into every language, with its fields, and the files are fresh."""

import importlib.util
import io
import string
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from stackgui.gui.texts.language import TRANSLATED

pytestmark = pytest.mark.tree

RESOURCES = Path(__file__).resolve().parents[1] / "resources"


@pytest.fixture(scope="module")
def made():
    """The script that brings the files up to date."""
    spec = importlib.util.spec_from_file_location("make_languages", RESOURCES / "make_languages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def wanted(made):
    """Every text of the program, with its plural if it has one."""
    return {(one, many) if many else one for one, many in made.messages()}


@pytest.fixture(scope="module", params=TRANSLATED)
def catalog(request):
    """The translations into one language."""
    with (RESOURCES / "languages" / f"{request.param}.po").open("rb") as file:
        found = read_po(file, locale=str(request.param))
    found.language = request.param
    return found


def forms(text):
    return (text,) if isinstance(text, str) else tuple(text)


def fields(text):
    return sorted(field for _, field, _, _ in string.Formatter().parse(text) if field is not None)


def test_every_text_is_known_and_no_other(wanted, catalog):
    known = {tuple(each.id) if each.pluralizable else each.id for each in catalog if each.id}
    assert known == wanted, "run python resources/make_languages.py, and translate what is new"


def test_every_text_is_translated(catalog):
    missing = [each.id for each in catalog if each.id and not all(forms(each.string))]
    assert missing == []


def test_no_translation_is_left_out_of_the_compiled_file(catalog):
    assert [each.id for each in catalog if each.id and each.fuzzy] == []


def test_a_translation_has_the_fields_of_its_text(catalog):
    """A count may be written out, or left out where the language needs no number; nothing else may."""

    def suits(text, each):
        return any({*fields(text), "count"} == {*fields(form), "count"} for form in forms(each.id))

    wrong = [
        (each.id, text) for each in catalog if each.id for text in forms(each.string) if not suits(text, each)
    ]
    assert wrong == []


def test_fields_are_formatted_as_in_english(catalog):
    def written(text):
        return {(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None}

    wrong = []
    for each in catalog:
        if each.id:
            allowed = set().union(*map(written, forms(each.id)))
            allowed |= {(name, "") for name, spec in allowed if spec == "capital"}
            wrong += [(each.id, text) for text in forms(each.string) if not written(text) <= allowed]
    assert wrong == []


def test_access_keys_stay(catalog):
    """A text with an access key keeps one, so that the keyboard reaches what it names."""
    wrong = [
        (each.id, text)
        for each in catalog
        if each.id and "&" in forms(each.id)[0].replace("&&", "")
        for text in forms(each.string)
        if text.replace("&&", "").count("&") != 1
    ]
    assert wrong == []


def test_edges_are_those_of_the_text(catalog):
    """Spaces and line ends at the edges join texts."""
    wrong = [
        (each.id, text)
        for each in catalog
        if each.id
        for text in forms(each.string)
        if (text[:1].isspace(), text[-1:].isspace())
        != (forms(each.id)[0][:1].isspace(), forms(each.id)[0][-1:].isspace())
    ]
    assert wrong == []


def test_the_compiled_file_is_fresh(catalog):
    stream = io.BytesIO()
    write_mo(stream, catalog)
    assert (RESOURCES / "languages" / f"{catalog.language}.mo").read_bytes() == stream.getvalue()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('say("{file} is gone.", file=name)', [("{file} is gone.", "")]),
        ('tr("Open" if one else "Close")', [("Open", ""), ("Close", "")]),
        ('say_many(n, "{count} row", "{count} rows")', [("{count} row", "{count} rows")]),
        ('format_count(n, "row")', [("{count:,} row", "{count:,} rows")]),
        (
            'format_part(n, m, "class", "classes")',
            [
                ("no class", ""),
                ("{part:,} of {whole:,} classes", ""),
                ("the class", ""),
                ("both classes", ""),
                ("all {whole:,} classes", ""),
            ],
        ),
        ('format_rate(n, "row")', [("{rate:,} row a second", "{rate:,} rows a second")]),
        ('counted("{count} cat", "{count} cats")', [("{count} cat", "{count} cats")]),
        ('say("{first}: {second:,}", first=a, second=b)', []),
        ("say(text)", []),
    ],
)
def test_texts_are_found_in_the_source(made, source, found):
    import ast

    assert list(made._in_module(ast.parse(source))) == found
