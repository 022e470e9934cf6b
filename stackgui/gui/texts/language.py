"""Says texts in the person's language; the window's language is chosen once, before anything is shown.

`tr` stands around every text at the place where the window makes it. What comes from below (warnings,
errors, estimates) is a `Wording`, which `tr` says in the window's language too. A plain string that is no
message, such as a file name, comes back as it is.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable

from PySide6.QtCore import QLocale

from stackgui import resources
from stackgui.core.base.wording import English, Wording, say, say_many

LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "pt_BR": "Português (Brasil)",
    "zh_CN": "简体中文",
    "ja": "日本語",
}
"""Codes of the window's languages, and what their speakers call them."""

SOURCE = "en"


class Speech(English):
    """One language: its translations, and how it writes numbers.

    Parameters
    ----------
    catalog : gettext.NullTranslations
        Translations by English templates.
    locale : QLocale
    """

    def __init__(self, catalog: gettext.NullTranslations, locale: QLocale) -> None:
        self._catalog = catalog
        self.locale = locale
        self._ungrouped = QLocale(locale)
        self._ungrouped.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)

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


_english = Speech(
    gettext.NullTranslations(), QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
)
_spoken = _english


def use(speech: Speech) -> None:
    """Say everything in the language of `speech` from now on; what was said before stays as it is."""
    global _spoken  # noqa: PLW0603 - one window, one language
    _spoken = speech


def speech_of(code: str) -> Speech:
    """Return the language of a code of `LANGUAGES`; English for any other code."""
    if code == SOURCE or code not in LANGUAGES:
        return _english
    with resources.path("languages", f"{code}.mo").open("rb") as file:
        return Speech(gettext.GNUTranslations(file), QLocale(code))


def preferred(wanted: Iterable[str]) -> str:
    """Return the code of the first of the languages `wanted`, such as ``"de-AT"``, that the window speaks.

    It is English if the window speaks none of them.
    """
    for name in wanted:
        code = name.replace("-", "_")
        language = code.partition("_")[0]
        for known in LANGUAGES:
            if known in {code, language}:
                return known
        for known in LANGUAGES:
            if known.partition("_")[0] == language and not _is_other_script(code):
                return known
    return SOURCE


def _is_other_script(code: str) -> bool:
    """Return whether Chinese is written in the traditional script, which the window does not know."""
    return any(part in {"Hant", "TW", "HK", "MO"} for part in code.split("_"))


def locale() -> QLocale:
    """Return how the window's language writes numbers and dates."""
    return _spoken.locale


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
