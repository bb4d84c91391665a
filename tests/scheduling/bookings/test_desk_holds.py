"""Holds of the front desk while it speaks to a caller, beside the patient's own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import confirm_hold, hold_slot, release_desk_hold
from scheduling.errors import HoldExpired, SlotTaken, TimeOffered
from scheduling.models import Booking, Slot
from tenants.accounts.models import User
from tenants.base.errors import NotFound
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient, make_receptionist, user_of
from tests.factories.schedule import make_slot
from tests.factories.waitlist import make_entry, make_offer_to

HOUR = timedelta(hours=1)
HOLDS, BOOKINGS = "/api/appointments/holds/", "/api/appointments/bookings/"


@pytest.fixture
def slots(doctor: Doctor, now: datetime) -> list[Slot]:
    """Three slots, each an hour after the other."""
    return [make_slot(doctor, now + hours * HOUR) for hours in (1, 2, 3)]


def statuses(*holds: Booking) -> list[str]:
    """Return the present status of each hold."""
    return [Booking.objects.get(pk=hold.pk).status for hold in holds]


def test_the_desk_and_the_patient_hold_times_beside_each_other(
    slots: list[Slot], patient: Patient, admin: User, now: datetime
) -> None:
    hold = partial(hold_slot, patient=patient, now=now)
    own = hold(slot_id=slots[0].pk, by=user_of(patient))
    of_desk = hold(slot_id=slots[1].pk, by=admin)

    again = hold(slot_id=slots[2].pk, by=user_of(patient))

    assert statuses(own, of_desk, again) == ["CANCELLED", "HELD", "HELD"]


def test_another_time_for_the_same_caller_releases_the_desks_first_and_no_other_desks(
    slots: list[Slot], patient: Patient, admin: User, now: datetime
) -> None:
    hold, other_desk = partial(hold_slot, now=now), make_receptionist()
    first = hold(slot_id=slots[0].pk, patient=patient, by=admin)
    of_others = hold(slot_id=slots[1].pk, patient=make_patient(), by=other_desk)

    second = hold(slot_id=slots[2].pk, patient=patient, by=admin)

    assert statuses(first, of_others, second) == ["CANCELLED", "HELD", "HELD"]


def test_of_two_desks_one_holds_a_time(
    slots: list[Slot], patient: Patient, admin: User, now: datetime
) -> None:
    hold_slot(slot_id=slots[0].pk, patient=patient, by=admin, now=now)

    with pytest.raises(SlotTaken) as refusal:
        hold_slot(slot_id=slots[0].pk, patient=make_patient(), by=make_receptionist(), now=now)

    assert [time["id"] for time in refusal.value.data["alternatives"]] == [str(slot.pk) for slot in slots[1:]]


def test_the_desk_hears_that_a_time_is_offered_to_the_waiting_list(
    slots: list[Slot], doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    make_offer_to(make_entry(make_patient(), doctor, now=now), slots[0], ends_at=now + HOUR, now=now)

    with pytest.raises(TimeOffered):
        hold_slot(slot_id=slots[0].pk, patient=patient, by=admin, now=now)


def test_a_member_of_the_desk_releases_only_holds_of_their_own(
    slots: list[Slot], patient: Patient, admin: User, now: datetime
) -> None:
    own = hold_slot(slot_id=slots[0].pk, patient=patient, by=user_of(patient), now=now)
    of_desk = hold_slot(slot_id=slots[1].pk, patient=patient, by=admin, now=now)
    release = partial(release_desk_hold, now=now)

    for hold, by in ((own, admin), (of_desk, make_receptionist())):
        with pytest.raises(NotFound):
            release(hold_id=hold.pk, by=by)
    release(hold_id=of_desk.pk, by=admin)

    assert statuses(own, of_desk) == ["HELD", "CANCELLED"]


def test_the_desk_books_what_it_holds_until_the_hold_ends(
    slots: list[Slot], patient: Patient, admin: User, now: datetime
) -> None:
    held = hold_slot(slot_id=slots[0].pk, patient=patient, by=admin, now=now)
    late = hold_slot(slot_id=slots[1].pk, patient=make_patient(), by=admin, now=now)
    confirm = partial(confirm_hold, by=admin)

    booked = confirm(hold_id=held.pk, patient=patient, now=now)

    assert (booked.pk, booked.status) == (held.pk, "CONFIRMED")
    with pytest.raises(HoldExpired):
        confirm(hold_id=late.pk, patient=late.patient, now=now + HOUR)


def test_over_the_api_the_desk_holds_books_and_releases(
    slots: list[Slot], patient: Patient, admin: User, as_user: Callable[..., ClinicClient]
) -> None:
    client, doctor = as_user(admin), as_user(slots[0].doctor.user)
    body = {"slot": str(slots[0].pk), "patient": str(patient.pk)}

    held = data_of(client.post(HOLDS, body))
    refused = [client.post(HOLDS, {"slot": body["slot"]}).status_code, doctor.post(HOLDS, body).status_code]
    booked = data_of(client.post(BOOKINGS, {"hold": held["id"], "patient": held["patient"]["id"]}))

    assert refused == [400, 403]
    assert (booked["id"], booked["status"]) == (held["id"], "CONFIRMED")
    other = data_of(client.post(HOLDS, {**body, "slot": str(slots[1].pk)}))
    assert client.delete(f"{HOLDS}{other['id']}/").status_code == 200
    assert client.delete(f"{HOLDS}{other['id']}/").status_code == 404


def test_a_booking_of_the_patient_ends_a_hold_of_the_desk_that_overlaps(
    slots: list[Slot], patient: Patient, admin: User, now: datetime
) -> None:
    of_desk = hold_slot(slot_id=slots[0].pk, patient=patient, by=admin, now=now)

    book_slot(slot_id=slots[0].pk, patient=patient, by=user_of(patient), now=now)

    assert statuses(of_desk) == ["CANCELLED"]
