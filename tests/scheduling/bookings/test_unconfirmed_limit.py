"""How much an account can book before its email address is confirmed."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings import book as booking_service
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import confirm_hold, hold_slot
from scheduling.errors import EmailNotConfirmed
from scheduling.models import Booking, Slot
from scheduling.waitlist.join_checks import WaitlistRequest
from scheduling.waitlist.offers import accept_offer
from scheduling.waitlist.services import join_waitlist
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_dependant, make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently
from tests.factories.waitlist import make_entry, make_offer_to

HOUR = timedelta(hours=1)
REFUSED = "email_not_confirmed"


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """A patient who has not confirmed the address."""
    return make_patient(confirmed_at=None)


@pytest.fixture
def slots(doctor: Doctor, now: datetime) -> list[Slot]:
    """Six open slots, one an hour."""
    return [make_slot(doctor, now + n * HOUR) for n in range(1, 7)]


def outcome(slot: Slot, patient: Patient, *, by: User, now: datetime, act: Any = book_slot) -> str:
    """The refusal's code, or the booking's status."""
    try:
        status: str = act(slot_id=slot.pk, patient=patient, by=by, now=now).status
    except EmailNotConfirmed as refusal:
        return refusal.code
    return status


def test_an_unconfirmed_account_books_two_visits_by_default(
    patient: Patient, user: User, admin: User, slots: list[Slot], now: datetime
) -> None:
    own = [outcome(slot, patient, by=user, now=now) for slot in slots[:3]]
    by_staff = outcome(slots[3], patient, by=admin, now=now)
    User.objects.filter(pk=user.pk).update(email_verified_at=now)

    assert own == ["CONFIRMED", "CONFIRMED", REFUSED]
    assert by_staff == "CONFIRMED"
    assert outcome(slots[4], patient, by=user, now=now) == "CONFIRMED"


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_the_clinic_sets_the_limit(
    patient: Patient, user: User, slots: list[Slot], now: datetime, limit: int
) -> None:
    ClinicSettings.objects.update(unconfirmed_limit=limit)

    outcomes = [outcome(slot, patient, by=user, now=now) for slot in slots[: limit + 1]]

    assert outcomes == ["CONFIRMED"] * limit + [REFUSED]


def test_past_visits_do_not_count(patient: Patient, user: User, slots: list[Slot], now: datetime) -> None:
    for slot in slots[:2]:
        make_booking(slot, patient, now=now)

    assert outcome(slots[4], patient, by=user, now=slots[1].ends_at) == "CONFIRMED"


def test_dependants_count_with_their_carer(
    patient: Patient, user: User, slots: list[Slot], now: datetime
) -> None:
    first, second = make_dependant(patient), make_dependant(patient)

    outcomes = [
        outcome(slot, who, by=user, now=now)
        for slot, who in zip(slots[:3], (first, second, patient), strict=True)
    ]

    assert outcomes == ["CONFIRMED", "CONFIRMED", REFUSED]


def test_a_dependant_of_a_confirmed_carer_has_no_such_limit(
    patient: Patient, slots: list[Slot], now: datetime
) -> None:
    carer = make_patient()
    dependant = make_dependant(carer)

    outcomes = [outcome(slot, dependant, by=user_of(carer), now=now) for slot in slots[:3]]

    assert outcomes == ["CONFIRMED"] * 3


def test_holds_of_others_count_and_a_new_hold_replaces_ones_own(
    patient: Patient, user: User, slots: list[Slot], now: datetime
) -> None:
    make_booking(slots[0], patient, now=now)
    holds = [outcome(slot, patient, by=user, now=now, act=hold_slot) for slot in slots[1:3]]
    held = Booking.objects.get(patient=patient, status="HELD")
    for_dependant = outcome(slots[3], make_dependant(patient), by=user, now=now)
    confirmed = confirm_hold(hold_id=held.pk, patient=patient, by=user, now=now)

    assert (holds, for_dependant, confirmed.status) == (["HELD", "HELD"], REFUSED, "CONFIRMED")


def test_an_offer_is_accepted_within_the_limit_only(
    patient: Patient, user: User, doctor: Doctor, slots: list[Slot], now: datetime
) -> None:
    offer = make_offer_to(make_entry(patient, doctor, now=now), slots[0], ends_at=now + HOUR / 2, now=now)
    User.objects.filter(pk=user.pk).update(email_verified_at=now)
    for slot in slots[1:3]:
        make_booking(slot, patient, now=now)
    User.objects.filter(pk=user.pk).update(email_verified_at=None)

    with pytest.raises(EmailNotConfirmed):
        accept_offer(offer=offer, by=user, now=now)


def test_the_waiting_list_takes_as_many_entries_as_bookings(
    patient: Patient, user: User, doctor: Doctor, now: datetime
) -> None:
    for waiting in (doctor, make_doctor()):
        make_entry(patient, waiting, now=now)
    request = WaitlistRequest(doctor=doctor, first=now.date(), last=now.date())

    for who in (patient, make_dependant(patient)):
        with pytest.raises(EmailNotConfirmed):
            join_waitlist(patient=who, by=user, request=request, now=now)


def test_the_api_says_how_to_book_more(clinic: Clinic, slots: list[Slot], client_for: Any) -> None:
    person = {"email": "mia@people.example", "password": PASSWORD, "first_name": "Mia", "last_name": "Marsh"}
    session = data_of(ClinicClient(clinic).post("/api/auth/register/", person))
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    start = clock_now() + 48 * HOUR
    future = [make_slot(slots[0].doctor, start + n * HOUR) for n in range(3)]

    answers = [client.post("/api/appointments/bookings/", {"slot": str(slot.pk)}) for slot in future]
    at = f"{future[2].starts_at:%Y-%m-%dT%H:%M:%SZ}"
    reasons = data_of(client.get(f"/api/appointments/explain/?doctor={future[2].doctor_id}&at={at}"))

    assert [answer.status_code for answer in answers] == [201, 201, 422]
    body = answers[2].json()
    assert (body["code"], body["message"]) == (
        REFUSED,
        "Confirm your email address to book more. We have sent you an email with a link.",
    )
    assert "email_not_confirmed" in str(reasons)


def book_concurrently(clinic: Clinic, now: datetime) -> int:
    """Return how many of eight concurrent bookings of one unconfirmed account succeed."""
    patient, doctor = make_patient(confirmed_at=None), make_doctor()
    slots = [make_slot(doctor, now + n * HOUR) for n in range(1, 9)]
    attempts = [partial(outcome, slot, patient, by=user_of(patient), now=now) for slot in slots]
    return run_concurrently(clinic, *attempts).count("CONFIRMED")


def test_concurrent_bookings_do_not_exceed_the_limit(committed_clinic: Clinic, now: datetime) -> None:
    assert book_concurrently(committed_clinic, now) == 2


def test_without_the_check_they_do(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booking_service, "check_unconfirmed_limit", lambda *_a, **_k: None)

    assert book_concurrently(committed_clinic, now) > 2
