"""The home page: what it shows, that each write changes it at once, and the page without JavaScript."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import ClinicSettings, Doctor, HomePage, OpeningHours, Specialty
from clinics.pages import frame
from clinics.public_cache import cache_get
from clinics.services.photos import set_photo
from clinics.services.pictures import encode_picture, remove_picture, set_picture
from scheduling.models import Place, VisitType
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.cache import empty_cache
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor
from tests.factories.pictures import picture_file
from tests.factories.visit_types import make_visit_type

PATH = "/api/clinic/home/"


@pytest.fixture(autouse=True)
def _no_web_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show the pages without the files of the web app."""
    monkeypatch.setattr(frame, "web_app_files", dict)


def home(clinic: Clinic) -> dict[str, Any]:
    """Return the home page as the API describes it."""
    data: dict[str, Any] = data_of(ClinicClient(clinic).get(PATH))
    return data


def add_hours(*rows: tuple[int, str, str]) -> None:
    """Store opening hours: weekday, opens, closes."""
    page, _new = HomePage.objects.get_or_create(pk=1)
    for weekday, opens, closes in rows:
        OpeningHours.objects.create(
            home_page=page,
            weekday=weekday,
            opens=time.fromisoformat(opens),
            closes=time.fromisoformat(closes),
        )


def test_a_clinic_that_has_written_nothing_has_a_page_with_its_name(clinic: Clinic) -> None:
    data = home(clinic)

    assert data == {
        "heading": "Welcome to Riverside",
        "welcome_html": "",
        "urgent_html": "",
        "hours": [],
        "hours_note": "",
        "sites": [],
        "picture": None,
        "offers": [],
        "specialties": [],
        "team": [],
        "team_size": 0,
    }


def test_the_week_has_seven_days_with_their_hours_in_words(clinic: Clinic) -> None:
    add_hours((0, "14:00", "17:30"), (0, "09:00", "13:00"), (5, "18:00", "00:00"), (6, "00:00", "00:00"))

    week = home(clinic)["hours"]

    assert [(day["name"], day["text"]) for day in week] == [
        ("Monday", "9:00 am to 1:00 pm, 2:00 pm to 5:30 pm"),
        ("Tuesday", "Closed"),
        ("Wednesday", "Closed"),
        ("Thursday", "Closed"),
        ("Friday", "Closed"),
        ("Saturday", "6:00 pm to midnight"),
        ("Sunday", "Open 24 hours"),
    ]
    assert week[0]["intervals"] == [
        {"opens": "09:00", "closes": "13:00"},
        {"opens": "14:00", "closes": "17:30"},
    ]


def test_addresses_have_a_map_and_a_route_and_places_that_are_not_used_are_left_out(clinic: Clinic) -> None:
    ClinicSettings.objects.update(address="12 Riverside Walk\nLondon SE1", phone="020")
    HomePage.objects.create(directions="Bus 7.")
    for name, active in (("Annex", True), ("Old house", False)):
        Place.objects.create(name=name, address="3 Yard", time_zone="Europe/London", is_active=active)

    sites = home(clinic)["sites"]

    assert [(site["name"], site["directions"]) for site in sites] == [("Riverside", "Bus 7."), ("Annex", "")]
    assert sites[0]["map_url"] == (
        "https://www.openstreetmap.org/search?query=12%20Riverside%20Walk%2C%20London%20SE1"
    )
    assert sites[1]["route_url"] == "https://www.google.com/maps/dir/?api=1&destination=3%20Yard"


def test_what_it_offers_are_bookable_visit_types_and_specialties_with_a_doctor(clinic: Clinic) -> None:
    doctor, gone = make_doctor(), make_doctor(is_active=False)
    doctor.specialties.add(Specialty.objects.get(code="dentistry"))
    gone.specialties.add(Specialty.objects.get(code="audiology"))
    make_visit_type(name="Check-up", duration_minutes=30, price="45.00", currency="GBP")
    make_visit_type(name="Old", is_active=False)

    data = home(clinic)

    assert [(offer["name"], offer["facts"]) for offer in data["offers"]] == [
        ("Check-up", "30 minutes · In person · £45.00")
    ]
    assert [specialty["code"] for specialty in data["specialties"]] == ["dentistry", "general-medicine"]
    assert [member["id"] for member in data["team"]] == [str(doctor.pk)]


