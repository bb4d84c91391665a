"""A clinic whose rows have the same primary keys as another's, as after a restore: they stay apart."""

from datetime import timedelta

import pytest
from django.db import connection

from scheduling.models import Booking, Slot
from tenants.door import enter_clinic
from tenants.models import Clinic
from tests.factories.client import ClinicClient, data_of
from tests.factories.people import PASSWORD
from tests.factories.world import World, at_the_door, make_world

AVAILABLE = "/api/appointments/available/"
MINE = "/api/appointments/my-bookings/"


@pytest.fixture
def world(clinic: Clinic) -> World:
    """The London clinic, with one of everything."""
    return make_world(clinic, word="London")


@pytest.fixture
def twin(world: World, other_clinic: Clinic) -> Clinic:
    """The New York clinic, with London's very rows in place of its own, but for the reason of the booking."""
    source, target = world.clinic.schema_name, other_clinic.schema_name
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [source])
        tables = [row[0] for row in cursor.fetchall() if row[0] != "django_migrations"]
        for table in tables:
            cursor.execute(f'DELETE FROM "{target}"."{table}"')
        for table in tables:
            cursor.execute(f'INSERT INTO "{target}"."{table}" SELECT * FROM "{source}"."{table}"')
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with enter_clinic(other_clinic):
        Booking.objects.update(reason="New York")
    return other_clinic


def sign_in(clinic: Clinic, world: World) -> ClinicClient:
    """The patient of that key, signed in at that clinic."""
    client, patient = ClinicClient(clinic), world.patient.user
    assert patient is not None
    session = data_of(client.post("/api/auth/login/", {"email": patient.email, "password": PASSWORD}))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    return client


def test_each_reads_their_own_row_of_the_key(world: World, twin: Clinic) -> None:
    path = f"/api/appointments/bookings/{world.booking.pk}/"

    read = [data_of(sign_in(each, world).get(path))["reason"] for each in (world.clinic, twin)]

    assert read == ["London", "New York"]


def test_a_token_and_a_cookie_open_one_of_two_accounts_with_the_same_key(world: World, twin: Clinic) -> None:
    away = at_the_door(twin, home=world.clinic, user=world.admin)

    assert (away.get("/api/auth/profile/").status_code, away.get("/admin/").status_code) == (401, 302)


def test_what_is_done_to_one_row_is_not_done_to_the_other(world: World, twin: Clinic) -> None:
    answer = sign_in(twin, world).post(f"/api/appointments/bookings/{world.booking.pk}/cancel/", {})

    assert answer.status_code == 200
    assert Booking.objects.get().status == Booking.Status.CONFIRMED
    with enter_clinic(twin):
        assert Booking.objects.get().status == Booking.Status.CANCELLED


def test_a_primed_cache_answers_with_the_clinics_own(world: World, twin: Clinic) -> None:
    with enter_clinic(twin):
        Slot.objects.filter(pk=world.slot.pk).update(ends_at=world.slot.ends_at + timedelta(minutes=7))

    asked = [ClinicClient(each).get(AVAILABLE) for each in (world.clinic, twin, world.clinic, twin)]

    ends = [data_of(answer)["results"][0]["ends_at"] for answer in asked]
    assert (ends[0], ends[1]) == (ends[2], ends[3])
    assert ends[0] != ends[1]
    etags = [answer["ETag"] for answer in asked]
    given_away = ClinicClient(twin).get(AVAILABLE, headers={"if-none-match": etags[0]})
    assert given_away.status_code == 200


def test_the_same_user_key_and_idempotency_key_book_at_each_clinic(world: World, twin: Clinic) -> None:
    path, body, headers = (
        "/api/appointments/bookings/",
        {"slot": str(world.slot.pk)},
        {"idempotency-key": "1"},
    )

    answers = [sign_in(each, world).post(path, body, headers=headers) for each in (world.clinic, twin)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert data_of(answers[0])["id"] != data_of(answers[1])["id"]
    assert [data_of(sign_in(each, world).get(MINE))["count"] for each in (world.clinic, twin)] == [2, 2]
