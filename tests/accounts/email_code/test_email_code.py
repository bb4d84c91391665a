"""Signing in and registering with a code that is sent by email, without a password."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured

from clinics.models import ClinicSettings, Patient
from tenants.accounts.email_code.services import digits_of
from tenants.accounts.models import AuditEntry, EmailCode, User, UserSession
from tenants.accounts.passwords.services import request_reset
from tenants.accounts.purge import delete_expired
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_admin, make_patient, make_receptionist, user_of
from tests.factories.queries import queries_of
from tests.factories.queue import queued_job_kinds
from tests.factories.second_factor import code_of, give_authenticator
from tests.factories.threads import run_concurrently

EMAIL = "nadia@people.example"
REQUEST, SIGN_IN = "/api/auth/email-code/", "/api/auth/email-code/sign-in/"
NAMES = {"first_name": "Nadia", "last_name": "New"}
ADDRESS = "192.0.2.1"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def browser(clinic: Clinic) -> ClinicClient:
    """A browser in which nobody is signed in."""
    return ClinicClient(clinic)


def newest() -> str:
    """Return the digits of the code that was requested last."""
    return digits_of(EmailCode.objects.latest("created_at"))


def wrong() -> str:
    """Return digits that are not those of the newest code."""
    return f"{(int(newest()) + 1) % 10**6:06d}"


def requested(browser: ClinicClient, email: str = EMAIL) -> str:
    """Request a code and return its digits."""
    assert browser.post(REQUEST, {"email": email}).status_code == 200
    return newest()


def test_a_newcomer_registers_with_a_code_and_has_no_password(browser: ClinicClient) -> None:
    digits = requested(browser, " Nadia@People.Example ")

    session = data_of(browser.post(SIGN_IN, {"code": f"{digits[:3]} {digits[3:]}", **NAMES}))

    user = User.objects.get(pk=session["user"]["id"])
    assert (user.email, user.role, user.has_usable_password()) == (EMAIL, "patient", False)
    assert user.email_verified_at is not None
    assert session["user"]["has_password"] is False
    assert Patient.objects.get(user=user).full_name == "Nadia New"
    assert browser.cookies[configured.CODE_COOKIE].value == ""


def test_the_owner_of_the_address_signs_in_and_keeps_name_and_password(browser: ClinicClient) -> None:
    owner = user_of(make_patient(email=EMAIL, first_name="Mia"))
    digits = requested(browser)

    session = data_of(browser.post(SIGN_IN, {"code": digits, **NAMES}))

    owner.refresh_from_db()
    assert session["user"]["id"] == str(owner.pk)
    assert (owner.first_name, owner.check_password(PASSWORD)) == ("Mia", True)
    assert Patient.objects.count() == 1


def test_known_and_unknown_addresses_get_the_same_response_in_the_same_steps(clinic: Clinic) -> None:
    make_patient(email=EMAIL)
    make_receptionist(email="desk@staff.example")
    ClinicClient(clinic).post(REQUEST, {"email": "first@people.example"})  # fills the caches
    answers: list[Any] = []
    for email in (EMAIL, "desk@staff.example", "unknown@people.example"):
        client = ClinicClient(clinic)
        queries = queries_of(lambda: answers.append(client.post(REQUEST, {"email": email})))  # noqa: B023
        answer: Any = answers[-1]
        answers[-1] = (answer.status_code, answer.content, sorted(answer.cookies), len(queries))

    assert answers[0] == answers[1] == answers[2]


def test_only_who_has_entered_the_code_learns_that_there_is_no_account(browser: ClinicClient) -> None:
    digits = requested(browser)

    guessed = browser.post(SIGN_IN, {"code": wrong()})
    entered = browser.post(SIGN_IN, {"code": digits})
    with_names = browser.post(SIGN_IN, {"code": digits, **NAMES})

    assert (guessed.status_code, list(guessed.json()["errors"])) == (400, ["code"])
    assert (entered.status_code, entered.json()["code"]) == (422, "details_required")
    assert with_names.status_code == 200


@pytest.mark.parametrize("missing", ["first_name", "last_name"])
def test_one_name_alone_is_refused(browser: ClinicClient, missing: str) -> None:
    body = {"code": requested(browser), **NAMES}
    del body[missing]

    refused = browser.post(SIGN_IN, body)

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [missing])


def test_the_date_of_birth_is_required_where_the_clinic_asks_for_it(browser: ClinicClient) -> None:
    ClinicSettings.objects.update(ask_date_of_birth=True)
    body = {"code": requested(browser), **NAMES}

    without = browser.post(SIGN_IN, body)
    given = browser.post(SIGN_IN, {**body, "date_of_birth": "1990-02-28"})

    assert (without.status_code, list(without.json()["errors"])) == (400, ["date_of_birth"])
    assert given.status_code == 200
    assert str(Patient.objects.get().date_of_birth) == "1990-02-28"


def test_a_code_works_once(browser: ClinicClient) -> None:
    digits = requested(browser)
    token = browser.cookies[configured.CODE_COOKIE].value
    browser.post(SIGN_IN, {"code": digits, **NAMES})
    browser.cookies[configured.CODE_COOKIE] = token

    assert browser.post(SIGN_IN, {"code": digits}).json()["code"] == "code_over"


def test_a_code_works_only_in_the_browser_that_requested_it(browser: ClinicClient, clinic: Clinic) -> None:
    digits, other = requested(browser), ClinicClient(clinic)

    without = other.post(SIGN_IN, {"code": digits, **NAMES})
    requested(other, "other@people.example")
    with_another = other.post(SIGN_IN, {"code": digits, **NAMES})

    assert (without.status_code, without.json()["code"]) == (409, "code_over")
    assert with_another.status_code == 400


@pytest.mark.parametrize(("age", "status"), [(10 * MINUTE - timedelta(seconds=1), 200), (10 * MINUTE, 409)])
def test_a_code_works_for_ten_minutes(
    browser: ClinicClient, now: datetime, age: timedelta, status: int
) -> None:
    with time_machine.travel(now, tick=False) as clock:
        digits = requested(browser)
        clock.shift(age)
        answer = browser.post(SIGN_IN, {"code": digits, **NAMES})

    assert answer.status_code == status


def test_a_code_is_entered_five_times_at_most_also_at_the_same_moment(committed_clinic: Clinic) -> None:
    browser = ClinicClient(committed_clinic)
    digits = requested(browser)
    guesses = [partial(browser.clone().post, SIGN_IN, {"code": wrong()}) for _guess in range(12)]

    outcomes: list[Any] = run_concurrently(committed_clinic, *guesses)
    late = browser.post(SIGN_IN, {"code": digits, **NAMES})

    assert Counter(outcome.status_code for outcome in outcomes) == {400: 5, 409: 7}
    assert late.json()["code"] == "code_over"


@pytest.mark.parametrize("guarded", [True, False])
def test_of_simultaneous_uses_of_a_code_one_succeeds(
    committed_clinic: Clinic, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a control, nothing uses the code up: then each use starts a session."""
    make_patient(email=EMAIL)
    browser = ClinicClient(committed_clinic)
    digits = requested(browser)
    if not guarded:
        monkeypatch.setattr("clinics.services.email_code_sign_in.use_code", lambda **_: None)
    uses = [partial(browser.clone().post, SIGN_IN, {"code": digits}) for _use in range(6)]

    outcomes: list[Any] = run_concurrently(committed_clinic, *uses)

    assert (sum(outcome.status_code == 200 for outcome in outcomes) == 1) is guarded
    assert (UserSession.objects.count() == 1) is guarded


