"""Every visible text of the pages without JavaScript comes from a catalogue, or is the clinic's own.

A pseudo-translation puts brackets around each text of a catalogue. What is outside of brackets was written
into a template or view without being marked for translation.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.utils import translation
from django.utils.translation import trans_real

from clinics.models import ClinicSettings, Doctor, HomePage, Specialty
from clinics.pages import frame
from embedded.catalogues import FORMATS
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.languages import offering
from tests.factories.schedule import make_slot

_NEVER_SHOWN = {"script", "style", "title"}
_NAMES = ("aria-label", "alt", "title", "placeholder")
_OWN_TEXTS = re.compile(
    r"Riverside|1 High St|London|hello@riverside\.example|name@example\.com|English|Español|Dr|\d+:\d\d [ap]m"
)
"""What the clinic has written, the names of languages, and times of day."""


class _Pseudo:
    """A translation that puts its texts in brackets."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def gettext(self, message: str) -> str:
        text: str = self._real.gettext(message)
        return text if message in FORMATS["en_US"] or not message.strip() else f"⟦{text}⟧"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return f"⟦{self._real.ngettext(singular, plural, number)}⟧"


@pytest.fixture(autouse=True)
def _pseudo_translation(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    loaded: dict[str, Any] = trans_real._translations  # type: ignore[attr-defined]
    monkeypatch.setitem(loaded, "en-gb", _Pseudo(trans_real.translation("en-gb")))
    monkeypatch.setattr(frame, "web_app_files", dict)
    yield
    translation.deactivate()  # a request leaves the translation active that was loaded for it


class _Texts(HTMLParser):
    """Collects the texts of a page and of its elements' names, in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.names: list[str] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _NEVER_SHOWN
        self.names += [value for name, value in attrs if name in _NAMES and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _NEVER_SHOWN

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)


def outside_of_brackets(text: str) -> str:
    """Return the parts of a text that are not in brackets, which may be nested."""
    depth, outside = 0, []
    for character in text:
        depth += character == "⟦"
        if depth == 0:
            outside.append(character)
        depth -= character == "⟧"
    return "".join(outside)


def hard_coded(page: str, *, own: Iterable[str]) -> Iterator[str]:
    """Yield the words that no catalogue has, without the clinic's own."""
    found, names = _Texts(page), re.compile("|".join(map(re.escape, own)) or "$")
    for text in (outside_of_brackets("\n".join(found.texts)), *map(outside_of_brackets, found.names)):
        yield from re.findall(r"[^\W\d_]{2,}", _OWN_TEXTS.sub("", names.sub("", text)))


@pytest.mark.parametrize(
    "path",
    ["/", "/privacy", "/doctors", "/doctors/{doctor}", "/sign-in", "/register", "/no/such/page", "/profile"],
)
def test_every_visible_text_comes_from_a_catalogue(
    clinic: Clinic, doctor: Doctor, now: datetime, path: str
) -> None:
    ClinicSettings.objects.update(
        phone="+44 20 7946 0000", email="hello@riverside.example", address="1 High St\nLondon"
    )
    HomePage.objects.create(heading="Riverside")
    with time_machine.travel(now, tick=False), offering(clinic, "en", "es"):
        make_slot(doctor, now + timedelta(days=1))

        page = ClinicClient(clinic).get(path.format(doctor=doctor.pk)).content.decode()

    assert "⟦" in page
    own = [doctor.name, *Specialty.objects.values_list("name", flat=True)]
    assert list(hard_coded(page, own=own)) == []


def test_a_text_without_a_catalogue_is_found() -> None:
    page = '<p aria-label="Hard">⟦Phone: <a>⟦London⟧ time</a>⟧ coded <b>⟦Save⟧</b></p><script>let x</script>'

    assert list(hard_coded(page, own=[])) == ["coded", "Hard"]
