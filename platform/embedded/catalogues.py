"""Write the message catalogues: `python -m embedded.catalogues`.

British English is the source language. The catalogue of en-US holds the texts that are spelled differently
in the United States; it is derived from the source by the words below, so nobody edits it by hand. Both
catalogues also replace some of Django's texts.

The catalogues of the other languages hold the texts that patients read (`embedded.patient_texts`). People
translate them: writing them again keeps the translations, adds new texts and removes those that are gone.
`.po` and `.mo` are committed: installing needs no gettext.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from embedded.patient_texts import is_for_patients

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "platform" / "config" / "locale"
SOURCES = ("tenants", "clinics", "scheduling", "notifications", "platform/config", "platform/console")
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}

AMERICAN = {
    "authoris": "authoriz",
    "behaviour": "behavior",
    "cancelled": "canceled",
    "cancelling": "canceling",
    "carer": "caregiver",
    "centre": "center",
    "colour": "color",
    "dependant": "dependent",
    "enrolment": "enrollment",
    "favourite": "favorite",
    "licence": "license",
    "organis": "organiz",
    "postcode": "ZIP code",
    "practise": "practice",
    "recognis": "recogniz",
}
"""British spelling, or the beginning of a word, to American spelling."""

DJANGO = {
    "a.m.": "am",
    "p.m.": "pm",
    "Add another %(verbose_name)s": "Add another",
    "Log in": "Sign in",
    "Log in again": "Sign in again",
    "Log out": "Sign out",
    "Logged out": "Signed out",
    "Thanks for spending some quality time with the web site today.": "You have signed out.",
    (
        "Please enter the correct %(username)s and password for a staff account. Note that both fields may "
        "be case-sensitive."
    ): "This email address and password do not match an account with access. Check both and try again.",
}
"""Django's texts that all locales replace."""

FORMATS: dict[str, dict[str, str]] = {
    "en_GB": {},
    "en_US": {"l j F Y": "l, F j, Y", "l j F": "l, F j", "D j M": "D, M j"},
}
"""Date formats that are messages, by locale of the English catalogues."""

TRANSLATED = ("ar", "de", "es")
"""The languages of patients that people translate into."""

NOT_REVIEWED = "machine translation, not reviewed"
"""The comment of a text that nobody has reviewed since it was added. A reviewer deletes it."""

_DATE_FORMATS = frozenset(FORMATS["en_US"])
"""Texts that are formats of English dates. In the other languages dates are written by Babel."""

_CREATED = datetime(2026, 1, 1, tzinfo=UTC)  # fixed, so that writing a file again does not change it
_LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_STRING = re.compile(_LITERAL, re.DOTALL)
_CALL = re.compile(rf"\b(?:_|n?gettext)\(({_LITERAL}(?:,\s*{_LITERAL})?)", re.DOTALL)
_BRITISH = re.compile(rf"\b({'|'.join(AMERICAN)})", re.IGNORECASE)


def american(text: str) -> str:
    """Return `text` in American spelling."""

    def replace(match: re.Match[str]) -> str:
        word = AMERICAN[match[0].lower()]
        return word[0].upper() + word[1:] if match[0][0].isupper() else word

    return _BRITISH.sub(replace, text)


@dataclass(frozen=True, order=True)
class Text:
    """A text that the source marks for translation: one string, or singular and plural."""

    strings: tuple[str, ...]
    path: str
    """The file, relative to the project's folder."""


def texts() -> Iterator[Text]:
    """Yield the texts of all files."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                found = _in_python(path.read_text())
            elif path.suffix in {".html", ".txt", ".css"} and "templates" in path.parts:
                found = _in_template(path.read_text())
            else:
                continue
            name = path.relative_to(ROOT).as_posix()
            yield from (Text(strings, name) for strings in found)


def messages() -> Iterator[tuple[str, ...]]:
    """Yield the strings of all texts."""
    return (text.strings for text in texts())


def _in_python(source: str) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := getattr(node.func, "id", "")) in GETTEXT:
            # The third argument of ngettext may be a string too: the name of the number.
            arguments = node.args[: 2 if name.startswith("ngettext") else 1]
            values = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
            if strings := tuple(value for value in values if isinstance(value, str)):
                yield strings


def _in_template(source: str) -> Iterator[tuple[str, ...]]:
    # templatize() turns the tags into calls of gettext and blanks everything else with X.
    for call in _CALL.finditer(templatize(source)):
        yield tuple(ast.literal_eval(literal) for literal in _STRING.findall(call[1]))


def _empty(locale: str) -> Catalog:
    return Catalog(
        locale,
        project="clinic-appointments",
        header_comment="# Written by `python -m embedded.catalogues`.",
        creation_date=_CREATED,
        revision_date=_CREATED,
        fuzzy=False,
    )


def english_catalogue(locale: str) -> Catalog:
    """Return the catalogue of `locale` (`en_GB` or `en_US`)."""
    catalog = _empty(locale)
    for text, replacement in {**DJANGO, **FORMATS[locale]}.items():
        catalog.add(text, replacement)
    if locale == "en_US":
        for strings in sorted(set(messages())):
            american_strings = tuple(american(string) for string in strings)
            if american_strings != strings:
                is_plural = len(strings) > 1
                catalog.add(
                    strings if is_plural else strings[0],
                    american_strings if is_plural else american_strings[0],
                )
    return catalog


def translated_catalogue(language: str) -> Catalog:
    """Return the patients' texts with the translations in the committed file of `language`."""
    catalog, path = _empty(language), _folder(language) / "django.po"
    stored = read_po(BytesIO(path.read_bytes()), language) if path.exists() else _empty(language)
    for text in sorted(set(texts())):
        if is_for_patients(text.path) and text.strings[0].strip() and text.strings[0] not in _DATE_FORMATS:
            catalog.add(
                text.strings if len(text.strings) > 1 else text.strings[0], locations=[(text.path, 0)]
            )
    for message in catalog:
        if message.id:
            known = stored.get(message.id)
            if known is not None and known.pluralizable == message.pluralizable:
                message.string = known.string
            message.user_comments = known.user_comments if known is not None else [NOT_REVIEWED]
    return catalog


def _folder(locale: str) -> Path:
    return LOCALES / locale / "LC_MESSAGES"


def files(locale: str) -> dict[Path, bytes]:
    """Return the content of the `.po` and the `.mo` file of `locale`, by path."""
    is_english, folder = locale in FORMATS, _folder(locale)
    content = english_catalogue(locale) if is_english else translated_catalogue(locale)
    po, mo = BytesIO(), BytesIO()
    write_po(po, content, sort_output=True, omit_header=False, width=110, include_lineno=False)
    write_mo(mo, content)
    return {folder / "django.po": po.getvalue(), folder / "django.mo": mo.getvalue()}


def main() -> int:
    """Write all catalogues."""
    for locale in (*FORMATS, *TRANSLATED):
        for path, content in files(locale).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
