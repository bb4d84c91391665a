"""Changing the email address of an account: requested with the password, confirmed at the new address."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from psycopg import sql

from clinics.models import Patient
from tenants.accounts.email_change import services
from tenants.accounts.email_change.services import change_token, confirm_email_change, request_email_change
from tenants.accounts.email_owner import check_email_is_free
from tenants.accounts.email_verification.services import create_verification
from tenants.accounts.errors import EmailTaken, LinkInvalid, TooManyAttempts
from tenants.accounts.models import (
    AuditEntry,
    EmailChange,
    EmailVerification,
    PasswordReset,
    User,
    UserSession,
)
from tenants.accounts.passwords.services import change_password, request_reset
from tenants.accounts.purge import delete_expired
from tenants.accounts.sessions.services import start_session
from tenants.base.errors import InvalidInput
from tenants.current import current_clinic, enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.database_logins import owner_connection
from tests.factories.people import PASSWORD, make_admin, make_doctor, make_patient, user_of
from tests.factories.queue import queued_job_kinds
from tests.factories.threads import run_concurrently

PATH = "/api/auth/email/change/"
NEW = "new@people.example"


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """Return a patient who has not confirmed the address."""
    return make_patient(confirmed_at=None)


@pytest.fixture
def confirmed_user(user: User, now: datetime) -> User:
    """The patient's account, with a confirmed address."""
    User.objects.filter(pk=user.pk).update(email_verified_at=now)
    user.refresh_from_db()
    return user


def request(user: User, now: datetime, *, email: str = NEW, password: str = PASSWORD) -> EmailChange:
    """Request a change."""
    return request_email_change(user=user, email=email, password=password, address="192.0.2.1", now=now)


def confirm(token: str, user: User, now: datetime) -> None:
    """Use the link in a session of the user."""
    confirm_email_change(token=token, signed_in=user, address="192.0.2.1", now=now)


def email_of(user: User) -> str:
    """Return the stored address."""
    return User.objects.get(pk=user.pk).email


def test_the_address_changes_when_it_is_confirmed_and_not_before(user: User, now: datetime) -> None:
    change = request(user, now, email="  New@People.example ")
    before = email_of(user)

    confirm(change_token(change), user, now)

    assert (before, email_of(user)) == (user.email, NEW)
    assert User.objects.get(pk=user.pk).email_verified_at == now


def test_a_mistyped_address_that_was_never_confirmed_can_be_corrected(user: User, now: datetime) -> None:
    change = request(user, now)

    confirm(change_token(change), user, now)

    assert queued_job_kinds() == ["email_change"]  # the mistyped address may be a stranger's
    assert (email_of(user), EmailChange.objects.get().old_email) == (NEW, "")


def test_a_confirmed_old_address_hears_of_the_request_and_of_the_change(
    confirmed_user: User, now: datetime
) -> None:
    change = request(confirmed_user, now)
    asked = queued_job_kinds()

    confirm(change_token(change), confirmed_user, now)

    assert (asked, queued_job_kinds()) == (
        ["email_change", "email_change_requested"],
        ["email_change", "email_change_requested", "email_changed"],
    )
    assert EmailChange.objects.get().old_email == confirmed_user.email


