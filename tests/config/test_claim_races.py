"""What can be used once is used once: of twelve simultaneous requests one succeeds, the others get 409.

None waits for the winner, and none gets a 5xx.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from clinics.models import Patient
from clinics.services.staff import invite_staff
from scheduling.bookings.hold import hold_slot
from scheduling.models import Booking
from tenants.accounts.email_verification.services import create_verification, verification_token
from tenants.accounts.invitations.services import invitation_token
from tenants.accounts.models import User
from tenants.accounts.passwords.services import request_reset, reset_to_send, reset_token
from tenants.accounts.second_factor.enrolment import begin_enrolment
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.second_factor import code_of
from tests.factories.threads import run_concurrently
from tests.factories.waitlist import make_entry, make_offer_to

AT_ONCE = 12
NEW = "a third horse, a third staple"

Send = Callable[[], Any]


def client_of(clinic: Clinic, user: User | None = None) -> ClinicClient:
    """Return a client, signed in if there is a user."""
    client = ClinicClient(clinic)
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {start_session(user=user).access}")
    return client


def tomorrow() -> datetime:
    """Tomorrow at this time, to the minute."""
    return clock_now().replace(second=0, microsecond=0) + timedelta(days=1)


def booked(patient: Patient) -> Booking:
    """Return a booking of the patient."""
    return make_booking(make_slot(make_doctor(), tomorrow()), patient, now=clock_now())


def an_invitation(clinic: Clinic) -> Send:
    invitation = invite_staff(
        email="new@staff.example",
        first_name="Noa",
        last_name="New",
        role=User.Role.RECEPTIONIST,
        by=User.objects.get(),
        now=clock_now(),
    )
    body = {"token": invitation_token(invitation), "password": NEW}
    return partial(client_of(clinic).post, "/api/auth/invitations/accept/", body)


def a_password_link(clinic: Clinic) -> Send:
    user = user_of(make_patient())
    reset = request_reset(email=user.email, address="192.0.2.1", now=clock_now())
    sent = reset_to_send(reset_id=reset.pk, now=clock_now())
    assert sent is not None
    body = {"token": reset_token(sent), "password": NEW}
    return partial(client_of(clinic).post, "/api/auth/password/reset/confirm/", body)


def an_offer(clinic: Clinic) -> Send:
    patient, doctor, now = make_patient(), make_doctor(), clock_now()
    entry = make_entry(patient, doctor, now=now)
    offer = make_offer_to(entry, make_slot(doctor, tomorrow()), ends_at=now + timedelta(hours=1), now=now)
    path = f"/api/appointments/waitlist/offers/{offer.pk}/accept/"
    return partial(client_of(clinic, patient.user).post, path, {})


def an_approval(clinic: Clinic) -> Send:
    booking = booked(make_patient())
    Booking.objects.filter(pk=booking.pk).update(status=Booking.Status.PENDING)
    path = f"/api/appointments/bookings/{booking.pk}/confirm/"
    # A second request of the same person would be a repetition, which succeeds.
    clients = iter([client_of(clinic, make_receptionist()) for _ in range(AT_ONCE)])
    return lambda: next(clients).post(path, {})


def a_hold(clinic: Clinic) -> Send:
    patient, now = make_patient(), clock_now()
    slot = make_slot(make_doctor(), tomorrow())
    hold = hold_slot(slot_id=slot.pk, patient=patient, by=patient.user, now=now)
    body = {"hold": str(hold.pk)}
    return partial(client_of(clinic, patient.user).post, "/api/appointments/bookings/", body)


def a_cancellation(clinic: Clinic) -> Send:
    patient = make_patient()
    path = f"/api/appointments/bookings/{booked(patient).pk}/cancel/"
    return partial(client_of(clinic, patient.user).post, path, {})


def an_enrolment(clinic: Clinic) -> Send:
    user = make_receptionist()
    body = {"code": code_of(begin_enrolment(user=user))}
    return partial(client_of(clinic, user).post, "/api/auth/second-factor/set-up/confirm/", body)


CLAIMS = [an_invitation, a_password_link, an_offer, an_approval, a_hold, a_cancellation, an_enrolment]


def statuses(clinic: Clinic, send: Send) -> Counter[int]:
    """Send twelve requests at once and count their statuses."""
    answers = run_concurrently(clinic, *[send] * AT_ONCE)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    return Counter(answer.status_code for answer in answers if not isinstance(answer, Exception))


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.__name__ for claim in CLAIMS])
def test_of_twelve_simultaneous_uses_one_succeeds_and_the_others_get_409(
    committed_clinic: Clinic, claim: Callable[[Clinic], Send], settings: Any
) -> None:
    settings.TRY_LIMITS = {name: (1000, period) for name, (_, period) in settings.TRY_LIMITS.items()}

    counts = statuses(committed_clinic, claim(committed_clinic))

    succeeded = {status: count for status, count in counts.items() if status < 300}
    # The first enrolment ends the session that the others use.
    refused = counts[409] + (counts[401] if claim is an_enrolment else 0)
    assert (sum(succeeded.values()), refused) == (1, AT_ONCE - 1), counts


def test_confirming_an_address_twelve_times_at_once_has_one_effect(committed_clinic: Clinic) -> None:
    user = user_of(make_patient(confirmed_at=None))
    token = verification_token(create_verification(user=user, now=clock_now()))
    send = partial(client_of(committed_clinic, user).post, "/api/auth/email/verify/", {"token": token})

    assert statuses(committed_clinic, send) == {200: AT_ONCE}


def test_calendar_links_made_at_once_do_not_exceed_their_limit(committed_clinic: Clinic) -> None:
    client = client_of(committed_clinic, make_patient().user)
    counts = statuses(committed_clinic, partial(client.post, "/api/appointments/feeds/", {"name": "Phone"}))

    assert max(counts) < 500
    assert counts[201] == len(client.get("/api/appointments/feeds/").json()["data"]["results"])


class SlowHasher(Argon2PasswordHasher):
    """Takes longer than Postgres waits for a lock, as on a machine that is very busy."""

    def encode(self, password: str, salt: str) -> str:
        """Return the hash after four seconds."""
        time.sleep(4)
        return super().encode(password, salt)


@pytest.mark.parametrize("claim", [an_invitation, a_password_link], ids=["invitation", "password link"])
def test_nobody_waits_while_the_winner_hashes_the_password(
    committed_clinic: Clinic, claim: Callable[[Clinic], Send], settings: Any
) -> None:
    send = claim(committed_clinic)
    settings.PASSWORD_HASHERS = [f"{__name__}.{SlowHasher.__name__}"]

    counts = statuses(committed_clinic, send)

    assert (counts[409], sum(count for status, count in counts.items() if status < 300)) == (AT_ONCE - 1, 1)
