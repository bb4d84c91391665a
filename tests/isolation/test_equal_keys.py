"""Two clinics whose rows have the same primary keys, as after a restore, stay separate."""

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
from tests.factories.scenario import Scenario, client_at_host, make_scenario
from tests.isolation.access_matrix import API_ROWS

AVAILABLE = "/api/appointments/available/"
MINE = "/api/appointments/my-bookings/"


@pytest.fixture(scope="module")
def module_scenario(module_transaction: None, clinics: tuple[Clinic, Clinic]) -> Scenario:
    """The London clinic with one row of everything, and the New York clinic with the same rows.

    Only the reason of the booking differs.
    """
    clinic, other_clinic = clinics
    with enter_clinic(clinic):
        scenario = make_scenario(clinic, text="London")
        # As a restore does: no role may read one clinic and write to the other.
        rows = {table: b"".join(copy_out(table)) for table in tables()}
    with enter_clinic(other_clinic):
        check_constraints_now()
        delete_all_rows(rows)
        for table, copied in rows.items():
            copy_in(table, [copied])
        check_constraints_now()
        reset_sequences()
        Booking.objects.update(reason="New York")
    return scenario


@pytest.fixture
def scenario(module_scenario: Scenario, clinic: Clinic) -> Scenario:
    """The London clinic."""
    return deepcopy(module_scenario)


@pytest.fixture
def twin(module_scenario: Scenario, other_clinic: Clinic) -> Clinic:
    """The New York clinic."""
    return other_clinic


def sign_in(clinic: Clinic, scenario: Scenario) -> ClinicClient:
    """Sign in the scenario's patient at a clinic."""
    client, patient = ClinicClient(clinic), scenario.patient.user
    assert patient is not None
    session = data_of(client.post("/api/auth/login/", {"email": patient.email, "password": PASSWORD}))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    return client


def test_each_clinic_reads_its_own_row_of_a_shared_key(scenario: Scenario, twin: Clinic) -> None:
    path = f"/api/appointments/bookings/{scenario.booking.pk}/"

    reasons = [data_of(sign_in(each, scenario).get(path))["reason"] for each in (scenario.clinic, twin)]

    assert reasons == ["London", "New York"]


def test_credentials_of_one_clinic_do_not_open_the_account_with_the_same_key(
    scenario: Scenario, twin: Clinic
) -> None:
    client = client_at_host(twin, home=scenario.clinic, user=scenario.admin)

    assert (client.get("/api/auth/profile/").status_code, client.get("/admin/").status_code) == (401, 302)


def test_a_refresh_token_works_only_at_the_clinic_that_issued_it(scenario: Scenario, twin: Clinic) -> None:
    session = start_session(user=scenario.admin)
    with enter_clinic(twin):
        # Even if its row was copied with all others.
        RefreshToken.objects.create(
            digest=token_hash(decode_refresh_token(scenario, session.refresh)),
            user=scenario.admin,
            family=uuid.uuid4(),
            expires_at=now() + timedelta(days=1),
        )

    responses = [
        ClinicClient(each).post("/api/auth/refresh/", {"refresh": session.refresh})
        for each in (twin, scenario.clinic)
    ]

    assert [response.status_code for response in responses] == [401, 200]


def decode_refresh_token(scenario: Scenario, refresh: str) -> ClinicRefreshToken:
    """Decode the token at the clinic that issued it."""
    with enter_clinic(scenario.clinic):
        return read_refresh_token(refresh)


def test_ending_sessions_at_one_clinic_leaves_those_of_the_other(scenario: Scenario, twin: Clinic) -> None:
    clients = sign_in(scenario.clinic, scenario), sign_in(twin, scenario)
    assert scenario.patient.user is not None
    with enter_clinic(twin):
        end_all_sessions(user=User.objects.get(pk=scenario.patient.user.pk))

    statuses = [client.get("/api/auth/profile/").status_code for client in clients]

    assert statuses == [200, 401]


