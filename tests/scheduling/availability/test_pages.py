"""The pages for finding a doctor and a time, as they are without JavaScript."""

import re
from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor
from tests.factories.queries import queries_of
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_visit_type


def radio_ids(page: str, name: str = "slot") -> list[str]:
    """The ids of a group of radio buttons, in order."""
    return re.findall(rf'<input type="radio" name="{name}" id="([^"]+)"', page)


def test_the_list_of_doctors_has_those_whom_the_api_finds_with_the_next_time(
    visitor: ClinicClient, now: datetime
) -> None:
    doctor = make_doctor(name="Marsh")
    make_slot(doctor, now + timedelta(days=1))

    page = visitor.get("/doctors").content.decode()

    assert re.findall(r'<a class="stretched-link" href="([^"]+)">([^<]+)</a>', page) == [
        (f"/doctors/{doctor.pk}", "Dr Marsh")
    ]
    assert "1 doctor</span>" in page
    assert "Next: <strong>" in page


def test_a_search_without_results_says_what_to_do(visitor: ClinicClient) -> None:
    page = visitor.get("/doctors?search=nobody&weekday=nine&page=x").content.decode()

    assert "No doctors match your search" in page


def test_the_times_of_a_doctor_are_the_slots_that_the_api_lists(visitor: ClinicClient, now: datetime) -> None:
    doctor = make_doctor()
    for hours in (30, 31, 60):
        make_slot(doctor, now + timedelta(hours=hours))
    week = f"doctor={doctor.pk}&from={now.date()}&to={now.date() + timedelta(days=6)}"

    page = visitor.get(f"/doctors/{doctor.pk}").content.decode()

    open_slots = data_of(visitor.get(f"/api/appointments/available/?{week}"))["results"]
    assert radio_ids(page) == [slot["id"] for slot in open_slots]
    assert len(open_slots) == 3


def test_a_week_without_times_leads_to_the_next_day_with_times(visitor: ClinicClient, now: datetime) -> None:
    doctor = make_doctor()
    make_slot(doctor, now + timedelta(days=20))

    page = visitor.get(f"/doctors/{doctor.pk}").content.decode()

    day = (now + timedelta(days=20)).date()
    assert f'<a href="?from={day}">Go to this day</a>' in page
    assert 'href="/waiting-list?doctor=' in page


def test_with_several_visit_types_the_first_step_asks_for_one(visitor: ClinicClient, now: datetime) -> None:
    doctor = make_doctor()
    make_slot(doctor, now + timedelta(days=1))
    types = [make_visit_type(name=name) for name in ("Check-up", "Vaccination")]

    asked = visitor.get(f"/doctors/{doctor.pk}").content.decode()
    missing = visitor.get(f"/doctors/{doctor.pk}?continue=1").content.decode()
    chosen = visitor.get(f"/doctors/{doctor.pk}?visit_type={types[0].pk}").content.decode()

    assert "What type of visit do you need?" in asked
    assert sorted(re.findall(r'<input type="radio" id="([^"]+)" name="visit_type"', asked)) == sorted(
        str(one.pk) for one in types
    )
    assert "Select a type of visit" in missing
    assert len(radio_ids(chosen)) == 1


def test_visit_types_are_filtered_by_how_the_patient_is_seen(visitor: ClinicClient) -> None:
    doctor, by_phone = make_doctor(), make_visit_type(mode="phone")
    make_visit_type()

    page = visitor.get(f"/doctors/{doctor.pk}?mode=phone").content.decode()
    unknown = visitor.get(f"/doctors/{doctor.pk}?mode=post").content.decode()

    radio = r'<input type="radio" id="([^"]+)" name="visit_type"'
    assert re.findall(radio, page) == [str(by_phone.pk)]
    assert len(re.findall(radio, unknown)) == 2
    assert 'aria-current="true" href="?mode=phone"' in page


def test_first_available_lists_each_time_once(visitor: ClinicClient, now: datetime) -> None:
    for _number in range(2):
        make_slot(make_doctor(), now + timedelta(days=1))

    page = visitor.get("/first-available?specialty=general-medicine").content.decode()

    assert len(radio_ids(page)) == 1


@pytest.mark.parametrize("path", ["/doctors", "/doctors/{doctor}", "/first-available"])
def test_public_pages_may_be_stored_unless_somebody_is_signed_in(
    visitor: ClinicClient, clinic: Clinic, path: str
) -> None:
    address = path.format(doctor=make_doctor().pk)

    assert visitor.get(address)["Cache-Control"] == "public, no-cache"
    visitor.cookies["refresh"] = "anything"
    assert visitor.get(address)["Cache-Control"] == "no-store"


def test_an_unknown_doctor_is_not_found(visitor: ClinicClient, clinic: Clinic) -> None:
    assert visitor.get(f"/doctors/{clinic.pk}").status_code == 404


@pytest.mark.parametrize("query", ["from=9999-12-31", "from=0001-01-01", "from=x", "slot=x&visit_type=x"])
def test_values_in_the_address_that_make_no_sense_are_ignored(visitor: ClinicClient, query: str) -> None:
    assert visitor.get(f"/doctors/{make_doctor().pk}?{query}").status_code == 200


def test_the_list_of_doctors_takes_as_many_queries_for_three_as_for_one(
    visitor: ClinicClient, now: datetime
) -> None:
    counts = []
    visitor.get("/doctors")  # fills the caches

    for number in range(3):
        make_slot(make_doctor(), now + timedelta(days=1, hours=number))
        counts.append(len(queries_of(lambda: visitor.get("/doctors"))))

    assert counts[2] == counts[0]


