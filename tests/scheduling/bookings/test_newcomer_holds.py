"""A visitor without an account holds a time in their browser, and takes it along when they sign in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings as configured

from clinics.models import Doctor, Patient
from scheduling.bookings.hold import confirm_hold, hold_slot
from scheduling.bookings.newcomers import (
    delete_past_newcomers,
    hold_for_newcomer,
    move_hold_to_account,
    new_newcomer,
)
from scheduling.bookings.release_holds import expire_hold
from scheduling.models import Booking, BookingEvent, Slot
from scheduling.patients.selectors import visible_patients
from tenants.models import Clinic
from tests.drills.slot_race import drop_constraints
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_visit_type

AsUser = Callable[..., ClinicClient]
HOLDS, BOOKINGS = "/api/appointments/holds/", "/api/appointments/bookings/"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PERSON = {"first_name": "Nadia", "last_name": "New", "email": "nadia@people.example"}
NEWCOMERS = 50
COOKIE = configured.NEWCOMER_COOKIE


@pytest.fixture
def slot(doctor: Doctor, now: datetime) -> Slot:
    """A time in two hours."""
    return make_slot(doctor, now + 2 * HOUR)


def hold(client: ClinicClient, slot: Slot, **body: Any) -> Any:
    return client.post(HOLDS, {"slot": str(slot.pk), **body})


def register(client: ClinicClient) -> str:
    """Register in the browser of `client`, and return the access token."""
    registered = client.post("/api/auth/register/", {**PERSON, "password": "a horse, a staple"})
    token: str = data_of(registered)["access"]
    return token


def newcomer_holds(slot: Slot, newcomer: Patient, *, now: datetime, address: str = "192.0.2.1") -> Booking:
    return hold_for_newcomer(
        newcomer=newcomer,
        slot_id=slot.pk,
        visit_type=None,
        until=now + 10 * MINUTE,
        address=address,
        now=now,
    )


def test_a_newcomer_holds_a_time_that_nobody_else_can_take(
    slot: Slot, as_user: AsUser, now: datetime
) -> None:
    browser, other = as_user(None), as_user(None)

    held, taken = hold(browser, slot), hold(other, slot)
    booked = as_user(make_patient().user).post(BOOKINGS, {"slot": str(slot.pk)})

    assert (held.status_code, taken.status_code, booked.status_code) == (201, 409, 409)
    assert data_of(held)["held_until"] == (now + 10 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert data_of(held)["patient"] is None
    cookie = held.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert COOKIE not in taken.cookies
    assert Patient.objects.filter(is_newcomer=True).count() == 1


def test_the_same_browser_extends_its_hold_up_to_half_an_hour(slot: Slot, now: datetime) -> None:
    newcomer = new_newcomer()
    first = newcomer_holds(slot, newcomer, now=now)

    ends = [newcomer_holds(slot, newcomer, now=now + n * MINUTE).held_until for n in (9, 18, 27)]

    assert ends == [now + 19 * MINUTE, now + 28 * MINUTE, now + 30 * MINUTE]
    assert Booking.objects.get().pk == first.pk


def test_another_time_replaces_the_hold_of_the_browser(
    slot: Slot, doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    browser, other = as_user(None), make_slot(doctor, now + 3 * HOUR)
    hold(browser, slot)

    hold(browser, other)

    assert [held.slot for held in Booking.objects.filter(status="HELD")] == [other]


def test_only_the_browser_that_made_the_hold_releases_it(slot: Slot, as_user: AsUser) -> None:
    browser = as_user(None)
    path = f"{HOLDS}{data_of(hold(browser, slot))['id']}/"
    others = [as_user(None), as_user(make_patient().user), as_user(make_receptionist())]

    refused = [other.delete(path).status_code for other in others]
    released = browser.delete(path)

    assert (refused, released.status_code) == ([404, 404, 404], 200)
    assert Booking.objects.get().status == "CANCELLED"


@pytest.mark.parametrize("cookie", ["", "forged", "InNhbSI:1x:y"])
def test_a_forged_cookie_is_that_of_a_new_visitor(slot: Slot, as_user: AsUser, cookie: str) -> None:
    browser, forger = as_user(None), as_user(None)
    held = data_of(hold(browser, slot))
    forger.cookies[COOKIE] = cookie

    assert hold(forger, slot).status_code == 409
    assert forger.delete(f"{HOLDS}{held['id']}/").status_code == 404


def test_a_newcomer_holds_for_nobody_else(slot: Slot, as_user: AsUser) -> None:
    refused = hold(as_user(None), slot, patient=str(make_patient().pk))

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["patient"])
    assert not Booking.objects.exists()


def test_one_address_holds_a_few_times_only(
    doctor: Doctor, as_user: AsUser, now: datetime, settings: Any
) -> None:
    settings.TRY_LIMITS = {**settings.TRY_LIMITS, "newcomer's hold by address": (2, 15 * MINUTE)}
    slots = [make_slot(doctor, now + n * HOUR) for n in (1, 2, 3)]
    browsers = [as_user(None) for _slot in slots]

    answers = [hold(browser, slot) for browser, slot in zip(browsers, slots, strict=True)]
    extended = hold(browsers[0], slots[0])

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert "Retry-After" in answers[2]
    assert extended.status_code == 201


def test_staff_read_nothing_about_a_newcomer(slot: Slot, as_user: AsUser, now: datetime) -> None:
    held = newcomer_holds(slot, new_newcomer(), now=now)
    desk, doctor = as_user(make_receptionist()), as_user(slot.doctor.user)

    day = data_of(doctor.get("/api/appointments/my-appointments/"))["results"]

    assert [(shown["booking"]["status"], shown["booking"]["patient"]) for shown in day] == [("HELD", None)]
    assert desk.get(f"/api/users/patients/{held.patient_id}/").status_code == 404
    assert not visible_patients(make_receptionist()).filter(pk=held.patient_id).exists()
    assert as_user(make_patient().user).get(f"{BOOKINGS}{held.pk}/").status_code == 404


def test_registering_takes_the_hold_along(slot: Slot, as_user: AsUser) -> None:
    browser = as_user(None)
    held = data_of(hold(browser, slot))

    browser.credentials(HTTP_AUTHORIZATION=f"Bearer {register(browser)}")
    again = hold(browser, slot)
    booked = browser.post(BOOKINGS, {"hold": held["id"]})

    assert data_of(again)["id"] == held["id"]
    assert data_of(booked)["patient"]["name"] == "Nadia New"
    assert browser.cookies[COOKIE].value == ""
    assert Booking.objects.get().status == "CONFIRMED"


def test_a_hold_belongs_to_the_account_of_the_first_sign_in(slot: Slot, now: datetime) -> None:
    newcomer, first, second = new_newcomer(), make_patient(), make_patient()
    held = newcomer_holds(slot, newcomer, now=now)

    moved = [move_hold_to_account(newcomer=newcomer, user=user_of(one), now=now) for one in (first, second)]

    assert moved == [held, None]
    assert Booking.objects.get().patient == first
    assert BookingEvent.objects.get().by == first.user


def test_a_hold_replaces_an_earlier_one_of_the_account(slot: Slot, patient: Patient, now: datetime) -> None:
    earlier = make_slot(slot.doctor, now + 3 * HOUR)
    hold_slot(slot_id=earlier.pk, patient=patient, by=patient.user, now=now)
    newcomer = new_newcomer()
    held = newcomer_holds(slot, newcomer, now=now)

    move_hold_to_account(newcomer=newcomer, user=user_of(patient), now=now)

    assert list(Booking.objects.filter(status="HELD", patient=patient)) == [held]


def test_of_the_front_desks_holds_only_overlapping_ones_are_replaced(
    slot: Slot, patient: Patient, now: datetime
) -> None:
    newcomer, desk = new_newcomer(), partial(hold_slot, patient=patient, now=now)
    overlapping = desk(slot_id=make_slot(make_doctor(), slot.starts_at).pk, by=make_receptionist())
    other = desk(slot_id=make_slot(slot.doctor, now + 3 * HOUR).pk, by=make_receptionist())
    held = newcomer_holds(slot, newcomer, now=now)

    moved = move_hold_to_account(newcomer=newcomer, user=user_of(patient), now=now)

    assert moved == held
    assert set(Booking.objects.filter(status="HELD", patient=patient)) == {held, other}
    assert Booking.objects.get(pk=overlapping.pk).status == "CANCELLED"


def test_a_hold_that_the_account_cannot_have_replaces_none(
    slot: Slot, patient: Patient, now: datetime
) -> None:
    make_booking(make_slot(make_doctor(), slot.starts_at), patient, now=now)
    earlier = make_slot(slot.doctor, now + 3 * HOUR)
    own = hold_slot(slot_id=earlier.pk, patient=patient, by=patient.user, now=now)
    newcomer = new_newcomer()
    newcomer_holds(slot, newcomer, now=now)

    move_hold_to_account(newcomer=newcomer, user=user_of(patient), now=now)

    assert list(Booking.objects.filter(status="HELD")) == [own]


def test_a_hold_is_released_if_the_account_has_an_appointment_then(
    slot: Slot, patient: Patient, now: datetime
) -> None:
    make_booking(make_slot(make_doctor(), slot.starts_at), patient, now=now)
    newcomer = new_newcomer()
    held = newcomer_holds(slot, newcomer, now=now)

    assert move_hold_to_account(newcomer=newcomer, user=user_of(patient), now=now) is None
    assert Booking.objects.get(pk=held.pk).status == "CANCELLED"


def test_a_known_patient_does_not_get_a_hold_for_new_patients(
    slot: Slot, patient: Patient, now: datetime
) -> None:
    make_booking(make_slot(slot.doctor, now + 5 * HOUR), patient, now=now)
    visit, newcomer = make_visit_type(new_patients_only=True), new_newcomer()
    until = now + 10 * MINUTE
    hold_for_newcomer(
        newcomer=newcomer, slot_id=slot.pk, visit_type=visit, until=until, address="192.0.2.1", now=now
    )

    assert move_hold_to_account(newcomer=newcomer, user=user_of(patient), now=now) is None


def test_an_expired_hold_is_not_moved(slot: Slot, patient: Patient, now: datetime) -> None:
    newcomer = new_newcomer()
    newcomer_holds(slot, newcomer, now=now)

    assert move_hold_to_account(newcomer=newcomer, user=user_of(patient), now=now + 10 * MINUTE) is None


@pytest.mark.parametrize("guarded", [True, False])
def test_of_fifty_newcomers_one_holds_the_last_time(
    committed_clinic: Clinic, now: datetime, guarded: bool
) -> None:
    """As a control, the same race without the constraints: then several hold it."""
    slot = make_slot(make_doctor(), now + HOUR)
    if not guarded:
        drop_constraints("booking_one_live_per_slot", "booking_doctor_is_in_one_place")

    run_concurrently(
        committed_clinic,
        *(
            partial(newcomer_holds, slot, new_newcomer(), now=now, address=f"198.51.100.{number}")
            for number in range(NEWCOMERS)
        ),
    )

    assert (Booking.objects.filter(status="HELD").count() == 1) is guarded
    assert (Patient.objects.filter(is_newcomer=True).count() == 1) is guarded


@pytest.mark.parametrize("locked", [True, False])
def test_of_simultaneous_sign_ins_one_gets_the_hold(
    committed_clinic: Clinic, now: datetime, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a control, the hold is not locked: then the last sign-in takes it from the first."""
    slot, newcomer = make_slot(make_doctor(), now + HOUR), new_newcomer()
    newcomer_holds(slot, newcomer, now=now)
    accounts = [user_of(make_patient()) for _number in range(6)]
    if not locked:
        monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda rows, **_: rows.all())

    outcomes = run_concurrently(
        committed_clinic,
        *(partial(move_hold_to_account, newcomer=newcomer, user=user, now=now) for user in accounts),
    )

    assert (sum(isinstance(outcome, Booking) for outcome in outcomes) == 1) is locked


def test_records_of_newcomers_are_deleted_a_day_after_their_holds(
    slot: Slot, patient: Patient, now: datetime
) -> None:
    gone, taken = new_newcomer(), new_newcomer()
    ended = newcomer_holds(slot, gone, now=now)
    expire_hold(booking_id=ended.pk, now=now + 10 * MINUTE)
    held = newcomer_holds(make_slot(slot.doctor, now + 3 * HOUR), taken, now=now)
    move_hold_to_account(newcomer=taken, user=user_of(patient), now=now)
    confirm_hold(hold_id=held.pk, patient=patient, by=user_of(patient), now=now)
    Booking.objects.filter(pk=ended.pk).update(updated_at=now)
    Patient.objects.filter(is_newcomer=True).update(updated_at=now)

    deleted = [delete_past_newcomers(now=now + timedelta(hours=hours)) for hours in (23, 25)]

    assert deleted == [0, 2]
    assert list(Booking.objects.all()) == [held]