def test_a_password_reset_link_works_only_at_the_clinic_that_sent_it(
    scenario: Scenario, twin: Clinic
) -> None:
    sent = PasswordReset.objects.create(
        email=scenario.admin.email,
        user=scenario.admin,
        token_version=1,
        expires_at=now() + timedelta(hours=1),
        sent_at=now(),
    )
    token = reset_token(sent)
    with enter_clinic(twin):
        sent.save(force_insert=True)
    body = {"token": token, "password": f"another {PASSWORD}"}

    responses = [
        ClinicClient(each).post("/api/auth/password/reset/confirm/", body) for each in (twin, scenario.clinic)
    ]

    assert [response.status_code for response in responses] == [409, 200]
    for each, password in ((scenario.clinic, body["password"]), (twin, PASSWORD)):
        with enter_clinic(each):
            assert User.objects.get(pk=scenario.admin.pk).check_password(password)


@pytest.mark.parametrize("address", sorted(address for method, address in API_ROWS if method == "GET"))
def test_an_etag_of_one_clinic_does_not_match_at_another(
    scenario: Scenario, twin: Clinic, address: str
) -> None:
    path = address
    for place, key in scenario.ids().items():
        path = path.replace(place, key)
    path += scenario.query_for(address)
    users = {
        name: user
        for name, user in scenario.users.items()
        if name in {"nobody", "patient", "doctor", "admin"}
    }

    for user in users.values():
        own = client_at_host(scenario.clinic, home=scenario.clinic, user=user).get(path)
        foreign = client_at_host(twin, home=twin, user=user).get(
            path, headers={"if-none-match": own.get("ETag", "*"), "if-modified-since": http_date()}
        )
        # These two documents contain nothing of a clinic: they are the same everywhere.
        assert foreign.status_code != 304 or address in {"/api/schema/", "/api/docs/"}


def test_a_change_of_one_row_leaves_the_other_unchanged(scenario: Scenario, twin: Clinic) -> None:
    response = sign_in(twin, scenario).post(f"/api/appointments/bookings/{scenario.booking.pk}/cancel/", {})

    assert response.status_code == 200
    assert Booking.objects.get(pk=scenario.booking.pk).status == Booking.Status.CONFIRMED
    with enter_clinic(twin):
        assert Booking.objects.get(pk=scenario.booking.pk).status == Booking.Status.CANCELLED


def test_each_clinic_is_served_from_its_own_cache(scenario: Scenario, twin: Clinic) -> None:
    with enter_clinic(twin):
        Slot.objects.filter(pk=scenario.slot.pk).update(ends_at=scenario.slot.ends_at + timedelta(minutes=7))

    responses = [ClinicClient(each).get(AVAILABLE) for each in (scenario.clinic, twin, scenario.clinic, twin)]

    ends = [data_of(response)["results"][0]["ends_at"] for response in responses]
    assert (ends[0], ends[1]) == (ends[2], ends[3])
    assert ends[0] != ends[1]
    etags = [response["ETag"] for response in responses]
    foreign_match = ClinicClient(twin).get(AVAILABLE, headers={"if-none-match": etags[0]})
    assert foreign_match.status_code == 200


def test_the_same_user_key_and_idempotency_key_book_at_each_clinic(scenario: Scenario, twin: Clinic) -> None:
    path, body, headers = (
        "/api/appointments/bookings/",
        {"slot": str(scenario.slot.pk), "visit_type": str(scenario.visit_type)},
        {"idempotency-key": "1"},
    )

    responses = [
        sign_in(each, scenario).post(path, body, headers=headers) for each in (scenario.clinic, twin)
    ]

    assert [response.status_code for response in responses] == [201, 201]
    assert data_of(responses[0])["id"] != data_of(responses[1])["id"]
    assert [data_of(sign_in(each, scenario).get(MINE))["count"] for each in (scenario.clinic, twin)] == [2, 2]
