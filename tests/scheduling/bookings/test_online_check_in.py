"""A patient checks in from their own phone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings import online_check_in
from scheduling.bookings.attendance import change_status, check_in
from scheduling.bookings.online_check_in import CheckInAtDesk, CheckInTooEarly, check_in_online
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.pages import send, sign_in, text_of
from tests.factories.people import make_dependant, make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_visit_type

MINUTE = timedelta(minutes=1)
ANY_STATUS = tuple(Booking.Status.values)
API = "/api/appointments/bookings/{}/online-check-in/"


@pytest.fixture
def _is_on(clinic: Clinic) -> None:
    """The clinic lets patients check in online."""
    ClinicSettings.objects.update(online_check_in=True)


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking of half an hour that starts in 30 minutes."""
    return make_booking(make_slot(doctor, now + 30 * MINUTE), patient, now=now)


def arrivals(booking: Booking) -> list[Any]:
    """Return who checked the patient in."""
    return list(booking.events.filter(kind=BookingEvent.Kind.CHECKED_IN).values_list("by", flat=True))


@pytest.mark.usefixtures("_is_on")
def test_the_desk_sees_the_patient_as_arrived_and_the_event_names_the_patient(
    booking: Booking, user: User, as_user: Callable[..., ClinicClient], admin: User
) -> None:
    patient = as_user(user)

    before = data_of(patient.get(f"/api/appointments/bookings/{booking.pk}/"))["can_check_in"]
    answer = patient.post(API.format(booking.pk))
    again = patient.post(API.format(booking.pk))
    board = data_of(as_user(admin).get("/api/portal/board/"))

    assert before is True
    assert (data_of(answer)["status"], data_of(again)["status"]) == ("CHECKED_IN", "CHECKED_IN")
    assert data_of(answer)["can_check_in"] is False
    assert arrivals(booking) == [user.pk]
    (visit,) = [visit for visit in board["visits"] if visit["id"] == str(booking.pk)]
    assert (visit["status"], visit["arrived_at"]) == ("CHECKED_IN", "2026-03-02T12:00:00Z")
    assert ("checked_in", "scheduling.booking", str(booking.pk)) in audit_entries()


@pytest.mark.usefixtures("_is_on")
@pytest.mark.parametrize(
    ("minutes", "error"), [(-61, CheckInTooEarly), (-60, None), (29, None), (30, CheckInAtDesk)]
)
def test_it_is_open_from_an_hour_before_the_start_until_the_end(
    booking: Booking, user: User, minutes: int, error: type[Exception] | None
) -> None:
    at = booking.starts_at + minutes * MINUTE

    if error:
        with pytest.raises(error):
            check_in_online(booking=booking, by=user, now=at)
    else:
        assert check_in_online(booking=booking, by=user, now=at).status == "CHECKED_IN"


@pytest.mark.usefixtures("_is_on")
@pytest.mark.parametrize("status", ["PENDING", "IN_PROGRESS", "COMPLETED", "NO_SHOW", "CANCELLED"])
def test_only_a_confirmed_visit_is_accepted(booking: Booking, user: User, status: str, now: datetime) -> None:
    cancelled_at = now if status == "CANCELLED" else None
    Booking.objects.filter(pk=booking.pk).update(status=status, cancelled_at=cancelled_at)

    with pytest.raises(CheckInAtDesk):
        check_in_online(booking=Booking.objects.get(pk=booking.pk), by=user, now=now)

    assert arrivals(booking) == []


def test_it_is_off_unless_the_clinic_turns_it_on(
    booking: Booking, user: User, patient: Patient, visitor: ClinicClient, now: datetime
) -> None:
    sign_in(visitor, patient)

    with pytest.raises(CheckInAtDesk):
        check_in_online(booking=booking, by=user, now=now)

    assert "I am here" not in text_of(visitor.get(f"/appointments/{booking.pk}"))
    assert "You cannot check in online at this clinic" in text_of(visitor.get("/check-in"))


@pytest.mark.usefixtures("_is_on")
def test_a_visit_by_phone_has_no_check_in(booking: Booking, user: User, now: datetime) -> None:
    Booking.objects.filter(pk=booking.pk).update(visit_type=make_visit_type(mode="phone"))

    with pytest.raises(CheckInAtDesk):
        check_in_online(booking=Booking.objects.get(pk=booking.pk), by=user, now=now)


@pytest.mark.usefixtures("_is_on")
def test_another_patient_gets_404_and_staff_403(
    booking: Booking, admin: User, as_user: Callable[..., ClinicClient]
) -> None:
    stranger = as_user(make_patient().user).post(API.format(booking.pk))

    assert (stranger.status_code, as_user(admin).post(API.format(booking.pk)).status_code) == (404, 403)
    assert arrivals(booking) == []


@pytest.mark.usefixtures("_is_on")
def test_the_page_behind_the_code_lists_the_familys_visits_of_today(
    booking: Booking, doctor: Doctor, patient: Patient, visitor: ClinicClient, now: datetime
) -> None:
    child = make_dependant(patient, first_name="Kit", last_name="Reed")
    childs = make_booking(make_slot(doctor, now + timedelta(hours=5)), patient, now=now)
    Booking.objects.filter(pk=childs.pk).update(patient=child)
    make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now)
    sign_in(visitor, patient)

    page = visitor.get("/check-in")
    sent = send(visitor, "/check-in", booking=booking.pk)
    done = text_of(visitor.get("/check-in"))

    assert page.content.decode().count("<article") == 2
    assert text_of(page).count("I am here") == 1
    assert "for Kit Reed" in text_of(page)
    assert "You can check in from 60 minutes before your appointment." in text_of(page)
    assert (sent.status_code, sent["Location"]) == (303, "/check-in")
    assert "You are checked in. The clinic knows that you are here." in done
    assert "I am here" not in done


@pytest.mark.usefixtures("_is_on")
def test_without_a_visit_today_the_page_says_so(patient: Patient, visitor: ClinicClient) -> None:
    sign_in(visitor, patient)

    assert "You have no appointment at the clinic today." in text_of(visitor.get("/check-in"))


@pytest.mark.parametrize("guarded", [True, False])
def test_of_three_taps_one_checks_in(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """As a control, the UPDATE names every status: then each tap is an arrival."""
    if not guarded:
        monkeypatch.setattr(
            online_check_in,
            "change_status",
            lambda booking, _allowed, *step, **more: change_status(booking, ANY_STATUS, *step, **more),
        )
    ClinicSettings.objects.update(online_check_in=True)
    patient = make_patient()
    made = make_booking(make_slot(make_doctor(), now + 30 * MINUTE), patient, now=now)
    tap = partial(check_in_online, booking=made, by=user_of(patient), now=now)

    run_concurrently(committed_clinic, *[tap] * 3)

    assert arrivals(made) == [user_of(patient).pk] * (1 if guarded else 3)


@pytest.mark.usefixtures("_is_on")
def test_a_visit_that_the_desk_has_checked_in_stays_so(
    booking: Booking, user: User, admin: User, now: datetime
) -> None:
    as_read = Booking.objects.get(pk=booking.pk)
    check_in(booking=booking, by=admin, now=now)

    assert check_in_online(booking=as_read, by=user, now=now).status == "CHECKED_IN"
    assert arrivals(booking) == [admin.pk]