def test_an_address_gets_a_few_codes_an_hour(browser: ClinicClient) -> None:
    statuses = [browser.post(REQUEST, {"email": EMAIL}).status_code for _request in range(6)]

    assert statuses == [200] * 5 + [429]


def test_a_stranger_keeps_nothing_of_an_account_that_its_reader_confirms_with_a_code(
    browser: ClinicClient, clinic: Clinic
) -> None:
    """The stranger has registered with the address and never confirmed it."""
    stranger = ClinicClient(clinic)
    person = {"email": EMAIL, "password": PASSWORD, **NAMES}
    access = data_of(stranger.post("/api/auth/register/", person))["access"]
    stranger.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")

    session = data_of(browser.post(SIGN_IN, {"code": requested(browser)}))

    assert User.objects.get(pk=session["user"]["id"]).email_verified_at is not None
    assert stranger.get("/api/auth/profile/").status_code == 401
    stranger.credentials()
    assert stranger.post("/api/auth/login/", {"email": EMAIL, "password": PASSWORD}).status_code == 401


def test_registering_with_a_code_joins_no_account_that_was_never_confirmed(browser: ClinicClient) -> None:
    unconfirmed = user_of(make_patient(email=EMAIL, confirmed_at=None))

    session = data_of(browser.post(SIGN_IN, {"code": requested(browser), **NAMES}))

    assert session["user"]["id"] != str(unconfirmed.pk)
    assert User.objects.owner_of(EMAIL) == User.objects.get(pk=session["user"]["id"])
    unconfirmed.refresh_from_db()
    assert unconfirmed.check_password(PASSWORD)


