"""Holds and open offers end with what they stand on, and cannot be confirmed after it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.availability import changed_times
from scheduling.bookings import hold as hold_module
from scheduling.bookings.hold import confirm_hold, hold_slot
from scheduling.clock.time_off import TimeOffSpec
from scheduling.errors import OfferWithdrawn, TimeWithdrawn
from scheduling.hours.services import remove_exception, set_exception
from scheduling.models import Booking, HolidayChoice, Place, Room, Slot, VisitType, WaitlistOffer
from scheduling.time_off.give import give_time_off
from scheduling.waitlist.offers import accept_offer
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tests.factories.admin_pages import get_form, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_doctor, make_patient
from tests.factories.queue import run_due_jobs
from tests.factories.schedule import make_hours
from tests.factories.visit_types import make_place, make_room, make_visit_type
from tests.factories.waitlist import entry_state, make_entry, make_offer_to, user_of
from tests.scheduling.test_admin import hours_form
from tests.scheduling.visit_types.test_admin import visit_form

HOUR = timedelta(hours=1)
NINE, TEN = 9 * 60, 10 * 60


@pytest.fixture
def slots(doctor: Doctor, soon: datetime) -> list[Slot]:
    """The doctor's slots from 09:00 to 10:00 on the day after tomorrow, from weekly hours."""
    make_hours(
        doctor, (soon.weekday(), "09:00", "10:00"), (soon.weekday(), "14:00", "15:00"), now=clock_now()
    )
    run_due_jobs()
    return list(Slot.objects.filter(doctor=doctor).order_by("starts_at"))[:2]


@pytest.fixture
def visit_type() -> VisitType:
    """A visit of half an hour in a room, and one such room."""
    make_room()
    return make_visit_type(duration_minutes=30, needs_room=True)


@pytest.fixture
def hold(slots: list[Slot], patient: Patient, visit_type: VisitType) -> Booking:
    """The patient's hold of the first slot."""
    return hold_slot(
        slot_id=slots[0].pk, patient=patient, by=user_of(patient), visit_type=visit_type, now=clock_now()
    )


@pytest.fixture
def offer(slots: list[Slot], doctor: Doctor, hold: Booking) -> WaitlistOffer:
    """The second slot, offered to another patient."""
    hold.visit_type.rooms.clear()  # type: ignore[union-attr]
    now = clock_now()
    entry = make_entry(make_patient(), doctor, visit_type=hold.visit_type, now=now)
    return make_offer_to(entry, slots[1], ends_at=now + HOUR, now=now)


