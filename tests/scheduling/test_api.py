"""The scheduling API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking, Slot
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_hours, make_slot

AsUser = Callable[..., ClinicClient]
SCHEDULE = "/api/appointments"
HOURS = {"weekday": 0, "opens": "09:00", "closes": "24:00", "slot_minutes": 30}


def booking_url(booking: Booking, action: str = "") -> str:
    return f"{SCHEDULE}/bookings/{booking.pk}/{action}"


@pytest.fixture
def slot(doctor: Doctor, now: datetime) -> Slot:
    """An open slot an hour from now."""
    return make_slot(doctor, now + timedelta(hours=1))


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """The patient's booking with the doctor, a day from now."""
    return make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now, reason="Cough")


def test_a_patient_books_and_reads_the_booking_in_full(
    doctor: Doctor, patient: Patient, slot: Slot, as_user: AsUser
) -> None:
    response = as_user(patient.user).post(f"{SCHEDULE}/bookings/", {"slot": str(slot.pk), "reason": "Cough"})

    booking = Booking.objects.get()
    assert response.status_code == 201
    assert data_of(response) == {
        "id": str(booking.pk),
        "status": "CONFIRMED",
        "slot": str(slot.pk),
        "doctor": {
            "id": str(doctor.pk),
            "display_name": doctor.display_name,
            "specialties": [
                {"id": str(each.pk), "code": each.code, "name": each.name}
                for each in doctor.specialties.all()
            ],
        },
        "patient": {"id": str(patient.pk), "name": patient.full_name},
        "visit_type": None,
        "place": None,
        "room": None,
        "series": None,
        "overbooked": False,
        "reason": "Cough",
        "answers": [],
        "can_cancel": True,
        "can_reschedule": True,
        "can_repeat": True,
        "can_check_in": False,
        "created_at": "2026-03-02T12:00:00Z",
        "cancelled_at": None,
        "attendance_confirmed_at": None,
        "starts_at": "2026-03-02T13:00:00Z",
        "ends_at": "2026-03-02T13:30:00Z",
        "time_zone": "Europe/London",
        "tz_label": "London time",
        "local_date": "2026-03-02",
        "local_time": "13:00",
        "local_end_time": "13:30",
        "clock_pass": 0,
    }


def test_a_taken_slot_gives_409_with_alternatives(
    doctor: Doctor, patient: Patient, slot: Slot, as_user: AsUser, now: datetime
) -> None:
    other = make_slot(doctor, now + timedelta(hours=2))
    make_booking(slot, make_patient(), now=now)

    response = as_user(patient.user).post(f"{SCHEDULE}/bookings/", {"slot": str(slot.pk)})

    body = response.json()
    assert (response.status_code, body["code"], body["success"]) == (409, "slot_taken", False)
    assert [each["id"] for each in body["data"]["alternatives"]] == [str(other.pk)]
    assert body["data"]["alternatives"][0]["doctor_name"] == doctor.display_name


def test_an_admin_must_name_the_patient_of_a_booking(
    admin: User, patient: Patient, slot: Slot, as_user: AsUser
) -> None:
    book = partial(as_user(admin).post, f"{SCHEDULE}/bookings/")

    missing, unknown = book({"slot": str(slot.pk)}), book({"slot": str(slot.pk), "patient": str(uuid4())})
    booked = book({"slot": str(slot.pk), "patient": str(patient.pk)})

    assert [list(response.json()["errors"]) for response in (missing, unknown)] == [["patient"], ["patient"]]
    assert (booked.status_code, data_of(booked)["patient"]["id"]) == (201, str(patient.pk))


def test_a_patient_cannot_book_for_another_patient_or_learn_who_exists(
    patient: Patient, slot: Slot, as_user: AsUser
) -> None:
    book = partial(as_user(patient.user).post, f"{SCHEDULE}/bookings/")

    stranger, nobody = (
        book({"slot": str(slot.pk), "patient": str(key)}) for key in (make_patient().pk, uuid4())
    )

    assert (stranger.status_code, stranger.json()) == (400, nobody.json())
    assert list(stranger.json()["errors"]) == ["patient"]
    assert Booking.objects.count() == 0


def test_a_booking_is_visible_to_its_patient_doctor_and_admins_only(
    booking: Booking, doctor: Doctor, patient: Patient, admin: User, as_user: AsUser
) -> None:
    users = [patient.user, doctor.user, admin, make_patient().user, make_doctor().user, None]

    read = [as_user(user).get(booking_url(booking)).status_code for user in users]
    cancelled = [as_user(user).post(booking_url(booking, "cancel/")).status_code for user in users[3:]]

    assert (read, cancelled) == ([200, 200, 200, 404, 404, 401], [404, 404, 401])
    assert Booking.objects.get().status == "CONFIRMED"


