"""The endpoints `time-off/` and `holidays/`: permissions, validation and responses."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor
from scheduling.models import Booking, HolidayChoice, TimeOff
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient
from tests.factories.queries import queries_of
from tests.factories.time_off import book_at, make_working_doctor, slot_at

AsUser = Callable[..., ClinicClient]
LIST = "/api/appointments/time-off/"
PREVIEW = f"{LIST}preview/"
HOLIDAYS = "/api/appointments/holidays/"
MONDAY = "2026-03-09"

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def doctor(clinic: Clinic, now: datetime) -> Doctor:
    """A doctor who works from nine to noon every day."""
    return make_working_doctor(now=now)


@pytest.fixture
def doctor_client(as_user: AsUser, doctor: Doctor) -> ClinicClient:
    """A client of the doctor."""
    return as_user(doctor.user)


@pytest.fixture
def admin_client(as_user: AsUser, admin: User) -> ClinicClient:
    """A client of an admin."""
    return as_user(admin)


def day_off(doctor: Doctor | None = None, **fields: Any) -> dict[str, Any]:
    """Return the body for time off on Monday, for `doctor` if given."""
    return {"from": MONDAY, "to": MONDAY} | ({"doctor": str(doctor.pk)} if doctor else {}) | fields


def errors_of(response: Any) -> tuple[int, list[str]]:
    body = response.json()
    return response.status_code, list(body["errors"])


def test_a_doctor_can_add_own_time_off(doctor_client: ClinicClient, doctor: Doctor, clinic: Clinic) -> None:
    body = day_off(opens="12:30", closes="13:30", weekdays=[0, 4, 4], note="Lunch", to=None)

    response = doctor_client.post(LIST, body)

    data = data_of(response)
    stored = TimeOff.objects.get()
    assert response.status_code == 201
    assert data == {
        "time_off": {
            "id": str(stored.pk),
            "doctor": str(doctor.pk),
            "from": MONDAY,
            "to": None,
            "opens": "12:30",
            "closes": "13:30",
            "weekdays": [0, 4],
            "note": "Lunch",
            "time_zone": "Europe/London",
            "created_at": "2026-03-02T12:00:00Z",
        },
        "bookings": [],
    }
    assert data_of(doctor_client.get(LIST))["results"] == [data["time_off"]]


def test_an_admin_can_add_time_off_of_a_doctor_and_of_the_whole_clinic(
    admin_client: ClinicClient, doctor: Doctor
) -> None:
    responses = [
        admin_client.post(LIST, day_off(doctor)),
        admin_client.post(LIST, day_off(doctor=None) | {"doctor": None}),
    ]

    assert [data_of(response)["time_off"]["doctor"] for response in responses] == [str(doctor.pk), None]


def test_an_admin_must_name_the_doctor_or_the_whole_clinic(admin_client: ClinicClient) -> None:
    assert errors_of(admin_client.post(LIST, day_off())) == (400, ["doctor"])


def test_a_doctor_cannot_add_time_off_of_others_or_the_whole_clinic(
    doctor_client: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    other = make_working_doctor(now=now)
    bodies = [day_off(other), day_off() | {"doctor": None}]

    responses = [doctor_client.post(path, body).status_code for path in (LIST, PREVIEW) for body in bodies]

    assert (responses, TimeOff.objects.count()) == ([404] * 4, 0)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-03-08"}, "to"),
        ({"from": "2026-02-01", "to": "2026-03-01"}, "to"),
        ({"opens": "25:00"}, "opens"),
        ({"opens": "13:00", "closes": "12:00"}, "closes"),
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [7]}, "weekdays.0"),
        ({"weekdays": "Monday"}, "weekdays"),
    ],
)
def test_invalid_time_off_is_refused_with_and_without_preview(
    doctor_client: ClinicClient, fields: dict[str, Any], field: str
) -> None:
    responses = [errors_of(doctor_client.post(path, day_off(**fields))) for path in (LIST, PREVIEW)]

    assert responses == [(400, [field])] * 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"others": "forget"}, "others"),
        ({"bookings": [{"booking": "none", "action": "keep"}]}, "bookings.0.booking"),
        ({"bookings": [{"action": "keep"}]}, "bookings.0.booking"),
        ({"note": "n" * 121}, "note"),
        ({"note": "two\nlines"}, "note"),
    ],
)
def test_an_invalid_decision_is_refused(
    doctor_client: ClinicClient, fields: dict[str, Any], field: str
) -> None:
    assert errors_of(doctor_client.post(LIST, day_off(**fields))) == (400, [field])
    assert TimeOff.objects.count() == 0


def test_a_preview_lists_bookings_with_alternatives_and_is_audited(
    doctor_client: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    patient = make_patient()
    booking = book_at(doctor, f"{MONDAY} 10:00", patient, now=now)

    [affected] = data_of(doctor_client.post(PREVIEW, day_off(opens="10:00", closes="10:30")))["bookings"]

    assert (affected["booking"]["id"], affected["booking"]["patient"]["name"]) == (
        str(booking.pk),
        patient.full_name,
    )
    assert [(each["local_time"], each["why"]) for each in affected["alternatives"]] == [
        ("09:30", "same_doctor"),
        ("10:30", "same_doctor"),
        ("09:00", "same_doctor"),
    ]
    assert affected["alternatives"][0]["id"] == str(slot_at(doctor, f"{MONDAY} 09:30").pk)
    assert audit_entries() == [("listed", "clinics.patient", str(patient.pk))]
    assert TimeOff.objects.count() == 0


def test_decisions_are_applied_and_refusals_reported(
    doctor_client: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    moved, cancelled, refused = (
        book_at(doctor, f"{MONDAY} {local_time}", make_patient(), now=now)
        for local_time in ("10:00", "10:30", "11:00")
    )
    inside = slot_at(doctor, f"{MONDAY} 11:30")
    decisions = [
        {"booking": str(moved.pk), "action": "move"},
        {"booking": str(refused.pk), "action": "move", "slot": str(inside.pk)},
    ]

    data = data_of(doctor_client.post(LIST, day_off(opens="10:00", bookings=decisions, others="cancel")))

    results = [
        (each["booking"]["id"], each["done"], each["booking"]["local_time"], each["old_starts_at"][11:16])
        for each in data["bookings"]
    ]
    assert results == [
        (str(moved.pk), "moved", "09:30", "10:00"),
        (str(cancelled.pk), "cancelled", "10:30", "10:30"),
        (str(refused.pk), "kept", "11:00", "11:00"),
    ]
    assert [each["refused"] for each in data["bookings"]] == [
        None,
        None,
        {
            "code": "slot_not_offered",
            "message": "This time is no longer available. Choose another time.",
        },
    ]


def test_a_doctors_list_has_own_time_off_and_the_clinics(
    doctor_client: ClinicClient, admin_client: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    other = make_working_doctor(now=now)
    TimeOff.objects.create(doctor=other, first_on=date(2026, 3, 3))
    TimeOff.objects.create(doctor=None, first_on=date(2026, 3, 4), note="Everybody")
    TimeOff.objects.create(doctor=doctor, first_on=date(2026, 3, 5), note="Mine")
    TimeOff.objects.create(doctor=doctor, first_on=date(2026, 3, 5), undone_at=now, note="Taken back")
    TimeOff.objects.create(doctor=doctor, first_on=date(2026, 3, 1), last_on=date(2026, 3, 1), note="Over")
    TimeOff.objects.create(doctor=doctor, first_on=date(2026, 3, 1), last_on=date(2026, 3, 2), note="Today")

    notes = [
        [each["note"] for each in data_of(response)["results"]]
        for response in (
            doctor_client.get(LIST),
            admin_client.get(LIST, {"doctor": str(doctor.pk)}),
            admin_client.get(LIST),
        )
    ]

    assert notes == [
        ["Today", "Everybody", "Mine"], ["Today", "Everybody", "Mine"], ["Today", "", "Everybody", "Mine"],
    ]  # fmt: skip
    assert doctor_client.get(LIST, {"doctor": str(other.pk)}).status_code == 404


def test_the_list_has_a_constant_number_of_queries(doctor_client: ClinicClient, doctor: Doctor) -> None:
    doctor_client.get(LIST)
    counts = []
    for days in ((3,), (4, 5)):
        for day in days:
            TimeOff.objects.create(doctor=doctor, first_on=date(2026, 3, day))
        counts.append(len(queries_of(lambda: doctor_client.get(LIST))))

    assert counts[0] == counts[1]


def test_time_off_is_revoked_with_its_effects(
    doctor_client: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    patient = make_patient()
    booking = book_at(doctor, f"{MONDAY} 10:00", patient, now=now)
    data = data_of(doctor_client.post(LIST, day_off(others="cancel")))
    path = f"{LIST}{data['time_off']['id']}/"

    response = doctor_client.delete(f"{path}?undo=true")
    second = doctor_client.delete(path)

    [reverted] = data_of(response)["bookings"]
    assert (reverted["done"], reverted["instead_of"], reverted["refused"]) == (
        "booked_again",
        str(booking.pk),
        None,
    )
    assert (reverted["booking"]["local_time"], reverted["booking"]["status"]) == ("10:00", "CONFIRMED")
    assert Booking.objects.taking_time().get().pk != booking.pk
    assert second.status_code == 404


def test_time_off_shows_the_appointments_that_undoing_it_would_restore(
    doctor_client: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    paths = []
    for day, hours in (("2026-03-10", ["09:00"]), (MONDAY, ["09:00", "09:30", "10:00"])):
        for hour in hours:
            book_at(doctor, f"{day} {hour}", make_patient(), now=now)
        added = data_of(doctor_client.post(LIST, {"from": day, "to": day, "others": "cancel"}))
        paths.append(f"{LIST}{added['time_off']['id']}/")

    counts = [len(queries_of(partial(doctor_client.get, path))) for path in paths]
    data = data_of(doctor_client.get(paths[1]))

    assert [(row["done"], row["old_local"]) for row in data["effects"]] == [
        ("cancelled", {"local_date": MONDAY, "local_time": time}) for time in ("09:00", "09:30", "10:00")
    ]
    assert data["time_off"]["from"] == MONDAY
    assert counts[0] == counts[1]


def test_a_doctor_cannot_revoke_time_off_of_others_or_the_whole_clinic(
    doctor_client: ClinicClient, admin_client: ClinicClient, now: datetime
) -> None:
    owners = [None, make_working_doctor(now=now)]
    rows = [TimeOff.objects.create(doctor=each, first_on=date(2026, 3, 4)) for each in owners]

    refused = [doctor_client.delete(f"{LIST}{row.pk}/").status_code for row in rows]
    revoked = [data_of(admin_client.delete(f"{LIST}{row.pk}/")) for row in rows]

    assert (refused, revoked) == ([404, 404], [{"bookings": []}] * 2)


def test_holidays_are_public(visitor: ClinicClient, clinic: Clinic) -> None:
    ClinicSettings.objects.update(holiday_country="GB", holiday_region="ENG")
    HolidayChoice.objects.create(day=date(2026, 4, 3), is_open=True)
    HolidayChoice.objects.create(day=date(2026, 4, 7), is_open=False, name="Works outing")

    response = visitor.get(HOLIDAYS, {"from": "2026-04-01", "to": "2026-05-04"})

    assert data_of(response) == [
        {"date": "2026-04-06", "name": "Easter Monday"},
        {"date": "2026-04-07", "name": "Works outing"},
        {"date": "2026-05-04", "name": "May Day"},
    ]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": "2026-04-02", "to": "2026-04-01"}, 400),
        ({"from": "2026-04-01", "to": "2028-04-01"}, 200),
        ({"from": "2026-04-01", "to": "2028-04-02"}, 400),
        ({"to": "2020-01-01"}, 200),
        ({"from": "soon"}, 400),
        ({}, 200),
    ],
)
def test_a_query_for_holidays_spans_two_years_at_most(
    visitor: ClinicClient, query: dict[str, str], status: int
) -> None:
    assert visitor.get(HOLIDAYS, query).status_code == status
