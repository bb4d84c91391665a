"""Queries for the clinic's public pages: the home page, its opening hours and team, and the legal pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.models import Doctor, HomePage, LegalPages, OpeningHours
from clinics.selectors import clinic_settings
from clinics.text_markup import render_markup
from tenants.base.errors import NotFound
from tenants.base.weekdays import Weekday
from tenants.base.words import clock_time
from tenants.current import current_clinic

TEAM_LIMIT = 12
"""How many doctors the home page shows. The others are behind a link."""
LEGAL_TITLES = {
    "privacy": gettext_lazy("Privacy notice"),
    "accessibility": gettext_lazy("Accessibility statement"),
    "terms": gettext_lazy("Terms of use"),
}
"""The legal pages by the last part of their URLs."""

Places = Callable[[], Iterable[Any]]
_places: list[Places] = []


def register_places(selector: Places) -> Places:
    """Register a source of the clinic's other places: the scheduling app, which this one cannot import."""
    _places.append(selector)
    return selector


def other_places() -> list[Any]:
    """Return the places in use besides the clinic's own address, by name."""
    return [place for selector in _places for place in selector()]


def home_page() -> HomePage:
    """Return the texts of the home page: empty ones if the clinic has written none."""
    return HomePage.objects.first() or HomePage()


def week_of(hours: Iterable[OpeningHours]) -> list[dict[str, Any]]:
    """Return the seven days of the week from Monday, or none if there are no hours at all.

    Each has `weekday`, `name`, `intervals` (`opens` and `closes` as HH:MM) and `text`, as people read it:
    “9:00 am to 1:00 pm, 2:00 pm to 5:00 pm”, or “Closed”.
    """
    rows = sorted(hours, key=lambda row: (row.weekday, row.opens))
    days = []
    for weekday, name in Weekday.choices if rows else ():
        of_day = [row for row in rows if row.weekday == weekday]
        intervals = [{"opens": f"{row.opens:%H:%M}", "closes": f"{row.closes:%H:%M}"} for row in of_day]
        text = ", ".join(_interval_text(row) for row in of_day) or _("Closed")
        days.append({"weekday": weekday, "name": str(name), "text": text, "intervals": intervals})
    return days


def _interval_text(row: OpeningHours) -> str:
    if row.opens == row.closes == time(0):
        return _("Open 24 hours")
    closes = _("midnight") if row.closes == time(0) else clock_time(f"{row.closes:%H:%M}")
    return _("%(opens)s to %(closes)s") % {"opens": clock_time(f"{row.opens:%H:%M}"), "closes": closes}


def team() -> QuerySet[Doctor]:
    """Return the doctors whom patients can book, by name, with their specialties."""
    found: QuerySet[Doctor] = Doctor.objects.bookable().prefetch_related("specialties").order_by("name", "id")
    return found


def public_doctor(doctor_id: Any) -> Doctor:
    """Return a doctor whom patients can book, with their specialties.

    :raises NotFound: there is none with this id
    """
    doctor = team().filter(pk=doctor_id).first()
    if doctor is None:
        raise NotFound
    return doctor


@dataclass(frozen=True, slots=True)
class LegalPage:
    """A legal page as visitors read it."""

    kind: str
    title: str
    html: str
    changed_on: date | None
    """When the clinic changed its text; None for the standard text."""


def legal_page(kind: str) -> LegalPage:
    """Return a legal page: the clinic's own text, or the standard text with the clinic's details.

    :param kind: `privacy`, `accessibility` or `terms`
    :raises NotFound: there is no such page
    """
    if kind not in LEGAL_TITLES:
        raise NotFound
    own = LegalPages.objects.first() or LegalPages()
    text = getattr(own, kind)
    return LegalPage(
        kind=kind,
        title=str(LEGAL_TITLES[kind]),
        html=render_markup(text or standard_legal_text(kind)),
        changed_on=getattr(own, f"{kind}_changed_on") if text else None,
    )


def standard_legal_text(kind: str) -> str:
    """Return the standard text of a legal page, with the clinic's name and contact details."""
    context = {"clinic": current_clinic(), "settings": clinic_settings()}
    return render_to_string(f"clinics/legal/{kind}.txt", context).strip() + "\n"