@pytest.mark.parametrize("role", ["patient", "doctor", "admin"])
def test_patient_doctor_and_admin_can_cancel_a_booking_once(
    booking: Booking, as_user: AsUser, role: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(role)
    client = as_user(getattr(person, "user", person))

    first, second = (client.post(booking_url(booking, "cancel/"), {"reason": "Ill"}) for _ in range(2))

    assert (data_of(first)["status"], data_of(first)["can_cancel"]) == ("CANCELLED", False)
    assert (second.status_code, second.json()["code"]) == (409, "booking_over")
    assert booking.events.get(kind="cancelled").note == "Ill"


def test_my_bookings_lists_own_bookings_by_time_and_status(
    patient: Patient, as_user: AsUser, now: datetime
) -> None:
    doctor, client = make_doctor(), as_user(patient.user)
    later, sooner, cancelled = (
        make_booking(make_slot(doctor, now + timedelta(hours=n)), patient, now=now) for n in (3, 1, 2)
    )
    make_booking(make_slot(doctor, now + timedelta(hours=9)), make_patient(), now=now)
    client.post(booking_url(cancelled, "cancel/"))

    def mine(**query: str) -> list[str]:
        return [each["id"] for each in data_of(client.get(f"{SCHEDULE}/my-bookings/", query))["results"]]

    def ids(*bookings: Booking) -> list[str]:
        return [str(each.pk) for each in bookings]

    assert mine() == ids(later, cancelled, sooner)
    assert mine(when="upcoming") == ids(sooner, later)
    assert mine(when="past") == ids(cancelled)
    assert mine(status="CONFIRMED") == ids(later, sooner)


def test_my_appointments_lists_the_doctors_day_with_bookings(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    booked, free, blocked = (
        make_slot(doctor, now + timedelta(hours=n), status=status)
        for n, status in ((1, "free"), (2, "free"), (3, "blocked"))
    )
    make_slot(doctor, now + timedelta(hours=4), status="withdrawn")
    make_slot(doctor, now + timedelta(days=1))
    make_slot(make_doctor(), now + timedelta(hours=1))
    booking = make_booking(booked, patient, now=now, reason="Cough")
    get = partial(as_user(doctor.user).get, f"{SCHEDULE}/my-appointments/")

    results = data_of(get())["results"]

    assert [(each["id"], each["status"]) for each in results] == [
        (str(booked.pk), "booked"),
        (str(free.pk), "free"),
        (str(blocked.pk), "blocked"),
    ]
    assert results[0]["booking"] == {
        "id": str(booking.pk),
        "status": "CONFIRMED",
        "attendance_confirmed_at": None,
        "starts_at": "2026-03-02T13:00:00Z",
        "ends_at": "2026-03-02T13:30:00Z",
        "reason": "Cough",
        "answers": [],
        "visit_type": None,
        "room": None,
        "overbooked": False,
        "patient": {
            "id": str(patient.pk),
            "name": patient.full_name,
            "phone": "",
            "phone_display": "",
            "email_problem": "",
        },
    }
    assert [each["id"] for each in data_of(get({"status": "booked"}))["results"]] == [str(booked.pk)]
    assert [each["id"] for each in data_of(get({"status": "free"}))["results"]] == [str(free.pk)]
    assert data_of(get({"from": "2026-03-02", "to": "2026-03-03"}))["count"] == 4


def test_a_doctor_can_add_one_slot_or_several(doctor: Doctor, as_user: AsUser) -> None:
    post = partial(as_user(doctor.user).post, f"{SCHEDULE}/availability/")

    one = post({"starts_at": "2026-03-03T09:00:00+01:00", "ends_at": "2026-03-03T08:30:00Z"})
    several = post({"date": "2026-03-04", "from": "23:00", "to": "24:00", "slot_minutes": 20})
    again = post({"date": "2026-03-04", "from": "22:50", "to": "23:10", "slot_minutes": 20})

    assert (one.status_code, [each["local_time"] for each in data_of(one)]) == (201, ["08:00"])
    assert [each["local_time"] for each in data_of(several)] == ["23:00", "23:20", "23:40"]
    assert (again.status_code, again.json()["code"]) == (409, "slot_overlaps")


def test_a_slot_can_be_moved_blocked_and_deleted_by_its_doctor_or_an_admin(
    slot: Slot, doctor: Doctor, admin: User, as_user: AsUser
) -> None:
    url = f"{SCHEDULE}/slots/{slot.pk}/"
    doctor_client, admin_client = as_user(doctor.user), as_user(admin)

    blocked = doctor_client.patch(url, {"status": "blocked"})
    moved = admin_client.put(url, {"starts_at": "2026-03-03T09:00:00Z", "ends_at": "2026-03-03T09:20:00Z"})
    deleted, deleted_again = doctor_client.delete(url), doctor_client.delete(url)

    assert data_of(blocked)["status"] == "blocked"
    assert (data_of(moved)["local_time"], data_of(moved)["local_end_time"]) == ("09:00", "09:20")
    assert (deleted.status_code, deleted_again.status_code) == (200, 404)


def test_a_booked_slot_cannot_be_deleted_blocked_or_moved(
    booking: Booking, doctor: Doctor, as_user: AsUser
) -> None:
    url, client = f"{SCHEDULE}/slots/{booking.slot_id}/", as_user(doctor.user)

    responses = [
        client.delete(url),
        client.patch(url, {"status": "blocked"}),
        client.patch(url, {"ends_at": "2026-03-03T13:30:00Z"}),
    ]

    assert {(response.status_code, response.json()["code"]) for response in responses} == {
        (409, "slot_booked")
    }


def test_working_hours_are_replaced_as_a_whole(doctor: Doctor, admin: User, as_user: AsUser) -> None:
    url, client = f"{SCHEDULE}/working-hours/", as_user(doctor.user)
    stored = {**HOURS, "valid_from": None, "valid_until": "2026-12-31", "weeks": "every", "place": None}

    client.put(url, [HOURS, {**HOURS, "weekday": 6}])
    put = client.put(url, [{**HOURS, "valid_until": "2026-12-31"}])

    assert data_of(put) == [stored]
    assert data_of(client.get(url)) == [stored]
    assert data_of(as_user(admin).get(url, {"doctor": str(doctor.pk)})) == [stored]
    assert data_of(client.put(url, [])) == []


def test_exceptions_are_set_and_removed_by_day(doctor: Doctor, as_user: AsUser) -> None:
    url, client = f"{SCHEDULE}/exceptions/", as_user(doctor.user)
    other = {
        "date": "2026-03-09",
        "intervals": [["09:00", "12:00"], ["22:00", "24:00"]],
        "slot_minutes": 20,
        "place": None,
    }

    assert data_of(client.put(url, other)) == other
    client.put(url, {"date": "2026-12-25", "intervals": []})
    removed = [client.delete(f"{url}?date=2026-03-09").status_code for _ in range(2)]

    assert removed == [200, 404]
    assert data_of(client.get(url)) == [
        {"date": "2026-12-25", "intervals": [], "slot_minutes": 30, "place": None}
    ]


def test_doctors_reach_their_own_hours_and_admins_name_the_doctor(
    doctor: Doctor, admin: User, as_user: AsUser
) -> None:
    other = {"doctor": str(make_doctor().pk)}
    for url in (f"{SCHEDULE}/working-hours/", f"{SCHEDULE}/exceptions/"):
        assert as_user(doctor.user).get(url, other).status_code == 404
        assert as_user(admin).get(url, other).status_code == 200
        assert as_user(admin).get(url, {"doctor": str(uuid4())}).status_code == 404
        assert list(as_user(admin).get(url).json()["errors"]) == ["doctor"]


def test_every_list_has_a_constant_number_of_queries(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    patient_client, doctor_client = as_user(patient.user), as_user(doctor.user)
    lists = [
        (patient_client, f"{SCHEDULE}/my-bookings/"),
        (patient_client, "/api/users/doctors/"),
        (doctor_client, f"{SCHEDULE}/my-appointments/"),
        (doctor_client, f"{SCHEDULE}/working-hours/"),
        (doctor_client, f"{SCHEDULE}/exceptions/"),
    ]

    def add(number: int) -> None:
        make_booking(make_slot(doctor, now + timedelta(hours=number)), patient, now=now)
        make_hours(doctor, *((weekday, "09:00", "12:00") for weekday in range(number)), now=now)
        doctor_client.put(
            f"{SCHEDULE}/exceptions/", {"date": f"2026-04-0{number}", "intervals": [["09:00", "12:00"]]}
        )

    def query_counts() -> list[int]:
        return [len(queries_of(partial(client.get, url))) for client, url in lists]

    add(1)
    patient_client.get("/api/clinic/")  # caches the host
    counts_of_one = query_counts()
    make_doctor(specialties=["dentistry", "audiology"])
    make_doctor()
    add(2)
    add(3)

    assert query_counts() == counts_of_one
    assert [len(data_of(client.get(url)).get("results", [])) if "hours" not in url and "exc" not in url
            else len(data_of(client.get(url))) for client, url in lists] == [3] * 5  # fmt: skip


def test_days_of_my_appointments_are_in_the_clinics_time_zone(doctor: Doctor, as_user: AsUser) -> None:
    make_slot(doctor, datetime(2026, 6, 1, 22, 59, tzinfo=UTC))
    make_slot(doctor, datetime(2026, 6, 1, 23, 30, tzinfo=UTC))

    shown = data_of(as_user(doctor.user).get(f"{SCHEDULE}/my-appointments/", {"from": "2026-06-02"}))

    assert [(each["local_date"], each["local_time"]) for each in shown["results"]] == [
        ("2026-06-02", "00:30")
    ]
