"""Write the message catalogues: `python -m embedded.catalogues`.

British English is the source language. The catalogue of en-US holds the texts that are spelled differently
in the United States; it is derived from the source by the words below, so nobody edits it by hand. Both
catalogues also replace some of Django's texts. `.po` and `.mo` are committed: installing needs no gettext.
"""

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

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

FORMATS = {"en_GB": {}, "en_US": {"l j F Y": "l, F j, Y", "l j F": "l, F j", "D j M": "D, M j"}}
"""Date formats that are messages, by locale."""

_CREATED = datetime(2026, 1, 1, tzinfo=UTC)  # fixed, so that writing a file again does not change it
_CALL = re.compile(r"\b(?:_|n?gettext)\((u?['\"].*?)\) ", re.DOTALL)
_STRING = re.compile(r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
_BRITISH = re.compile(rf"\b({'|'.join(AMERICAN)})", re.IGNORECASE)


def american(text: str) -> str:
    """Return `text` in American spelling."""

    def replace(match: re.Match[str]) -> str:
        word = AMERICAN[match[0].lower()]
        return word[0].upper() + word[1:] if match[0][0].isupper() else word

    return _BRITISH.sub(replace, text)


def messages() -> Iterator[tuple[str, ...]]:
    """Yield every text that the source marks for translation: one string, or singular and plural."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield from _in_python(path.read_text())
            elif path.suffix in {".html", ".txt", ".css"} and "templates" in path.parts:
                yield from _in_template(path.read_text())


def _in_python(source: str) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in GETTEXT:
            values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if strings := tuple(value for value in values if isinstance(value, str)):
                yield strings


def _in_template(source: str) -> Iterator[tuple[str, ...]]:
    # templatize() turns the tags into calls of gettext and blanks everything else with X.
    for call in _CALL.finditer(templatize(source)):
        yield tuple(ast.literal_eval(literal) for literal in _STRING.findall(call[1]))


def catalogue(locale: str) -> Catalog:
    """Return the catalogue of `locale` (`en_GB` or `en_US`)."""
    catalog = Catalog(
        locale,
        project="clinic-appointments",
        header_comment="# Written by `python -m embedded.catalogues`.",
        creation_date=_CREATED,
        revision_date=_CREATED,
        fuzzy=False,
    )
    for text, replacement in {**DJANGO, **FORMATS[locale]}.items():
        catalog.add(text, replacement)
    if locale == "en_US":
        for texts in sorted(set(messages())):
            american_texts = tuple(american(text) for text in texts)
            if american_texts != texts:
                is_plural = len(texts) > 1
                catalog.add(
                    texts if is_plural else texts[0], american_texts if is_plural else american_texts[0]
                )
    return catalog


def files(locale: str) -> dict[Path, bytes]:
    """Return the content of the `.po` and the `.mo` file of `locale`, by path."""
    content, folder = catalogue(locale), LOCALES / locale / "LC_MESSAGES"
    po, mo = BytesIO(), BytesIO()
    write_po(po, content, sort_output=True, omit_header=False, width=110)
    write_mo(mo, content)
    return {folder / "django.po": po.getvalue(), folder / "django.mo": mo.getvalue()}


def main() -> int:
    """Write all catalogues."""
    for locale in FORMATS:
        for path, content in files(locale).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
