"""Cookies, caches, keys and connections never carry data of one clinic to another."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from clinics.models import Doctor, Patient
from scheduling.models import Booking, IdempotentAnswer
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.current import current_clinic_or_none, enter_clinic, leave_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of, host_of
from tests.factories.people import PASSWORD, make_doctor, make_patient
from tests.factories.schedule import make_slot

BASE = "example.localhost"


@pytest.fixture
def soon() -> datetime:
    """The start of an hour tomorrow."""
    return clock_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture
def browser(clinic: Clinic, admin: User) -> Client:
    """A browser in which the London clinic's admin has signed in to Django's admin."""
    browser = Client()
    signed_in = browser.post(
        "/admin/login/", {"username": admin.email, "password": PASSWORD}, headers={"host": host_of(clinic)}
    )
    assert signed_in.status_code == 302
    return browser


def status_at(browser: Client, host: str, path: str) -> int:
    """Return the status of the browser's request to `host`, with its cookies."""
    status: int = browser.get(path, headers={"host": host}).status_code
    return status


def test_an_admins_cookie_works_only_at_their_clinic(
    browser: Client, clinic: Clinic, other_clinic: Clinic
) -> None:
    assert status_at(browser, host_of(clinic), "/admin/") == 200
    assert status_at(browser, host_of(other_clinic), "/admin/") == 302
    assert status_at(browser, BASE, "/console/") == 302


def test_the_cookie_names_no_domain_and_is_not_for_scripts(browser: Client) -> None:
    cookie = browser.cookies["sessionid"]

    assert (cookie["domain"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


def test_a_cookie_does_not_open_the_api(browser: Client, clinic: Clinic) -> None:
    assert status_at(browser, host_of(clinic), "/api/auth/profile/") == 401


def test_a_cached_response_is_never_served_at_another_clinic(
    clinic: Clinic, other_clinic: Clinic, doctor: Doctor, soon: datetime
) -> None:
    make_slot(doctor, soon)
    path = "/api/appointments/available/"

    responses = [ClinicClient(each).get(path) for each in (clinic, other_clinic, clinic, other_clinic)]

    assert [data_of(response)["count"] for response in responses] == [1, 0, 1, 0]
    etag = responses[0]["ETag"]
    assert ClinicClient(clinic).get(path, headers={"if-none-match": etag}).status_code == 304
    assert ClinicClient(other_clinic).get(path, headers={"if-none-match": etag}).status_code == 200


def test_the_same_idempotency_key_at_two_clinics_makes_two_bookings(
    clinic: Clinic, other_clinic: Clinic, soon: datetime, client_for: Callable[..., ClinicClient]
) -> None:
    booking_ids = []
    for each in (clinic, other_clinic):
        with enter_clinic(each):
            slot, user = make_slot(make_doctor(), soon), make_patient().user
        response = client_for(each, user).post(
            "/api/appointments/bookings/", {"slot": str(slot.pk)}, headers={"idempotency-key": "the same"}
        )
        assert (response.status_code, data_of(response)["slot"]) == (201, str(slot.pk))
        booking_ids.append(data_of(response)["id"])

    for each, booking_id in zip((clinic, other_clinic), booking_ids, strict=True):
        with enter_clinic(each):
            assert [str(pk) for pk in Booking.objects.values_list("pk", flat=True)] == [booking_id]
            assert IdempotentAnswer.objects.count() == 1


@pytest.mark.parametrize(
    "path", ["/api/clinic/", "/api/auth/profile/", "/api/nothing/", "/doctors", "/admin/"]
)
def test_after_a_request_the_connection_is_in_public(clinic: Clinic, patient: Patient, path: str) -> None:
    leave_clinic()

    Client().get(path, headers={"host": host_of(clinic)})

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schemas(false), to_regclass('clinics_patient')")
        assert (cursor.fetchone(), current_clinic_or_none()) == ((["public"], None), None)


def test_the_public_schema_has_no_clinic_tables(clinic: Clinic) -> None:
    leave_clinic()

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [row[0] for row in cursor.fetchall()]

    platform_prefixes = ("django_", "auth_", "otp_", "tenants_", "accounts_", "console_")
    assert [name for name in tables if not name.startswith(platform_prefixes)] == []


def test_nothing_in_a_clinics_schema_refers_to_another(clinic: Clinic) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint JOIN pg_class target ON target.oid = confrelid"
            " WHERE contype = 'f' AND connamespace = %s::regnamespace AND relnamespace <> connamespace",
            [clinic.schema_name],
        )
        foreign = cursor.fetchall()
        cursor.execute(
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE relnamespace = %s::regnamespace AND NOT tgisinternal",
            [clinic.schema_name],
        )
        triggers = cursor.fetchall()

    assert (foreign, triggers) == ([], [])
