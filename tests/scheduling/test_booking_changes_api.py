"""Holds, rescheduling and attendance over HTTP, and hours that somebody else has changed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_place, make_question, make_visit_type

AsUser = Callable[..., ClinicClient]
API = "/api/appointments"
HOUR = timedelta(hours=1)


def test_a_patient_holds_a_time_and_books_it(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    visit = make_visit_type(name="First visit", needs_approval=True)
    question = make_question(visit, is_required=True)
    slot, client = make_slot(doctor, now + HOUR), as_user(patient.user)

    held = client.post(f"{API}/holds/", {"slot": str(slot.pk), "visit_type": str(visit.pk)})
    hold = data_of(held)["id"]
    without_answers = client.post(f"{API}/bookings/", {"hold": hold})
    booked = client.post(f"{API}/bookings/", {"hold": hold, "answers": {str(question.pk): "Monday"}})
    second = client.post(f"{API}/bookings/", {"hold": hold, "answers": {str(question.pk): "Monday"}})

    assert (held.status_code, data_of(held)["held_until"]) == (201, "2026-03-02T12:10:00Z")
    assert (without_answers.status_code, without_answers.json()["errors"].keys()) == (400, {"answers"})
    assert (booked.status_code, data_of(booked)["status"]) == (201, "PENDING")
    assert data_of(booked)["visit_type"]["name"] == "First visit"
    assert data_of(booked)["answers"] == [
        {"question": str(question.pk), "text": "Since when?", "answer": "Monday"}
    ]
    assert (second.status_code, second.json()["code"]) == (409, "hold_expired")


def test_without_a_visit_type_the_clinics_default_applies(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    client = as_user(patient.user)
    slots = [{"slot": str(make_slot(doctor, now + n * HOUR).pk)} for n in (1, 2, 3)]

    without_visit_types = data_of(client.post(f"{API}/bookings/", slots[0]))["visit_type"]
    make_visit_type(new_patients_only=True)
    without_default = client.post(f"{API}/bookings/", slots[1])
    make_visit_type(name="Last", position=9)
    make_visit_type(name="Usual", position=5, needs_approval=True)
    booked = data_of(client.post(f"{API}/bookings/", slots[2]))

    assert without_visit_types is None
    assert (without_default.status_code, without_default.json()["errors"].keys()) == (400, {"visit_type"})
    assert (booked["visit_type"]["name"], booked["status"]) == ("Usual", "PENDING")


def test_a_hold_is_not_listed_and_cannot_be_opened(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    client = as_user(patient.user)
    hold = data_of(client.post(f"{API}/holds/", {"slot": str(make_slot(doctor, now + HOUR).pk)}))["id"]

    assert data_of(client.get(f"{API}/my-bookings/"))["results"] == []
    assert client.get(f"{API}/bookings/{hold}/").status_code == 404
    assert [client.delete(f"{API}/holds/{hold}/").status_code for _ in range(2)] == [200, 404]


@pytest.mark.parametrize(
    "body",
    [{}, {"slot": "x"}, {"slot": None, "hold": None}, {"starts_at": "2026-03-02T13:00:00"}],
)
def test_a_booking_names_a_slot_a_hold_or_a_start(
    patient: Patient, as_user: AsUser, body: dict[str, object]
) -> None:
    assert as_user(patient.user).post(f"{API}/bookings/", body).status_code == 400


def test_any_doctor_of_a_specialty_can_be_booked_by_time(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    slot, client = make_slot(doctor, now + HOUR), as_user(patient.user)
    body = {"starts_at": slot.starts_at.isoformat(), "specialty": "general-medicine"}

    other_specialty = client.post(f"{API}/bookings/", {**body, "specialty": "dentistry"})
    booked = client.post(f"{API}/bookings/", body)

    assert (other_specialty.status_code, other_specialty.json()["code"]) == (409, "slot_taken")
    assert (booked.status_code, data_of(booked)["doctor"]["id"]) == (201, str(doctor.pk))


def test_a_patient_can_reschedule_and_gets_alternatives_if_refused(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    taken, other = make_slot(doctor, now + 2 * HOUR), make_slot(doctor, now + 3 * HOUR)
    make_booking(taken, make_patient(), now=now)
    client, url = as_user(patient.user), f"{API}/bookings/{booking.pk}/reschedule/"

    refused = client.post(url, {"slot": str(taken.pk)})
    moved = client.post(url, {"slot": str(other.pk)})

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert [slot["id"] for slot in refused.json()["data"]["alternatives"]] == [str(other.pk)]
    assert (moved.status_code, data_of(moved)["local_time"]) == (200, "15:00")


def test_the_front_desk_confirms_a_pending_booking_once(
    doctor: Doctor, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    visit, slot = make_visit_type(needs_approval=True), make_slot(doctor, now + HOUR)
    body = {"slot": str(slot.pk), "visit_type": str(visit.pk)}
    booking = data_of(as_user(patient.user).post(f"{API}/bookings/", body))["id"]

    confirmed = as_user(admin).post(f"{API}/bookings/{booking}/confirm/")
    second_time = as_user(doctor.user).post(f"{API}/bookings/{booking}/confirm/")

    assert data_of(confirmed)["status"] == "CONFIRMED"
    assert (second_time.status_code, second_time.json()["code"]) == (409, "booking_over")


def test_staff_overbook_only_on_request(
    doctor: Doctor, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    slot, other = make_slot(doctor, now + HOUR), make_patient()
    make_booking(slot, patient, now=now)
    body = {"slot": str(slot.pk), "patient": str(other.pk)}

    responses = [
        as_user(admin).post(f"{API}/bookings/", {**body, "overbook": overbook}) for overbook in (False, True)
    ]
    slots_of_day = data_of(as_user(doctor.user).get(f"{API}/my-appointments/"))["results"]

    assert [response.status_code for response in responses] == [409, 201]
    assert [len(each["others"]) for each in slots_of_day] == [1]


def test_a_long_visit_shows_in_each_of_its_slots(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    slots = [make_slot(doctor, now + HOUR + n * timedelta(minutes=15), minutes=15) for n in range(3)]
    visit = make_visit_type(duration_minutes=30)
    as_user(patient.user).post(f"{API}/bookings/", {"slot": str(slots[0].pk), "visit_type": str(visit.pk)})

    slots_of_day = data_of(as_user(doctor.user).get(f"{API}/my-appointments/"))["results"]

    assert [each["status"] for each in slots_of_day] == ["booked", "booked", "free"]
    assert as_user(doctor.user).delete(f"{API}/slots/{slots[1].pk}/").json()["code"] == "slot_booked"


def test_my_appointments_has_a_constant_number_of_queries(
    doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    client, query_counts = as_user(doctor.user), []
    client.get(f"{API}/my-appointments/")  # caches the host
    for number in (1, 2, 3):
        make_booking(make_slot(doctor, now + number * HOUR), make_patient(), now=now)
        query_counts.append(len(queries_of(lambda: client.get(f"{API}/my-appointments/"))))

    assert query_counts[0] == query_counts[2]


def test_hours_that_somebody_else_has_changed_are_not_overwritten(doctor: Doctor, as_user: AsUser) -> None:
    client, url = as_user(doctor.user), f"{API}/working-hours/"
    monday = {"weekday": 0, "opens": "09:00", "closes": "12:00", "slot_minutes": 30}
    read = client.get(url).headers["ETag"]

    first = client.put(url, [monday], headers={"If-Match": read})
    stale = client.put(url, [], headers={"If-Match": read})
    exception = client.put(
        f"{API}/exceptions/", {"date": "2026-12-24", "intervals": []}, headers={"If-Match": read}
    )
    deleted = client.delete(f"{API}/exceptions/?date=2026-12-24", headers={"If-Match": read})
    invalid = client.put(url, [], headers={"If-Match": '"x"'})
    current = client.put(url, [], headers={"If-Match": first.headers["ETag"]})

    refused = (stale, exception, deleted, invalid)
    assert [each.status_code for each in (first, current)] == [200, 200]
    assert {(each.status_code, each.json()["code"]) for each in refused} == {(409, "hours_changed")}
    assert data_of(client.get(url)) == []


def test_alternating_weeks_and_places_are_set_and_read_back(doctor: Doctor, as_user: AsUser) -> None:
    place = make_place("America/New_York")
    client, url = as_user(doctor.user), f"{API}/working-hours/"
    week = [
        {
            "weekday": 0,
            "opens": "09:00",
            "closes": "12:00",
            "slot_minutes": 30,
            "weeks": letter,
            "place": place_id,
        }
        for letter, place_id in (("A", None), ("B", str(place.pk)))
    ]

    put = client.put(url, week)
    unknown_place = client.put(url, [{**week[0], "place": str(doctor.pk)}])

    assert [(each["weeks"], each["place"]) for each in data_of(put)] == [("A", None), ("B", str(place.pk))]
    assert (unknown_place.status_code, unknown_place.json()["errors"].keys()) == (400, {"place"})


def test_a_time_at_a_place_is_in_the_places_time_zone(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    place = make_place("America/New_York", name="Branch")
    slot = make_slot(doctor, now + HOUR, place=place)
    client = as_user(patient.user)

    (shown,) = data_of(client.get(f"{API}/available/"))["results"]
    booked = data_of(client.post(f"{API}/bookings/", {"slot": str(slot.pk)}))

    expected = ("America/New_York", "New York time", "2026-03-02", "08:00", "08:30")
    names = ("time_zone", "tz_label", "local_date", "local_time", "local_end_time")
    assert [tuple(each[name] for name in names) for each in (shown, booked)] == [expected, expected]
    assert (shown["place"], booked["place"]["name"]) == (str(place.pk), "Branch")


def test_every_instant_is_in_utc_for_any_time_zone_of_the_clinic(
    other_clinic: Clinic, client_for: Callable[..., ClinicClient], at_now: datetime
) -> None:
    with enter_clinic(other_clinic):
        doctor, patient = make_doctor(), make_patient()
        slot = make_slot(doctor, at_now + HOUR)
        make_slot(doctor, at_now + 2 * HOUR)
        client = client_for(other_clinic, patient.user)

        booked = data_of(client.post(f"{API}/bookings/", {"slot": str(slot.pk)}))
        doctor_data = data_of(client.get(f"/api/users/doctors/{doctor.pk}/"))

    names = ("starts_at", "ends_at", "created_at")
    assert [booked[name] for name in names] == [
        f"2026-03-02T{at}Z" for at in ("13:00:00", "13:30:00", "12:00:00")
    ]
    assert (doctor_data["next_available"], booked["local_time"]) == ("2026-03-02T14:00:00Z", "08:00")


@pytest.mark.parametrize("now", [datetime.fromisoformat("2026-10-20T00:00:00+00:00")])
def test_the_two_passes_of_a_repeated_hour_are_distinguished(doctor: Doctor, as_user: AsUser) -> None:
    starts = [datetime.fromisoformat(f"2026-10-25T0{hour}:30:00+00:00") for hour in range(3)]
    for start in starts:
        make_slot(doctor, start)

    shown = data_of(as_user().get(f"{API}/available/?from=2026-10-25&to=2026-10-25"))["results"]

    assert [(each["local_time"], each["clock_pass"]) for each in shown] == [
        ("01:30", 1),
        ("01:30", 2),
        ("02:30", 0),
    ]
    assert Booking.objects.count() == 0