@pytest.mark.parametrize("make", [make_receptionist, make_admin])
def test_staff_do_not_sign_in_with_a_code(browser: ClinicClient, make: Callable[..., User]) -> None:
    make(email=EMAIL)

    refused = browser.post(SIGN_IN, {"code": requested(browser), **NAMES})

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["code"])
    assert not UserSession.objects.exists()
    assert AuditEntry.objects.filter(what=AuditEntry.Action.SIGN_IN_REFUSED).count() == 1


def test_a_deactivated_patient_does_not_sign_in_with_a_code(browser: ClinicClient) -> None:
    user = user_of(make_patient(email=EMAIL))
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert browser.post(SIGN_IN, {"code": requested(browser)}).status_code == 400
    refused = AuditEntry.objects.filter(what=AuditEntry.Action.SIGN_IN_REFUSED)
    assert [entry.record_id for entry in refused] == [str(user.pk)]


def test_two_step_sign_in_stays(browser: ClinicClient) -> None:
    device = give_authenticator(user_of(make_patient(email=EMAIL)))

    first = browser.post(SIGN_IN, {"code": requested(browser)})
    body = {"challenge": first.json()["data"]["challenge"], "code": code_of(device)}
    second = browser.post("/api/auth/login/second-factor/", body)

    assert (first.status_code, first.json()["code"]) == (401, "second_factor_required")
    assert second.status_code == 200


def test_a_password_is_chosen_with_a_code_and_then_changed_with_it(browser: ClinicClient) -> None:
    session = data_of(browser.post(SIGN_IN, {"code": requested(browser), **NAMES}))
    browser.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    path, new = "/api/auth/password/change/", {"new_password": "a third horse, a third staple"}
    digits = requested(browser)

    proofs: list[dict[str, str]] = [{}, {"current_password": "x"}, {"code": "1"}]
    refused = [browser.post(path, {**new, **proof}) for proof in proofs]
    chosen = browser.post(path, {**new, "code": digits})
    browser.credentials(HTTP_AUTHORIZATION=f"Bearer {data_of(chosen)['access']}")
    again = browser.post(path, {**new, "code": requested(browser)})

    assert [answer.status_code for answer in refused] == [400, 400, 400]
    assert data_of(chosen)["user"]["has_password"] is True
    assert (again.status_code, list(again.json()["errors"])) == (400, ["current_password"])
    login = {"email": EMAIL, "password": new["new_password"]}
    assert browser.post("/api/auth/login/", login).status_code == 200


def test_a_code_of_another_address_chooses_no_password(browser: ClinicClient) -> None:
    session = data_of(browser.post(SIGN_IN, {"code": requested(browser), **NAMES}))
    browser.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    body = {
        "new_password": "a third horse, a third staple",
        "code": requested(browser, "other@people.example"),
    }

    refused = browser.post("/api/auth/password/change/", body)

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["code"])


def test_neither_the_table_nor_the_cookie_tells_the_code(browser: ClinicClient) -> None:
    digits = requested(browser)

    stored = [str(value) for row in EmailCode.objects.values() for value in row.values()]

    assert not [text for text in [*stored, browser.cookies[configured.CODE_COOKIE].value] if digits in text]


def test_expired_codes_are_deleted_at_night(browser: ClinicClient, now: datetime) -> None:
    requested(browser)
    EmailCode.objects.update(expires_at=now)

    delete_expired(now=now)

    assert not EmailCode.objects.exists()


def test_a_request_enqueues_one_email_and_a_password_link_stays_possible(
    browser: ClinicClient, now: datetime
) -> None:
    make_patient(email=EMAIL)
    requested(browser)

    request_reset(email=EMAIL, address=ADDRESS, now=now)

    assert queued_job_kinds() == ["email_code", "password_reset"]
