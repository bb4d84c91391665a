"""The translations of the patients' texts are complete, and fit their texts.

The web app's translations are tested in `frontend/tests/translations.test.ts`.
"""

import re
from collections import Counter
from io import BytesIO

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po

from embedded.catalogues import LOCALES, TRANSLATED, texts
from embedded.patient_texts import PATIENT_FILES, STAFF_FILES, is_for_patients

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]")
_TAG = re.compile(r"</?\w+[^>]*>")


def _messages(language: str) -> list[Message]:
    path = LOCALES / language / "LC_MESSAGES" / "django.po"
    return [message for message in read_po(BytesIO(path.read_bytes()), language) if message.id]


def _strings(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_for_patients_is_translated(language: str) -> None:
    """If this fails, translate the empty texts of the file, then run `python -m embedded.catalogues`."""
    missing = [message.id for message in _messages(language) if not all(_strings(message.string))]

    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_and_tags_of_their_text(language: str) -> None:
    wrong = []
    for message in _messages(language):
        *singular, general = _strings(message.id)
        for string in filter(None, _strings(message.string)):
            # A form for one thing need not name the number.
            allowed = [_parts(general), *map(_parts, singular)]
            if singular:
                allowed += [parts - Counter([name]) for parts in allowed for name in parts if "(" in name]
            if _parts(string) not in allowed:
                wrong.append((message.id, string))

    assert wrong == []


def _parts(text: str) -> Counter[str]:
    return Counter(_PLACEHOLDER.findall(text)) + Counter(_TAG.findall(text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_plural_forms_and_line_breaks_of_their_text(language: str) -> None:
    catalog = read_po(BytesIO((LOCALES / language / "LC_MESSAGES" / "django.po").read_bytes()), language)
    wrong = []
    for message in catalog:
        strings = _strings(message.string)
        if message.pluralizable and len(strings) != catalog.num_plurals:
            wrong.append(message.id)
        for string in filter(None, strings):
            text = _strings(message.id)[-1]
            if message.id and (text[:1] == "\n", text[-1:] == "\n") != (
                string[:1] == "\n",
                string[-1:] == "\n",
            ):
                wrong.append(message.id)

    assert wrong == []


def test_texts_that_only_staff_read_are_not_translated() -> None:
    paths = {text.path for text in texts()}

    assert not is_for_patients("clinics/admin/settings.py")
    assert is_for_patients("scheduling/templates/scheduling/pages/times.html")
    # A pattern that matches nothing names files that were moved or deleted.
    assert [p for p in (*STAFF_FILES, *PATIENT_FILES) if not any(_match(path, p) for path in paths)] == []


def _match(path: str, pattern: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), path) is not None
