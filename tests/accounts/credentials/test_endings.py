"""What ends when a password, a role, `is_active` or the proof of an address changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from notifications.selectors import live_feeds
from notifications.services.feeds import create_feed
from scheduling.models import Booking, WaitlistOffer
from tenants.accounts.credentials.endings import ENDS, Change, Grant
from tenants.accounts.credentials.services import change_access, set_password
from tenants.accounts.email_verification.services import create_verification, verification_token, verify_email
from tenants.accounts.invitations.services import create_invitation
from tenants.accounts.models import User, UserSession
from tenants.accounts.models.authenticator import Authenticator
from tenants.accounts.passwords.services import request_reset, reset_password, reset_to_send, reset_token
from tenants.accounts.second_factor.challenge import confirmed_authenticator
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_patient, user_of
from tests.factories.schedule import make_slot
from tests.factories.second_factor import give_authenticator
from tests.factories.waitlist import make_entry, make_offer_to

NEW = "another horse, another staple"


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """A patient who has not confirmed the address."""
    return make_patient(confirmed_at=None)


def confirm_with_link(user: User, now: datetime) -> None:
    """Use the link that confirms the address."""
    token = verification_token(create_verification(user=user, now=now))
    verify_email(token=token, signed_in=user, address="", now=now)


def reset_with_link(user: User, now: datetime) -> None:
    """Use the link that resets the password."""
    reset = reset_to_send(reset_id=request_reset(email=user.email, address="", now=now).pk, now=now)
    assert reset is not None
    reset_password(token=reset_token(reset), password=NEW, now=now)


def test_the_list_of_what_ends_is_complete() -> None:
    assert {
        Change.PASSWORD: {Grant.SESSIONS, Grant.UNFINISHED_SECOND_FACTOR},
        Change.ACCESS: {Grant.SESSIONS, Grant.CALENDAR_LINKS, Grant.INVITATIONS},
        Change.ADDRESS: {Grant.SESSIONS},
        Change.FIRST_PROOF: set(Grant),
    } == ENDS


@pytest.mark.parametrize(("prove", "keeps_app"), [(confirm_with_link, True), (reset_with_link, False)])
def test_the_first_proof_of_an_address_ends_everything_made_before(
    user: User,
    patient: Patient,
    doctor: Doctor,
    now: datetime,
    prove: Callable[[User, datetime], None],
    *,
    keeps_app: bool,
) -> None:
    start_session(user=user)
    create_feed(user=user, name="Phone", now=now)
    give_authenticator(user)
    slot = make_slot(doctor, now + timedelta(days=1))
    offer = make_offer_to(
        make_entry(patient, doctor, now=now), slot, ends_at=now + timedelta(hours=1), now=now
    )
    invited = {"email": "new@people.example", "first_name": "New", "last_name": "Person", "role": "admin"}
    invitation = create_invitation(**invited, by=user, now=now)

    prove(user, now)

    invitation.refresh_from_db()
    offer.refresh_from_db()
    assert UserSession.objects.filter(user=user).count() == 0
    assert live_feeds(user).count() == 0
    assert (confirmed_authenticator(user) is not None) == keeps_app
    assert invitation.withdrawn_at == now
    assert offer.outcome == WaitlistOffer.Outcome.DECLINED
    assert Booking.objects.get(pk=offer.booking_id).status == Booking.Status.CANCELLED


def test_a_later_proof_ends_only_the_sessions(clinic: Clinic, now: datetime) -> None:
    user = user_of(make_patient())
    create_feed(user=user, name="Phone", now=now)
    give_authenticator(user)
    start_session(user=user)

    reset_with_link(user, now)

    assert UserSession.objects.filter(user=user).count() == 0
    assert live_feeds(user).count() == 1
    assert confirmed_authenticator(user) is not None


def test_the_device_that_uses_the_link_in_its_session_gets_a_new_one(
    clinic: Clinic, user: User, client_for: Any
) -> None:
    here, elsewhere = client_for(clinic, user), client_for(clinic, user)
    token = verification_token(create_verification(user=user, now=clock_now()))
    give_authenticator(user)

    session = data_of(here.post("/api/auth/email/verify/", {"token": token}))
    again = data_of(here.post("/api/auth/email/verify/", {"token": token}))

    renewed = ClinicClient(clinic)
    renewed.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    statuses = [client.get("/api/auth/profile/").status_code for client in (here, elsewhere, renewed)]
    assert (statuses, again) == ([401, 401, 200], None)
    assert session["user"]["email_verified_at"] is not None
    assert confirmed_authenticator(user) is not None


def test_an_expired_token_does_not_keep_the_link_from_working(clinic: Clinic, user: User) -> None:
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION="Bearer expired")
    token = verification_token(create_verification(user=user, now=clock_now()))

    answer = client.post("/api/auth/email/verify/", {"token": token, "password": PASSWORD})

    assert (answer.status_code, answer.json()["data"]) == (200, None)


def test_another_users_session_is_not_changed_by_a_link(clinic: Clinic, user: User, client_for: Any) -> None:
    other = client_for(clinic, user_of(make_patient()))
    token = verification_token(create_verification(user=user, now=clock_now()))

    answer = other.post("/api/auth/email/verify/", {"token": token, "password": PASSWORD})

    assert (answer.status_code, answer.json()["data"]) == (200, None)
    assert other.get("/api/auth/profile/").status_code == 200


@pytest.mark.parametrize("prove", [confirm_with_link, reset_with_link])
def test_the_first_proof_of_a_staff_address_keeps_the_second_factor(
    clinic: Clinic, admin: User, now: datetime, prove: Callable[[User, datetime], None]
) -> None:
    give_authenticator(admin)

    prove(admin, now)

    admin.refresh_from_db()
    assert admin.email_verified_at == now
    assert confirmed_authenticator(admin) is not None


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "doctor"}])
def test_a_change_of_role_or_status_ends_calendar_links_and_open_invitations(
    clinic: Clinic, admin: User, now: datetime, change: dict[str, Any]
) -> None:
    create_feed(user=admin, name="Phone", now=now)
    invited = {"email": "new@people.example", "first_name": "New", "last_name": "Person", "role": "admin"}
    invitation = create_invitation(**invited, by=admin, now=now)

    change_access(user=admin, **change, by=None, now=now)

    invitation.refresh_from_db()
    assert (live_feeds(admin).count(), invitation.withdrawn_at) == (0, now)


def test_a_change_to_the_same_values_ends_nothing(clinic: Clinic, admin: User, now: datetime) -> None:
    start_session(user=admin)

    change_access(user=admin, role="admin", is_active=True, by=None, now=now)

    assert UserSession.objects.filter(user=admin).count() == 1


def test_a_new_password_ends_sessions_and_keeps_calendar_links(
    clinic: Clinic, admin: User, now: datetime
) -> None:
    create_feed(user=admin, name="Phone", now=now)
    start_session(user=admin)

    set_password(user=admin, password=NEW, now=now)

    assert (UserSession.objects.filter(user=admin).count(), live_feeds(admin).count()) == (0, 1)


def test_a_new_password_ends_a_second_factor_that_was_never_confirmed(user: User, now: datetime) -> None:
    Authenticator.objects.create(user=user, name="shown once", confirmed=False)
    kept = give_authenticator(user)

    set_password(user=user, password=NEW, now=now)

    assert list(Authenticator.objects.filter(user=user)) == [kept]