def close_by_exception(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    set_exception(doctor=doctor, day=slot.starts_at.date(), intervals=[], now=clock_now())


def close_by_removed_exception(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    day, now = slot.starts_at.date(), clock_now()
    # The slots are those of an exception, and the weekly hours do not contain them.
    set_exception(doctor=doctor, day=day, intervals=[(NINE, TEN)], now=now)
    make_hours(doctor, now=now)
    remove_exception(doctor=doctor, day=day, now=now)


def close_by_hours(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    make_hours(doctor, (slot.starts_at.weekday(), "14:00", "15:00"), now=clock_now())


def close_by_time_off(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    day = slot.starts_at.date()
    give_time_off(doctor=doctor, spec=TimeOffSpec(day, day), by=admin, now=clock_now())


def close_by_holiday(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    path = "scheduling/holidaychoice/add/"
    form = get_form(desk, path) | {"day": slot.starts_at.date().isoformat(), "name": "Closed"}
    form.pop("is_open", None)
    submit_form(desk, path, form)
    assert HolidayChoice.objects.exists()


def deactivate_doctor(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    form = hours_form(doctor)
    form.pop("is_active")
    submit_form(desk, f"clinics/doctor/{doctor.pk}/change/", form)
    assert not Doctor.objects.get(pk=doctor.pk).is_active


def deactivate_doctor_only(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    """The service would end the hold."""
    Doctor.objects.filter(pk=doctor.pk).update(is_active=False)


def withdraw_visit_type(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    path = f"scheduling/visittype/{VisitType.objects.get(needs_room=True).pk}/change/"
    form = visit_form(needs_room="on", duration_minutes="30")
    form.pop("is_active")
    submit_form(desk, path, form)
    assert not VisitType.objects.get(needs_room=True).is_active


def offer_visit_type_with_another_doctor(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    path = f"scheduling/visittype/{VisitType.objects.get(needs_room=True).pk}/change/"
    fields = {"needs_room": "on", "duration_minutes": "30", "doctors": [str(make_doctor().pk)]}
    submit_form(desk, path, visit_form(**fields))
    assert VisitType.objects.get(needs_room=True).doctors.exists()


def withdraw_room(doctor: Doctor, slot: Slot, desk: ClinicClient, admin: User) -> None:
    path = f"scheduling/room/{Room.objects.get().pk}/change/"
    form = get_form(desk, path)
    form.pop("is_active")
    submit_form(desk, path, form)
    assert not Room.objects.get().is_active


CLOSINGS = [
    close_by_exception,
    close_by_removed_exception,
    close_by_hours,
    close_by_time_off,
    close_by_holiday,
    deactivate_doctor,
    withdraw_visit_type,
    offer_visit_type_with_another_doctor,
    withdraw_room,
]


@pytest.mark.parametrize("close", CLOSINGS)
def test_what_closes_a_time_ends_its_holds_and_offers_in_the_same_transaction(
    close: Callable[..., None],
    doctor: Doctor,
    slots: list[Slot],
    *,
    hold: Booking,
    offer: WaitlistOffer,
    desk: ClinicClient,
    admin: User,
) -> None:
    """I46, I47, I48."""
    close(doctor, slots[0], desk, admin)

    hold.refresh_from_db()
    offer.refresh_from_db()
    assert (hold.status, offer.outcome, offer.booking.status) == ("CANCELLED", "revoked", "CANCELLED")
    assert entry_state(offer.entry) == ("waiting", 0)
    with pytest.raises(TimeWithdrawn):
        confirm_hold(hold_id=hold.pk, patient=hold.patient, by=user_of(hold.patient), now=clock_now())
    with pytest.raises(OfferWithdrawn):
        accept_offer(offer=offer, by=user_of(offer.entry.patient), now=clock_now())


@pytest.mark.parametrize(
    "close", [close_by_exception, deactivate_doctor_only, withdraw_visit_type, withdraw_room]
)
def test_confirming_checks_the_rules_again_even_if_nothing_ended_the_hold(
    close: Callable[..., None],
    doctor: Doctor,
    slots: list[Slot],
    *,
    hold: Booking,
    offer: WaitlistOffer,
    desk: ClinicClient,
    admin: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changed_times, "_handlers", [])
    close(doctor, slots[0], desk, admin)

    with pytest.raises(TimeWithdrawn):
        confirm_hold(hold_id=hold.pk, patient=hold.patient, by=user_of(hold.patient), now=clock_now())
    with pytest.raises(OfferWithdrawn):
        accept_offer(offer=offer, by=user_of(offer.entry.patient), now=clock_now())
    hold.refresh_from_db()
    assert hold.status == "HELD"


def test_without_the_handler_and_the_check_a_hold_on_a_closed_day_is_booked(
    doctor: Doctor, slots: list[Slot], hold: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed_times, "_handlers", [])
    monkeypatch.setattr(hold_module, "is_invalid", lambda *args, **kwargs: False)
    set_exception(doctor=doctor, day=slots[0].starts_at.date(), intervals=[], now=clock_now())

    booking = confirm_hold(hold_id=hold.pk, patient=hold.patient, by=user_of(hold.patient), now=clock_now())

    assert booking.status == "CONFIRMED"


def test_the_refusal_of_a_closed_time_lists_the_nearest_open_ones(
    doctor: Doctor, slots: list[Slot], hold: Booking
) -> None:
    day = slots[0].starts_at.date()
    set_exception(doctor=doctor, day=day, intervals=[(14 * 60, 15 * 60)], now=clock_now())

    with pytest.raises(TimeWithdrawn) as refusal:
        confirm_hold(hold_id=hold.pk, patient=hold.patient, by=user_of(hold.patient), now=clock_now())

    starts = [found["local_time"] for found in refusal.value.data["alternatives"]]
    assert starts[:2] == ["14:00", "14:30"]
    assert (refusal.value.code, refusal.value.status) == ("time_withdrawn", 409)


def test_a_place_that_is_not_in_use_any_more_ends_its_holds(
    patient: Patient, doctor: Doctor, desk: ClinicClient, soon: datetime
) -> None:
    place = make_place()
    slot = Slot.objects.create(
        doctor=doctor, place=place, starts_at=soon, ends_at=soon + HOUR, created_at=clock_now()
    )
    hold = hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=clock_now())
    path = f"scheduling/place/{place.pk}/change/"
    form = get_form(desk, path)
    form.pop("is_active")

    submit_form(desk, path, form)

    hold.refresh_from_db()
    assert (Place.objects.get().is_active, hold.status) == (False, "CANCELLED")


def test_a_change_elsewhere_leaves_holds_and_offers_alone(
    doctor: Doctor, slots: list[Slot], hold: Booking, offer: WaitlistOffer
) -> None:
    day = slots[0].starts_at.date()
    set_exception(doctor=make_doctor(), day=day, intervals=[], now=clock_now())
    set_exception(doctor=doctor, day=day + timedelta(days=1), intervals=[], now=clock_now())
    set_exception(doctor=doctor, day=day, intervals=[(NINE, TEN)], now=clock_now())
    run_due_jobs()

    hold.refresh_from_db()
    offer.refresh_from_db()
    assert (hold.status, offer.outcome) == ("HELD", "open")


def test_the_api_says_why_a_hold_cannot_be_confirmed(
    as_user: Callable[..., ClinicClient], doctor: Doctor, patient: Patient, at_now: datetime, now: datetime
) -> None:
    day: Any = now.date() + timedelta(days=2)
    make_hours(doctor, (day.weekday(), "09:00", "10:00"), now=now)
    run_due_jobs()
    slot = Slot.objects.order_by("starts_at").first()
    assert slot is not None
    hold = hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)
    set_exception(doctor=doctor, day=day, intervals=[], now=now)

    response = as_user(user_of(patient)).post("/api/appointments/bookings/", {"hold": str(hold.pk)})

    body = response.json()
    assert (response.status_code, body["code"]) == (409, "time_withdrawn")
    assert body["message"] == "The clinic can no longer offer this time. Choose another time."
    assert len(body["data"]["alternatives"]) > 0
