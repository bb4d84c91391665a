"""Permissions and input validation of the scheduling API."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from clinics.models import Doctor, Patient
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient

AsUser = Callable[..., ClinicClient]
UNKNOWN_ID = UUID(int=0)
"""An id without a row. It is the same in every process, as pytest-xdist requires."""
SCHEDULE = "/api/appointments"
HOURS = {"weekday": 0, "opens": "09:00", "closes": "24:00", "slot_minutes": 30}
PATIENT, DOCTOR, ADMIN = "patient", "doctor", "admin"
ANYONE = {None, PATIENT, DOCTOR, ADMIN}


@pytest.fixture
def clients(doctor: Doctor, patient: Patient, admin: User, as_user: AsUser) -> dict[str | None, ClinicClient]:
    """A client for each role, None for a visitor."""
    users = {None: None, PATIENT: patient.user, DOCTOR: doctor.user, ADMIN: admin}
    return {role: as_user(user) for role, user in users.items()}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "/api/users/doctors/", ANYONE),
        ("get", f"{SCHEDULE}/available/", ANYONE),
        ("post", f"{SCHEDULE}/bookings/", {PATIENT, ADMIN}),
        ("get", f"{SCHEDULE}/my-bookings/", {PATIENT}),
        ("get", f"{SCHEDULE}/my-appointments/", {DOCTOR}),
        ("post", f"{SCHEDULE}/availability/", {DOCTOR}),
        ("put", f"{SCHEDULE}/slots/{UNKNOWN_ID}/", {DOCTOR, ADMIN}),
        ("patch", f"{SCHEDULE}/slots/{UNKNOWN_ID}/", {DOCTOR, ADMIN}),
        ("delete", f"{SCHEDULE}/slots/{UNKNOWN_ID}/", {DOCTOR, ADMIN}),
        ("get", f"{SCHEDULE}/working-hours/", {DOCTOR, ADMIN}),
        ("put", f"{SCHEDULE}/working-hours/", {DOCTOR, ADMIN}),
        ("get", f"{SCHEDULE}/exceptions/", {DOCTOR, ADMIN}),
        ("put", f"{SCHEDULE}/exceptions/", {DOCTOR, ADMIN}),
        ("delete", f"{SCHEDULE}/exceptions/", {DOCTOR, ADMIN}),
    ],
)
def test_each_endpoint_is_open_to_its_roles_only(
    clients: dict[str | None, ClinicClient], method: str, path: str, allowed: set[str | None]
) -> None:
    statuses = {role: getattr(client, method)(path).status_code for role, client in clients.items()}

    assert {role for role, status in statuses.items() if status not in {401, 403}} == allowed
    assert max(statuses.values()) < 500
    assert statuses[None] == (200 if None in allowed else 401)


INVALID_BODIES: list[Any] = [
    None,
    [],
    {},
    "x",
    7,
    {"slot": "x"},
    {"slot": None},
    {"slot": str(UNKNOWN_ID), "reason": "\x00"},
]


@pytest.mark.parametrize(
    "body", [*INVALID_BODIES, {"slot": str(UNKNOWN_ID), "reason": "x" * 2001}, {"reason": "\ud800"}]
)
def test_an_invalid_booking_gives_400(patient: Patient, as_user: AsUser, body: Any) -> None:
    assert as_user(patient.user).post(f"{SCHEDULE}/bookings/", body).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        *INVALID_BODIES,
        {"starts_at": "2026-03-03T09:00:00", "ends_at": "2026-03-03T09:30:00Z"},
        {"starts_at": "0001-01-01T00:00:00+14:00", "ends_at": "9999-12-31T23:59:59-14:00"},
        {"starts_at": "2026-03-03T09:00:00Z", "ends_at": "2026-03-03T09:00:00Z"},
        {"date": "2026-03-03", "from": "12:00", "to": "09:00", "slot_minutes": 30},
        {"date": "2026-03-03", "from": "9", "to": 12, "slot_minutes": 30},
        {"date": "9999-12-31", "from": "09:00", "to": "12:00", "slot_minutes": 30},
        {"date": "2026-03-03", "from": "09:00", "to": "12:00", "slot_minutes": 10**30},
    ],
)
def test_an_invalid_slot_gives_400(doctor: Doctor, as_user: AsUser, body: Any) -> None:
    assert as_user(doctor.user).post(f"{SCHEDULE}/availability/", body).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"weekday": 7},
        {"opens": "24:01"},
        {"closes": "08:00"},
        {"closes": None},
        {"slot_minutes": 1},
        {"valid_from": "2026-13-01"},
        {"valid_from": "2026-02-01", "valid_until": "2026-01-01"},
    ],
)
def test_invalid_working_hours_give_400(doctor: Doctor, as_user: AsUser, changes: dict[str, Any]) -> None:
    client = as_user(doctor.user)

    assert client.put(f"{SCHEDULE}/working-hours/", [HOURS | changes]).status_code == 400
    assert client.put(f"{SCHEDULE}/working-hours/", HOURS).status_code == 400
    assert client.put(f"{SCHEDULE}/working-hours/", [HOURS] * 201).status_code == 400


@pytest.mark.parametrize(
    "body",
    [*INVALID_BODIES, {"date": "2026-03-09"}, {"date": "2026-03-09", "intervals": [["09:00"]]},
     {"date": "2026-03-09", "intervals": [["09:00", "12:00"], ["11:00", "13:00"]]}],
)  # fmt: skip
def test_an_invalid_exception_gives_400(doctor: Doctor, as_user: AsUser, body: Any) -> None:
    client = as_user(doctor.user)

    assert client.put(f"{SCHEDULE}/exceptions/", body).status_code == 400
    assert client.delete(f"{SCHEDULE}/exceptions/?date=tomorrow").status_code == 400


@pytest.mark.parametrize(
    "query", ["when=soon", "status=LOST", "page=0", f"page={10**30}", "page=x", "page=2"]
)
def test_an_invalid_list_query_gives_400(patient: Patient, as_user: AsUser, query: str) -> None:
    assert as_user(patient.user).get(f"{SCHEDULE}/my-bookings/?{query}").status_code == 400
