"""Which events webhooks report about bookings, patients and the waiting list."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from clinics.services.dependants import add_dependant, change_dependant, remove_carer
from notifications.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from notifications.services.webhook_planning import delete_old_deliveries, plan_booking_webhooks
from scheduling.account_closure import erase_patient
from scheduling.bookings.attendance import check_in
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import Booking, WaitlistOffer
from scheduling.waitlist.offers import accept_offer, decline_offer
from scheduling.waitlist.services import leave_waitlist
from tenants.accounts.models import User
from tests.factories.people import user_of
from tests.factories.schedule import make_slot
from tests.factories.waitlist import make_entry, make_offer_to

RunQueue = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def _all_events(endpoint: WebhookEndpoint) -> None:
    """Report every event."""
    WebhookEndpoint.objects.update(event_types=WebhookEvent.values)


@pytest.fixture
def offer(patient: Patient, doctor: Doctor, now: datetime) -> WaitlistOffer:
    """A time that is offered to a patient on the waiting list."""
    slot = make_slot(doctor, now + timedelta(days=2))
    return make_offer_to(
        make_entry(patient, doctor, now=now), slot, ends_at=now + timedelta(hours=1), now=now
    )


def reported(subject: str) -> list[tuple[str, dict[str, Any]]]:
    """Return type and data of the planned events about patients, bookings or the waiting list, in order."""
    found = WebhookDelivery.objects.filter(event_type__startswith=subject).order_by("created_at", "sequence")
    return [(body["type"], body["data"]) for body in (json.loads(delivery.body) for delivery in found)]


def test_each_event_of_a_booking_has_the_time_that_it_led_to(
    booking: Booking, doctor: Doctor, admin: User, clock: Any
) -> None:
    before, later = booking.starts_at, booking.starts_at + timedelta(days=1)
    slot = make_slot(doctor, later)
    reschedule_booking(
        booking=booking, slot_id=slot.pk, by=admin, now=booking.created_at + timedelta(hours=1)
    )
    moved = Booking.objects.get()
    check_in(booking=moved, by=admin, now=later)

    for _twice in range(2):
        plan_booking_webhooks(Booking.objects.get(), now=booking.created_at + timedelta(days=1))

    assert [(kind, data["starts_at"], data["status"]) for kind, data in reported("booking")] == [
        ("booking.created", f"{before:%Y-%m-%dT%H:%M:%SZ}", "CONFIRMED"),
        ("booking.rescheduled", f"{later:%Y-%m-%dT%H:%M:%SZ}", "CONFIRMED"),
        ("booking.checked_in", f"{later:%Y-%m-%dT%H:%M:%SZ}", "CHECKED_IN"),
    ]


def test_a_dependant_is_reported_by_id_from_creation_to_deletion(
    patient: Patient, run_queue: RunQueue, clock: Any
) -> None:
    user = user_of(patient)
    dependant = add_dependant(user=user, details={"first_name": "Nia", "last_name": "Secret"})
    run_queue()
    clock.shift(timedelta(minutes=1))
    change_dependant(dependant=dependant, details={"allergies": "nuts"}, by=user)
    run_queue()
    clock.shift(timedelta(minutes=1))
    remove_carer(dependant=dependant, by=user)
    run_queue()

    about = {"id": str(dependant.pk)}
    kinds = ["patient.created", "patient.updated", "patient.erased"]
    assert [event for event in reported("patient") if event[1] == about] == [(kind, about) for kind in kinds]


def test_an_erased_patient_is_reported(
    patient: Patient, admin: User, run_queue: RunQueue, now: datetime
) -> None:
    erase_patient(patient=patient, by=admin, now=now)

    run_queue()

    assert reported("patient")[-1] == ("patient.erased", {"id": str(patient.pk)})


def test_old_deliveries_are_deleted_and_not_planned_again(
    booking: Booking, run_queue: RunQueue, now: datetime
) -> None:
    run_queue()
    later = now + timedelta(days=30, minutes=1)

    delete_old_deliveries(now=now + timedelta(days=29))
    kept = len(reported("booking"))
    delete_old_deliveries(now=later)
    plan_booking_webhooks(booking, now=later)

    assert (kept, reported("booking")) == (1, [])


def test_the_waiting_list_is_reported_from_joining_to_booking(
    offer: WaitlistOffer, run_queue: RunQueue, now: datetime
) -> None:
    accept_offer(offer=offer, by=user_of(offer.entry.patient), now=now)

    run_queue()

    assert [kind for kind, _data in reported("waitlist")] == [
        "waitlist.joined",
        "waitlist.offered",
        "waitlist.booked",
    ]
    assert reported("waitlist")[-1][1]["booking"] == str(offer.booking_id)


def test_a_declined_offer_and_leaving_the_waiting_list_are_reported(
    offer: WaitlistOffer, run_queue: RunQueue, now: datetime
) -> None:
    user = user_of(offer.entry.patient)
    decline_offer(offer=offer, by=user, now=now)
    leave_waitlist(entry=offer.entry, by=user, now=now)

    run_queue()

    kinds = [(kind, data.get("outcome")) for kind, data in reported("waitlist")]
    assert kinds == [
        ("waitlist.joined", None),
        ("waitlist.offered", None),
        ("waitlist.offer_ended", "declined"),
        ("waitlist.ended", None),
    ]