def test_texts_are_shown_as_written_without_html_scripts_or_pictures(clinic: Clinic) -> None:
    text = "**Hello** <img src=x onerror=alert(1)>\n\n- [a](javascript:alert(1))\n- [b](https://b.example)"
    HomePage.objects.create(welcome=text, urgent_note="![x](https://c.example/x.png)")

    data = home(clinic)

    assert data["welcome_html"] == (
        "<p><strong>Hello</strong> &lt;img src=x onerror=alert(1)&gt;</p>\n"
        '<ul>\n<li>[a](javascript:alert(1))</li>\n<li><a href="https://b.example">b</a></li>\n</ul>\n'
    )
    assert "<img" not in data["urgent_html"]


WRITES: dict[str, Callable[[Doctor, User], Any]] = {
    "text": lambda doctor, by: HomePage.objects.create(heading="New"),
    "hours": lambda doctor, by: add_hours((0, "09:00", "17:00")),
    "settings": lambda doctor, by: ClinicSettings.objects.update(address="1 New Street"),
    "place": lambda doctor, by: Place.objects.create(name="P", address="x", time_zone="Europe/London"),
    "doctor's name": lambda doctor, by: Doctor.objects.filter(pk=doctor.pk).update(name="Newname"),
    "doctor leaves": lambda doctor, by: Doctor.objects.filter(pk=doctor.pk).update(is_active=False),
    "doctor's photo": lambda doctor, by: set_photo(doctor=doctor, upload=picture_file(), by=by),
    "specialties": lambda doctor, by: doctor.specialties.set(Specialty.objects.all()[:1]),
    "visit type": lambda doctor, by: VisitType.objects.create(name="New"),
    "picture": lambda doctor, by: set_picture(
        kind="photo", encoded=encode_picture(kind="photo", upload=picture_file()), by=by
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_each_write_changes_the_cached_page_at_once(
    clinic: Clinic, admin: User, write: Callable[[Doctor, User], Any]
) -> None:
    doctor = make_doctor(name="Oldname")
    empty_cache(clinic)  # and the markers of the fixtures' writes, during which nothing is cached
    before = home(clinic)
    was_cached = cache_get("home en-gb").value is not None

    write(doctor, admin)

    assert (was_cached, home(clinic) != before) == (True, True)


def test_a_cached_page_needs_no_queries_of_its_own(clinic: Clinic) -> None:
    client = ClinicClient(clinic)
    client.get(PATH)
    was_stored = cache_get("home en-gb").value is not None

    with CaptureQueriesContext(connection) as queries:
        client.get(PATH)

    assert (was_stored, [query["sql"] for query in queries if "FROM" in query["sql"]]) == (True, [])


def test_the_page_without_javascript_shows_the_same_with_structured_data(clinic: Clinic) -> None:
    ClinicSettings.objects.update(address="12 Riverside Walk", phone="+44 20 7946 0123")
    add_hours((0, "09:00", "17:00"))
    HomePage.objects.update(heading="Hello & <welcome>", urgent_note="Call 999.")
    doctor = make_doctor(name="Ng", qualification="MBBS")

    page = ClinicClient(clinic).get("/").content.decode()

    assert "Hello &amp; &lt;welcome&gt;</h1>" in page
    assert all(text in page for text in ("Call 999.", "9:00 am to 5:00 pm", "MBBS", f"/doctors/{doctor.pk}"))
    assert '<link rel="canonical" href="' in page
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert '"@type": "MedicalClinic"' in data
    assert '"dayOfWeek": "https://schema.org/Monday", "opens": "09:00", "closes": "17:00"' in data


def test_another_clinic_has_its_own_page(clinic: Clinic, other_clinic: Clinic) -> None:
    HomePage.objects.create(heading="Only here")

    assert home(clinic)["heading"] == "Only here"
    assert home(other_clinic)["heading"] == "Welcome to Hudson"


def test_a_removed_picture_is_gone_from_the_page(clinic: Clinic, admin: User) -> None:
    encoded = encode_picture(kind="photo", upload=picture_file())
    set_picture(kind="photo", encoded=encoded, by=admin)
    HomePage.objects.create(picture_description="A house")
    shown = home(clinic)["picture"]

    remove_picture(kind="photo", by=admin)

    assert (shown["alt"], shown["width"], shown["height"]) == ("A house", 900, 600)
    assert [source["type"] for source in shown["sources"]] == ["image/avif", "image/webp"]
    assert home(clinic)["picture"] is None
    assert ClinicSettings.objects.get().pictures == {}