@pytest.mark.parametrize("password", ["wrong horse", ""])
def test_a_request_needs_the_password(user: User, now: datetime, password: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        request(user, now, password=password)

    assert list(refusal.value.errors) == ["password"]
    assert EmailChange.objects.count() == 0


def test_wrong_passwords_are_limited(user: User, now: datetime, settings: Any) -> None:
    settings.TRY_LIMITS = settings.TRY_LIMITS | {"password by user": (2, timedelta(minutes=15))}
    for _time in range(2):
        with pytest.raises(InvalidInput):
            request(user, now, password="wrong horse")

    with pytest.raises(TooManyAttempts):
        request(user, now)


def test_requests_are_limited(user: User, now: datetime, settings: Any) -> None:
    settings.TRY_LIMITS = settings.TRY_LIMITS | {"verification by account": (2, timedelta(hours=1))}
    for number in range(2):
        request(user, now, email=f"new{number}@people.example")

    with pytest.raises(TooManyAttempts):
        request(user, now)


def test_ones_own_address_is_refused(user: User, now: datetime) -> None:
    with pytest.raises(InvalidInput) as refusal:
        request(user, now, email=user.email.upper())

    assert list(refusal.value.errors) == ["email"]


@pytest.mark.parametrize("confirmed", [False, True])
def test_known_and_new_addresses_are_answered_alike(
    clinic: Clinic, user: User, client_for: Any, now: datetime, *, confirmed: bool
) -> None:
    known = user_of(make_patient())
    User.objects.filter(pk=known.pk).update(email_verified_at=now if confirmed else None)
    client = client_for(clinic, user)

    answers = [client.post(PATH, {"email": email, "password": PASSWORD}) for email in (known.email, NEW)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert queued_job_kinds() == ["email_change"] * 2


def test_an_address_that_another_account_has_confirmed_is_refused_at_the_link(
    user: User, now: datetime
) -> None:
    change = request(user, now)
    other = user_of(make_patient(email=NEW))
    User.objects.filter(pk=other.pk).update(email_verified_at=now)

    with pytest.raises(EmailTaken):
        confirm(change_token(change), user, now)

    assert email_of(user) == user.email
    assert UserSession.objects.filter(user=other).count() == 0


def test_confirming_ends_all_sessions_and_pending_links(
    clinic: Clinic, confirmed_user: User, now: datetime
) -> None:
    user = confirmed_user
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {start_session(user=user).access}")
    create_verification(user=user, now=now)
    request_reset(email=user.email, address="192.0.2.1", now=now)
    change = request(user, now)

    confirm(change_token(change), user, now)

    assert client.get("/api/auth/profile/").status_code == 401
    left = [rows.objects.count() for rows in (UserSession, PasswordReset, EmailVerification)]
    assert left == [0, 0, 0]


def test_one_signs_in_with_the_new_address_and_not_with_the_old(
    clinic: Clinic, user: User, now: datetime
) -> None:
    confirm(change_token(request(user, now)), user, now)
    statuses = [
        ClinicClient(clinic).post("/api/auth/login/", {"email": email, "password": PASSWORD}).status_code
        for email in (user.email, NEW)
    ]

    assert statuses == [401, 200]


def test_the_link_can_be_used_twice_and_changes_nothing_more(user: User, now: datetime) -> None:
    token = change_token(request(user, now))
    confirm(token, user, now)
    session = start_session(user=User.objects.get(pk=user.pk))

    confirm(token, user, now)

    assert UserSession.objects.filter(user=session.user).count() == 1


@pytest.mark.parametrize(("late", "works"), [(-1, True), (0, False), (1, False)])
def test_a_link_expires_after_three_days(user: User, now: datetime, *, late: int, works: bool) -> None:
    token, at = change_token(request(user, now)), now + timedelta(days=3, seconds=late)

    if works:
        confirm(token, user, at)
    else:
        with pytest.raises(LinkInvalid):
            confirm(token, user, at)

    assert (email_of(user) == NEW) == works


def newer_request(user: User, now: datetime) -> None:
    """Request another address."""
    request(user, now, email="newer@people.example")


def new_password(user: User, now: datetime) -> None:
    """Change the password."""
    change_password(
        user=user, current_password=PASSWORD, new_password=f"my {PASSWORD}", address="192.0.2.1", now=now
    )


def deactivation(user: User, now: datetime) -> None:
    """Deactivate the account."""
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("event", [newer_request, new_password, deactivation])
def test_a_link_ends_with_a_newer_request_a_new_password_and_a_deactivation(
    user: User, now: datetime, event: Callable[[User, datetime], None]
) -> None:
    token = change_token(request(user, now))
    event(user, now)

    with pytest.raises(LinkInvalid):
        confirm(token, user, now)

    assert email_of(user) == user.email


@pytest.mark.parametrize("token", ["x", "a.b.c", ""])
def test_an_invalid_link_is_refused(clinic: Clinic, token: str) -> None:
    answer = ClinicClient(clinic).post(f"{PATH}confirm/", {"token": token})

    assert answer.status_code == (409 if token else 400)


def test_a_link_of_another_clinic_is_refused(user: User, other_clinic: Clinic, now: datetime) -> None:
    token = change_token(request(user, now))

    with enter_clinic(other_clinic), pytest.raises(LinkInvalid):
        confirm(token, user, now)


@pytest.mark.parametrize("role", ["patient", "doctor", "admin"])
def test_everybody_with_an_account_changes_it_over_the_api(
    clinic: Clinic, client_for: Any, role: str
) -> None:
    users = {"patient": make_patient().user, "doctor": make_doctor().user, "admin": make_admin()}
    user = users[role]
    assert user is not None

    answer = client_for(clinic, user).post(PATH, {"email": NEW, "password": PASSWORD})
    token = change_token(EmailChange.objects.get())
    confirmed = ClinicClient(clinic).post(f"{PATH}confirm/", {"token": token, "password": PASSWORD})

    assert (data_of(answer), data_of(confirmed), email_of(user)) == (None, None, NEW)


def test_request_and_change_are_audited_without_an_address(user: User, now: datetime) -> None:
    confirm(change_token(request(user, now)), user, now)

    entries = AuditEntry.objects.filter(what__startswith="address_change").order_by("id")
    assert [(entry.what, entry.by, entry.note) for entry in entries] == [
        ("address_change_asked", user, ""),
        ("address_changed", user, ""),
    ]


def test_the_token_is_not_stored_and_expired_requests_are_deleted(user: User, now: datetime) -> None:
    token = change_token(request(user, now))

    stored = str(list(EmailChange.objects.values_list()))
    delete_expired(now=now + timedelta(days=3))

    assert token.rpartition(".")[2] not in stored
    assert EmailChange.objects.count() == 0


def test_an_address_changed_by_an_admin_is_announced_to_the_old_one_and_ends_sessions(
    clinic: Clinic, admin: User, confirmed_user: User
) -> None:
    desk, old = ClinicClient(clinic), confirmed_user.email
    desk.force_login(admin)
    start_session(user=confirmed_user)
    form = {"first_name": "Pat", "last_name": "Moved", "phone": "", "role": "patient", "is_active": "on"}

    desk.post(f"/admin/accounts/user/{confirmed_user.pk}/change/", {**form, "email": NEW}, format="multipart")

    assert (EmailChange.objects.get().old_email, email_of(confirmed_user)) == (old, NEW)
    assert queued_job_kinds() == ["email_verification", "email_changed"]
    assert UserSession.objects.filter(user=confirmed_user).count() == 0


@pytest.mark.parametrize(("guarded", "winners"), [(True, 1), (False, 4)])
def test_of_accounts_that_confirm_one_address_at_once_only_one_gets_it(
    committed_clinic: Clinic,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    *,
    guarded: bool,
    winners: int,
) -> None:
    if not guarded:
        drop_unique_addresses()
        all_have_looked, look = Barrier(4), check_email_is_free

        def look_together(email: str, *, user: User) -> None:
            look(email, user=user)
            all_have_looked.wait(timeout=30)

        monkeypatch.setattr(services, "lock_email", lambda _email: None)
        monkeypatch.setattr(services, "check_email_is_free", look_together)
    users = [user_of(make_patient()) for _account in range(4)]
    tokens = [(user, change_token(request(user, now))) for user in users]

    results = run_concurrently(
        committed_clinic, *(partial(confirm, token, user, now) for user, token in tokens)
    )

    assert [result for result in results if result and not isinstance(result, EmailTaken)] == []
    assert results.count(None) == User.objects.filter(email=NEW).count() == winners


def drop_unique_addresses() -> None:
    """Drop every unique index on the address of the current clinic's users, for a control test."""
    schema = sql.Identifier(current_clinic().schema_name)
    with owner_connection() as owner:
        change = sql.SQL("DROP INDEX {}.user_email_has_one_owner")
        owner.execute(change.format(schema))


def test_the_patients_record_stays_with_the_account(patient: Patient, now: datetime) -> None:
    user = user_of(patient)

    confirm(change_token(request(user, now)), user, now)

    assert Patient.objects.get(pk=patient.pk).user_id == user.pk
