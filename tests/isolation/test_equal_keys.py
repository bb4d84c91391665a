"""A clinic whose rows have the same primary keys as another's, as after a restore: they stay apart."""

import uuid
from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils.http import http_date

from scheduling.models import Booking, Slot
from tenants.accounts.models import PasswordReset, RefreshToken, User
from tenants.accounts.passwords.services import reset_token
from tenants.accounts.sessions.services import end_all_sessions, read_refresh_token, start_session, token_hash
from tenants.accounts.sessions.tokens import ClinicRefreshToken
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.services.tables import (
    check_constraints_now,
    copy_in,
    copy_out,
    delete_all_rows,
    reset_sequences,
    tables,
)
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD
from tests.factories.scenario import World, at_the_door, make_world
from tests.isolation.access_matrix import API_ROWS

AVAILABLE = "/api/appointments/available/"
MINE = "/api/appointments/my-bookings/"


@pytest.fixture(scope="module")
def scenario(module_transaction: None, clinics: tuple[Clinic, Clinic]) -> World:
    """The London clinic with one of everything, and the New York clinic with the same rows.

    Only the reason of the booking differs.
    """
    clinic, other_clinic = clinics
    with enter_clinic(clinic):
        world = make_world(clinic, word="London")
        # As a restore does it: no role may read the one and write the other.
        rows = {table: b"".join(copy_out(table)) for table in tables()}
    with enter_clinic(other_clinic):
        check_constraints_now()
        delete_all_rows(rows)
        for table, copied in rows.items():
            copy_in(table, [copied])
        check_constraints_now()
        reset_sequences()
        Booking.objects.update(reason="New York")
    return world


@pytest.fixture
def world(scenario: World, clinic: Clinic) -> World:
    """The London clinic."""
    return deepcopy(scenario)


@pytest.fixture
def twin(scenario: World, other_clinic: Clinic) -> Clinic:
    """The New York clinic."""
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


def test_a_refresh_token_is_good_at_the_clinic_that_gave_it(world: World, twin: Clinic) -> None:
    session = start_session(user=world.admin)
    with enter_clinic(twin):
        # Even where its row was copied with all others.
        RefreshToken.objects.create(
            digest=token_hash(read_there(world, session.refresh)),
            user=world.admin,
            family=uuid.uuid4(),
            expires_at=now() + timedelta(days=1),
        )

    asked = [
        ClinicClient(each).post("/api/auth/refresh/", {"refresh": session.refresh})
        for each in (twin, world.clinic)
    ]

    assert [answer.status_code for answer in asked] == [401, 200]


def read_there(world: World, refresh: str) -> ClinicRefreshToken:
    """The token, as the clinic that gave it reads it."""
    with enter_clinic(world.clinic):
        return read_refresh_token(refresh)


def test_neither_signs_the_other_out(world: World, twin: Clinic) -> None:
    here, there = sign_in(world.clinic, world), sign_in(twin, world)
    assert world.patient.user is not None
    with enter_clinic(twin):
        end_all_sessions(user=User.objects.get(pk=world.patient.user.pk))

    statuses = [client.get("/api/auth/profile/").status_code for client in (here, there)]

    assert statuses == [200, 401]


def test_a_mailed_link_opens_the_account_of_the_clinic_that_sent_it(world: World, twin: Clinic) -> None:
    sent = PasswordReset.objects.create(
        email=world.admin.email,
        user=world.admin,
        token_version=1,
        expires_at=now() + timedelta(hours=1),
        sent_at=now(),
    )
    token = reset_token(sent)
    with enter_clinic(twin):
        sent.save(force_insert=True)
    new = {"token": token, "password": f"another {PASSWORD}"}

    asked = [
        ClinicClient(each).post("/api/auth/password/reset/confirm/", new) for each in (twin, world.clinic)
    ]

    assert [answer.status_code for answer in asked] == [409, 200]
    for each, password in ((world.clinic, new["password"]), (twin, PASSWORD)):
        with enter_clinic(each):
            assert User.objects.get(pk=world.admin.pk).check_password(password)


@pytest.mark.parametrize("address", sorted(address for method, address in API_ROWS if method == "GET"))
def test_no_mark_of_one_clinics_answer_stands_for_anothers(world: World, twin: Clinic, address: str) -> None:
    path = address
    for place, key in world.ids().items():
        path = path.replace(place, key)
    path += world.query_of(address)
    asking = {
        name: user for name, user in world.users.items() if name in {"nobody", "patient", "doctor", "admin"}
    }

    for user in asking.values():
        here = at_the_door(world.clinic, home=world.clinic, user=user).get(path)
        there = at_the_door(twin, home=twin, user=user).get(
            path, headers={"if-none-match": here.get("ETag", "*"), "if-modified-since": http_date()}
        )
        # Neither document says anything of a clinic: they are the same everywhere.
        assert there.status_code != 304 or address in {"/api/schema/", "/api/docs/"}


def test_what_is_done_to_one_row_is_not_done_to_the_other(world: World, twin: Clinic) -> None:
    answer = sign_in(twin, world).post(f"/api/appointments/bookings/{world.booking.pk}/cancel/", {})

    assert answer.status_code == 200
    assert Booking.objects.get(pk=world.booking.pk).status == Booking.Status.CONFIRMED
    with enter_clinic(twin):
        assert Booking.objects.get(pk=world.booking.pk).status == Booking.Status.CANCELLED


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
        {"slot": str(world.slot.pk), "visit_type": str(world.visit_type)},
        {"idempotency-key": "1"},
    )

    answers = [sign_in(each, world).post(path, body, headers=headers) for each in (world.clinic, twin)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert data_of(answers[0])["id"] != data_of(answers[1])["id"]
    assert [data_of(sign_in(each, world).get(MINE))["count"] for each in (world.clinic, twin)] == [2, 2]
