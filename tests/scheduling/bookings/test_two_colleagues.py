"""Two members of staff act on one booking: one succeeds, and the other gets its state and the last change."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings import attendance, cancel
from scheduling.bookings.attendance import check_in, complete_booking
from scheduling.bookings.cancel import cancel_booking
from scheduling.errors import BookingNotChangeable
from scheduling.models import Booking
from scheduling.moving.move import MoveRequest, move_visit
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.people import make_admin, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANY_STATUS = tuple(Booking.Status.values)


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking that starts in an hour, made a day ago: events of one instant have no order."""
    return make_booking(make_slot(doctor, now + HOUR), patient, now=now - 24 * HOUR)


def post(client: Any, path: str, body: dict[str, Any]) -> tuple[int, str, str]:
    response = client.post(path, body, content_type="application/json")
    answer = response.json()
    return response.status_code, answer.get("code", ""), answer["message"]


@pytest.mark.parametrize("guarded", [True, False])
def test_of_an_arrival_and_a_cancellation_at_once_one_succeeds(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """As a control, the UPDATE names every status: then no service refuses the second change."""
    booking = make_booking(make_slot(make_doctor(), now + HOUR), make_patient(), now=now)
    if not guarded:
        step = attendance.Step(attendance.CHECK_IN.kind, attendance.CHECK_IN.status, allowed=ANY_STATUS)
        monkeypatch.setattr(attendance, "CHECK_IN", step)
        monkeypatch.setattr(cancel, "CANCELLABLE", ANY_STATUS)

    outcomes = run_concurrently(
        committed_clinic,
        partial(check_in, booking=booking, by=make_admin(), now=now),
        partial(cancel_booking, booking=booking, by=make_admin(), now=now),
    )

    refused = [isinstance(outcome, BookingNotChangeable) for outcome in outcomes]
    assert (sorted(refused) == [False, True]) is guarded
    assert any(isinstance(outcome, Booking) for outcome in outcomes)


def test_of_a_move_and_a_completion_at_once_one_succeeds(committed_clinic: Clinic, now: datetime) -> None:
    booking = make_booking(make_slot(make_doctor(), now + HOUR), make_patient(), now=now)
    booking = check_in(booking=booking, by=make_admin(), now=now)
    later = MoveRequest(booking.starts_at + HOUR, outside_hours=True)

    outcomes = run_concurrently(
        committed_clinic,
        partial(move_visit, booking=booking, request=later, version=0, by=make_admin(), now=now),
        partial(complete_booking, booking=booking, by=make_admin(), now=now),
    )

    assert sorted(getattr(outcome, "code", "done") for outcome in outcomes) == ["booking_over", "done"]


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("check-in", "cancel", "Status of the appointment: checked in. Last change: checked in, "),
        ("cancel", "check-in", "Status of the appointment: cancelled. Last change: cancelled, "),
    ],
)
def test_the_second_of_an_arrival_and_a_cancellation_learns_the_present_state(
    booking: Booking, as_user: Callable[[User], Any], first: str, second: str, says: str
) -> None:
    url = f"/api/appointments/bookings/{booking.pk}/"
    ada, bea = make_admin(first_name="Ada", last_name="Admin"), make_admin()
    assert post(as_user(ada), f"{url}{first}/", {"version": 0})[0] == 200

    status, code, message = post(as_user(bea), f"{url}{second}/", {"version": 0})

    assert (status, code) == (409, "booking_over")
    assert says in message
    assert message.endswith("12:00 pm, Ada Admin.")


@pytest.mark.parametrize(("version", "status"), [(0, 409), (None, 200)])
def test_a_visit_that_a_colleague_moved_is_completed_only_by_who_has_seen_the_move(
    booking: Booking, as_user: Callable[[User], Any], now: datetime, version: int | None, status: int
) -> None:
    """As a control, a request without the version completes the visit at its new time."""
    ada, bea = make_admin(first_name="Ada", last_name="Admin"), make_admin()
    check_in(booking=booking, by=bea, now=now - 2 * MINUTE)
    later = MoveRequest(booking.starts_at + HOUR, outside_hours=True)
    move_visit(booking=booking, request=later, version=0, by=ada, now=now - MINUTE)

    response = as_user(bea).post(
        f"/api/appointments/bookings/{booking.pk}/complete/",
        {"version": version},
        content_type="application/json",
    )

    assert response.status_code == status
    if status == 409:
        refusal = response.json()
        assert refusal["code"] == "booking_changed"
        change = {key: refusal["data"][key] for key in ("by", "status", "version")}
        assert change == {"by": "Ada Admin", "status": "CHECKED_IN", "version": 1}


def test_a_completed_visit_is_not_moved_and_the_mover_learns_who_completed_it(
    booking: Booking, as_user: Callable[[User], Any], now: datetime
) -> None:
    ada, bea = make_admin(first_name="Ada", last_name="Admin"), make_admin()
    arrived = check_in(booking=booking, by=ada, now=now - 2 * MINUTE)
    complete_booking(booking=arrived, by=ada, now=now - MINUTE)

    later = (booking.starts_at + HOUR).isoformat()
    url = f"/api/portal/bookings/{booking.pk}/move/"
    status, code, message = post(as_user(bea), url, {"starts_at": later, "version": 0})

    assert (status, code) == (409, "booking_over")
    assert "Last change: completed, " in message


def test_a_step_whose_answer_was_lost_can_be_repeated_by_the_same_person(
    booking: Booking, as_user: Callable[[User], Any]
) -> None:
    ada, bea = make_admin(), make_admin()
    url = f"/api/appointments/bookings/{booking.pk}/check-in/"

    answers = [post(as_user(who), url, {})[:2] for who in (ada, ada, bea)]

    assert answers == [(200, ""), (200, ""), (409, "booking_over")]
    assert booking.events.filter(kind="checked_in").count() == 1


def test_a_patient_does_not_learn_who_at_the_clinic_changed_the_booking(
    booking: Booking, as_user: Callable[[User | None], Any], now: datetime
) -> None:
    check_in(booking=booking, by=make_admin(first_name="Ada", last_name="Admin"), now=now)

    url = f"/api/appointments/bookings/{booking.pk}/cancel/"
    status, code, message = post(as_user(booking.patient.user), url, {"version": 7})

    assert (status, code) == (409, "booking_over")
    assert message == "This appointment can no longer be changed. Reload the page to see its status."