def test_a_day_with_many_times_is_folded_except_for_the_first_and_the_chosen_part(
    visitor: ClinicClient, now: datetime
) -> None:
    doctor, day = make_doctor(), (now + timedelta(days=1)).replace(hour=8, minute=0)
    slots = [make_slot(doctor, day + timedelta(minutes=30 * number)) for number in range(22)]
    make_slot(doctor, day + timedelta(days=1))

    page = visitor.get(f"/doctors/{doctor.pk}").content.decode()
    chosen = visitor.get(f"/doctors/{doctor.pk}?slot={slots[20].pk}").content.decode()

    folds = re.findall(r'<details class="fold day-fold"( open)?><summary>(\w+) <span[^>]*>([^<]+)<', page)
    assert folds == [
        (" open", "Morning", "8 times"),
        ("", "Afternoon", "10 times"),
        ("", "Evening", "4 times"),
    ]
    assert page.count('<p class="part-name">Morning') == 1
    assert re.findall(r'day-fold"( open)?>', chosen) == [" open", "", " open"]


def test_filters_in_the_address_select_times_and_stay_in_the_links(
    visitor: ClinicClient, now: datetime
) -> None:
    doctor, day = make_doctor(), now.replace(hour=9) + timedelta(days=1)
    early, late = make_slot(doctor, day), make_slot(doctor, day + timedelta(hours=9))
    later = make_slot(doctor, day + timedelta(days=20))

    page = visitor.get(f"/doctors/{doctor.pk}?after=17:00").content.decode()
    none_soon = visitor.get(
        f"/doctors/{doctor.pk}?part_of_day=morning&from={day + timedelta(days=2):%Y-%m-%d}"
    )
    none = visitor.get(f"/doctors/{doctor.pk}?part_of_day=evening&after=20:00").content.decode()

    assert (radio_ids(page), str(early.pk) in page) == ([str(late.pk)], False)
    assert "1 time matches your filters." in page
    assert '<option value="17:00" selected>5:00 pm</option>' in page
    assert f"?after=17%3A00&amp;from={now + timedelta(days=7):%Y-%m-%d}" in page
    assert f"part_of_day=morning&amp;from={later.starts_at:%Y-%m-%d}" in none_soon.content.decode()
    assert "Without filters, the first available time is on Tue 3 Mar." in none
    assert f'<a href="/doctors/{doctor.pk}">Clear filters</a>' in none


def test_doctors_are_filtered_and_their_links_keep_what_applies_to_times(visitor: ClinicClient) -> None:
    anna, ben = make_doctor(name="Anna"), make_doctor(name="Ben")
    Doctor.objects.filter(pk=anna.pk).update(sex="female", languages=["en", "pl"])
    Doctor.objects.filter(pk=ben.pk).update(sex="male", languages=["en"])

    page = visitor.get("/doctors?sex=female&language=pl&sex2=x&place=nowhere").content.decode()
    evening = visitor.get("/doctors?part_of_day=evening").content.decode()

    assert re.findall(r'<a class="stretched-link" href="([^"]+)">([^<]+)</a>', page) == [
        (f"/doctors/{anna.pk}", "Dr Anna")
    ]
    assert '<option value="pl" selected>Polish</option>' in page
    assert '<details class="fold filter-more" open>' in page
    assert "No doctors match your search" in evening


def test_doctors_stand_side_by_side_with_the_soonest_first(visitor: ClinicClient, now: datetime) -> None:
    doctors = [make_doctor(name=name) for name in ("Ash", "Birch", "Cedar")]
    for doctor, hours in zip(doctors, (60, 30, 90), strict=True):
        make_slot(doctor, now + timedelta(hours=hours))
    full = make_doctor(name="Dale")
    path = "/first-available?by=doctor"

    page = visitor.get(path).content.decode()
    # Other days, so that the cache has no answer.
    visitor.get(f"{path}&from=2026-03-04")
    queries = len(queries_of(lambda: visitor.get(f"{path}&from=2026-03-03")))
    make_slot(full, now + timedelta(hours=20))
    make_slot(make_doctor(), now + timedelta(hours=20))
    again = len(queries_of(lambda: visitor.get(f"{path}&from=2026-03-05")))

    assert re.findall(r'<h3 class="h6 mb-0" id="doctor-[^"]+">Dr (\w+)', page) == [
        "Birch",
        "Ash",
        "Cedar",
        "Dale",
    ]
    assert len(radio_ids(page)) == 3
    assert again == queries


def test_waiting_is_offered_only_if_a_doctor_offers_the_visit(visitor: ClinicClient, now: datetime) -> None:
    doctor, visit_type = make_doctor(), make_visit_type()

    offered = visitor.get(f"/doctors/{doctor.pk}").content.decode()
    possible = "/api/appointments/waitlist/possible/"
    before = data_of(visitor.get(f"{possible}?doctor={doctor.pk}"))
    visit_type.paused_by.add(doctor)
    paused = visitor.get("/first-available").content.decode()
    after = data_of(visitor.get(possible, {"specialty": "general-medicine"}))
    Doctor.objects.update(is_active=False)
    specialties = data_of(visitor.get("/api/clinic/"))["specialties"]

    assert ("Join the waiting list" in offered, "Join the waiting list" in paused) == (True, False)
    assert (before, after) == ({"is_possible": True}, {"is_possible": False})
    assert specialties == []
