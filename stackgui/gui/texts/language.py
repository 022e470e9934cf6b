"""Says texts in the person's language; the window's language is chosen once, before anything is shown.

`tr` stands around every text at the place where the window makes it. What comes from below (warnings,
errors, estimates) is a `Wording`, which `tr` says in the window's language too. A plain string that is no
message, such as a file name, comes back as it is.
"""

from __future__ import annotations

import gettext
import io
import re
import struct
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QLocale

from stackgui import resources
from stackgui.core.base.choices import Choice
from stackgui.core.base.units import UNITS
from stackgui.core.base.wording import English, Wording, say, say_many


class Language(Choice):
    """A language of the window."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    FRENCH = "fr"
    PORTUGUESE = "pt_BR"
    CHINESE = "zh_CN"
    JAPANESE = "ja"


OWN_NAMES = {
    Language.ENGLISH: "English",
    Language.GERMAN: "Deutsch",
    Language.SPANISH: "Español",
    Language.FRENCH: "Français",
    Language.PORTUGUESE: "Português (Brasil)",
    Language.CHINESE: "简体中文",
    Language.JAPANESE: "日本語",
}
"""What the speakers of each language call it."""

TRANSLATED = tuple(language for language in OWN_NAMES if language is not Language.ENGLISH)


class Speech(English):
    """One language: its translations, and how it writes numbers.

    Parameters
    ----------
    catalog : gettext.NullTranslations
        Translations by English templates.
    locale : QLocale
    file : bytes
        The ``.mo`` file of the catalog, ``b""`` for none.
    """

    def __init__(self, catalog: gettext.NullTranslations, locale: QLocale, file: bytes = b"") -> None:
        self._catalog = catalog
        self._file = file
        self.locale = locale
        self._ungrouped = QLocale(locale)
        self._ungrouped.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)

    @cached_property
    def templates(self) -> tuple[tuple[str, str], ...]:
        """The English texts that this language has translations of, each with its plural or ``""``."""
        # gettext keeps no plurals: its catalog holds the translations by the singular alone.
        if not self._file:
            return ()
        _magic, _version, count, start = struct.unpack_from("<4I", self._file)
        places = struct.iter_unpack("<2I", self._file[start : start + 8 * count])
        texts = (self._file[at : at + length].decode() for length, at in places if length)
        return tuple((one, many) for one, _, many in (text.partition("\0") for text in texts))

    @cached_property
    def _before_units(self) -> re.Pattern[str]:
        """Match the spaces between numbers and units, and around the cross between width and height."""
        units = "|".join(re.escape(self.text(unit)) for unit in UNITS)
        return re.compile(rf"(?<=\d) (?=(?:{units}|byte|px|ms|s|%|×)(?!\w))|(?<=×) (?=\d)")

    def unbroken(self, text: str) -> str:
        """Return `text` with no-break spaces where no line may end."""
        return self._before_units.sub(NO_BREAK, text)

    def text(self, text: str) -> str:
        """Return `text` in this language; in English if it has no translation."""
        if not isinstance(text, Wording):
            return self._catalog.gettext(text) if text else ""
        if text.many:
            template = self._catalog.ngettext(text.template, text.many, text.number)
        else:
            template = self._catalog.gettext(text.template) if text.template else ""
        return self.vformat(template, (), text.fields) if "{" in template else template

    def format_field(self, value: object, format_spec: str) -> str:
        """Format one field: wordings are translated, and numbers written as people of this language do."""
        if isinstance(value, Wording):
            value = self.text(value)
        if not isinstance(value, int | float) or isinstance(value, bool):
            return super().format_field(value, format_spec)
        grouped = format_spec.startswith(",")
        locale = self.locale if grouped else self._ungrouped
        if isinstance(value, int) and format_spec in {"", ","}:
            return locale.toString(value)
        if format_spec.endswith("f"):
            return locale.toString(float(value), "f", int(format_spec.strip(",.f") or 6))
        # The rest is what Python writes, of which only the decimal point differs.
        return super().format_field(value, format_spec).replace(".", self.locale.decimalPoint())


NO_BREAK = "\N{NO-BREAK SPACE}"
TRADITIONAL = frozenset({"Hant", "TW", "HK", "MO"})

_english = Speech(
    gettext.NullTranslations(), QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
)
_spoken = _english


def use(speech: Speech) -> None:
    """Say everything in the language of `speech` from now on; what was said before stays as it is."""
    global _spoken  # noqa: PLW0603 - one window, one language
    _spoken = speech


def speech_of(language: Language) -> Speech:
    """Return how a language is spoken; the system's is the first of its languages that the window speaks."""
    if language is Language.SYSTEM:
        language = preferred(QLocale.system().uiLanguages())
    if language is Language.ENGLISH:
        return _english
    file = resources.path("languages", f"{language}.mo").read_bytes()
    return Speech(gettext.GNUTranslations(io.BytesIO(file)), QLocale(str(language)), file)


def preferred(wanted: Iterable[str]) -> Language:
    """Return the first language of `wanted`, such as ``"de-AT"``, that the window speaks; else English."""
    for name in wanted:
        parts = name.replace("_", "-").split("-")
        # The traditional script is not the simplified one, which is the only Chinese of the window.
        if parts[0] == "zh" and not TRADITIONAL.isdisjoint(parts):
            continue
        for language in OWN_NAMES:
            if language.partition("_")[0] == parts[0]:
                return language
    return Language.ENGLISH


def locale() -> QLocale:
    """Return how the window's language writes numbers and dates."""
    return _spoken.locale


def templates() -> tuple[tuple[str, str], ...]:
    """Return the English texts that have translations into the window's language, with their plurals."""
    return _spoken.templates


def resource(folder: str, name: str) -> Path:
    """Return the path of a file that comes with the program, in the window's language where there is one.

    Parameters
    ----------
    folder
        Below the resources. Files in another language lie in a folder there that is called like it, as in
        ``help/de/index.md``.
    name
        File name.

    Raises
    ------
    FileNotFoundError
        When there is no such file in English either.
    """
    whole = locale().name()
    for code in (whole, whole.partition("_")[0]):
        if (found := resources.path(folder) / code / name).is_file():
            return found
    return resources.path(folder, name)


def unbroken(text: str) -> str:
    """Return a text with no-break spaces between numbers and units, where no line may end."""
    return _spoken.unbroken(text)


def tr(text: str, /, **fields: object) -> str:
    """Return a text in the window's language.

    Parameters
    ----------
    text : str
        A literal text, or a literal template with `fields`; or a text from elsewhere, without fields.
    **fields
        Values of the fields: numbers, names (plain strings, never translated), or texts by `tr`.
    """
    return _spoken.text(say(text, **fields) if fields else text)


def tr_many(count: int, one: str, many: str, /, **fields: object) -> str:
    """Return the text that suits `count` in the window's language; ``count`` is one of its fields."""
    return _spoken.text(say_many(count, one, many, **fields))
