"""What the home page shows, for the API, the web app's first page and the pages without JavaScript."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinics.home_selectors import (
    TEAM_LIMIT,
    home_page,
    other_places,
    team,
    week_of,
)
from clinics.models import ClinicSettings, Doctor, HomePage, OpeningHours, Specialty
from clinics.picture_files import describe_picture, doctor_photo_urls
from clinics.public_cache import cache_get, cache_set
from clinics.selectors import clinic_settings, practised_specialties, visit_types
from clinics.text_markup import render_markup
from clinics.visit_facts import visit_facts
from tenants.current import current_clinic

_MAP = "https://www.openstreetmap.org/search?query="
_ROUTE = "https://www.google.com/maps/dir/?api=1&destination="


def home_page_data() -> dict[str, Any]:
    """Return the data of the home page, from the cache if it is there. The API describes it."""
    key = f"home {get_language()}"
    lookup = cache_get(key)
    if lookup.value is not None:
        data: dict[str, Any] = json.loads(lookup.value)
    else:
        data = describe_home_page(home_page(), OpeningHours.objects.all())
        cache_set(key, json.dumps(data).encode(), lookup)
    # Not cached: the clinic's name is in the public schema.
    return with_names(data)


def with_names(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with the clinic's name, where nothing else was written."""
    name = current_clinic().name
    sites = [{**site, "name": site["name"] or name} for site in data["sites"]]
    heading = data["heading"] or _("Welcome to %(clinic)s") % {"clinic": name}
    return {**data, "heading": heading, "sites": sites}


def describe_home_page(page: HomePage, hours: Iterable[OpeningHours]) -> dict[str, Any]:
    """Return the data of a home page, whether or not it is stored, without the clinic's name."""
    settings, doctors = clinic_settings(), list(team())
    picture = describe_picture("photo", settings.pictures.get("photo"))
    return {
        "heading": page.heading,
        "welcome_html": render_markup(page.welcome),
        "urgent_html": render_markup(page.urgent_note),
        "hours": week_of(hours),
        "hours_note": page.hours_note,
        "sites": _sites(page, settings),
        "picture": {**picture, "alt": page.picture_description} if picture else None,
        "offers": [_describe_offer(visit_type) for visit_type in visit_types()],
        "specialties": [_describe_specialty(specialty) for specialty in practised_specialties()],
        "team": [_describe_doctor(doctor) for doctor in doctors[:TEAM_LIMIT]] if page.shows_team else [],
        "team_size": len(doctors),
    }


def _describe_offer(visit_type: Any) -> dict[str, str]:
    """Return a visit type with its facts in one line: “30 minutes · By video · £45.00”."""
    facts = visit_facts(
        minutes=visit_type.duration_minutes,
        mode=visit_type.mode,
        amount=visit_type.price,
        currency=visit_type.currency,
    )
    return {
        "id": str(visit_type.pk),
        "name": visit_type.name,
        "description": visit_type.description,
        "facts": facts,
    }


def _describe_specialty(specialty: Specialty) -> dict[str, str]:
    return {"id": str(specialty.pk), "code": specialty.code, "name": specialty.name}


def _describe_doctor(doctor: Doctor) -> dict[str, Any]:
    return {
        "id": str(doctor.pk),
        "name": doctor.name,
        "display_name": doctor.display_name,
        "qualification": doctor.qualification,
        "specialties": [_describe_specialty(specialty) for specialty in doctor.specialties.all()],
        "photo": doctor_photo_urls(doctor),
    }


def _sites(page: HomePage, settings: ClinicSettings) -> list[dict[str, str]]:
    """Return the clinic's own address, if it has one, and its other places. The own one has no name yet."""
    sites = [
        _describe_site(place.name, place.address, place.phone, place.directions) for place in other_places()
    ]
    if settings.address:
        sites.insert(0, _describe_site("", settings.address, settings.phone, page.directions))
    return sites


def _describe_site(name: str, address: str, phone: str, directions: str) -> dict[str, str]:
    where = quote(", ".join(line.strip() for line in address.splitlines() if line.strip()))
    return {
        "name": name,
        "address": address,
        "phone": phone,
        "directions": directions,
        "map_url": _MAP + where if where else "",
        "route_url": _ROUTE + where if where else "",
    }
