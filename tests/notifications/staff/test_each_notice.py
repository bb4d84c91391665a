"""Staff get a notice of each change if they want, not of their own, and not of an outdated state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from notifications.models import EmailReport, Message, StaffNotices
from notifications.services.email_reports import Report, record_report
from notifications.services.planning import plan_messages
from notifications.services.staff_notices import plan_event_notices, plan_failure_notices, save_notices
from notifications.staff_topics import default_notices
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]
EACH = dict.fromkeys(
    ("booked", "cancelled", "rescheduled", "offer_taken", "attendance", "not_delivered"), "each"
)


def wants_each(user: User) -> User:
    """Let somebody get an email for each change."""
    save_notices(user=user, changes=EACH, by=user, now=clock_now())
    return user


def doctors_user(doctor: Doctor) -> User:
    """Return the doctor's account."""
    assert doctor.user is not None
    return doctor.user


def notices() -> list[tuple[str, str]]:
    """Return kind and recipient of all notices to staff, oldest first."""
    found = Message.objects.filter(kind__startswith="staff").order_by("created_at", "recipient__email")
    return [(message.kind, message.recipient.email) for message in found]


def test_a_booking_is_announced_to_its_doctor_and_the_desk_but_not_to_another_doctor(
    booking: Booking, doctor: Doctor, run_queue: RunQueue, inbox: Inbox
) -> None:
    own, desk = wants_each(doctors_user(doctor)), wants_each(make_receptionist())
    wants_each(doctors_user(make_doctor()))

    assert run_queue() == []

    assert {email for kind, email in notices() if kind == "staff_booked"} == {own.email, desk.email}
    subjects = [mail["Subject"] for mail in inbox.mails() if mail["To"].addresses[0].addr_spec == own.email]
    assert subjects == ["Appointment booked: Monday 25 May 2026, 6:30 pm (London time)"]


def test_an_email_to_staff_says_nothing_about_the_patient(
    booking: Booking, patient: Patient, doctor: Doctor, run_queue: RunQueue, inbox: Inbox
) -> None:
    user = wants_each(doctors_user(doctor))

    run_queue()

    mail = next(mail for mail in inbox.mails() if mail["To"].addresses[0].addr_spec == user.email)
    content = mail.as_string()
    for private in (patient.full_name, patient.last_name, user_of(patient).email, "Private cough"):
        assert private not in content
    assert f"/portal/bookings/{booking.pk}" in content


def test_nobody_is_told_of_their_own_change(booking: Booking, doctor: Doctor, now: datetime) -> None:
    user = wants_each(doctors_user(doctor))
    cancel_booking(booking=booking, by=user, now=now + timedelta(minutes=1))

    for event in BookingEvent.objects.order_by("created_at"):
        plan_event_notices(event, now=now)

    assert notices() == [("staff_booked", user.email)]


def test_both_doctors_are_told_of_a_move_from_one_to_the_other(
    booking: Booking, doctor: Doctor, admin: User, now: datetime
) -> None:
    other = make_doctor()
    both = {wants_each(doctors_user(doctor)).email, wants_each(doctors_user(other)).email}
    slot = make_slot(other, booking.starts_at + timedelta(days=1))
    reschedule_booking(booking=booking, slot_id=slot.pk, by=admin, now=now + timedelta(minutes=1))

    plan_event_notices(BookingEvent.objects.get(kind="rescheduled"), now=now)

    assert {email for _kind, email in notices()} == both


@pytest.mark.parametrize("change", ["cancelled", "rescheduled"])
def test_an_older_notice_is_dropped_if_a_newer_one_exists(
    booking: Booking,
    *,
    doctor: Doctor,
    admin: User,
    run_queue: RunQueue,
    clock: Any,
    now: datetime,
    change: str,
) -> None:
    wants_each(doctors_user(doctor))
    if change == "cancelled":
        cancel_booking(booking=booking, by=admin, now=now + timedelta(minutes=1))
    else:
        slot = make_slot(doctor, booking.starts_at + timedelta(days=1))
        reschedule_booking(booking=booking, slot_id=slot.pk, by=admin, now=now + timedelta(minutes=1))
    clock.shift(timedelta(minutes=1))

    run_queue()

    statuses = dict(Message.objects.filter(kind__startswith="staff").values_list("kind", "status"))
    assert statuses == {"staff_booked": "DROPPED", f"staff_{change}": "SENT"}


def test_a_notice_that_was_switched_off_before_it_was_due_is_not_sent(
    booking: Booking, doctor: Doctor, run_queue: RunQueue, now: datetime
) -> None:
    user = wants_each(doctors_user(doctor))
    plan_event_notices(BookingEvent.objects.get(), now=now)
    save_notices(user=user, changes={"booked": "off"}, by=user, now=now)

    run_queue()

    assert Message.objects.get(kind="staff_booked").dropped_because == "not_wanted"


def test_a_failed_message_to_a_patient_is_announced_once(
    booking: Booking, doctor: Doctor, now: datetime
) -> None:
    desk = wants_each(make_receptionist())
    message = plan_messages(event=BookingEvent.objects.get(), now=now)[0]

    for _twice in range(2):
        plan_failure_notices(message, now=now)
    plan_failure_notices(Message.objects.get(kind="staff_not_delivered"), now=now)

    assert notices() == [("staff_not_delivered", desk.email)]


def test_a_message_that_comes_back_after_it_was_accepted_is_announced(
    booking: Booking, patient: Patient, run_queue: RunQueue, now: datetime
) -> None:
    desk = wants_each(make_receptionist())
    run_queue()
    message = Message.objects.get(kind="confirmation")
    bounce = Report(
        kind=EmailReport.Kind.BOUNCED,
        email=user_of(patient).email,
        message_id=message.pk,
        provider_id="",
        answer="550 5.1.1 no such user",
        happened_at=now,
        digest="d",
    )

    for _twice in range(2):
        record_report(bounce)
        run_queue()

    message.refresh_from_db()
    assert (message.status, message.last_error) == ("SENT", "550 5.1.1 no such user")
    assert notices().count(("staff_not_delivered", desk.email)) == 1


def test_a_booking_for_somebody_else_makes_no_notice_without_a_choice(
    doctor: Doctor, run_queue: RunQueue, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(days=2)), make_patient(), now=now)

    run_queue()

    assert notices() == []


def test_the_defaults_are_a_daily_email_for_doctors_and_of_failures_for_the_desk(
    doctor: Doctor, admin: User
) -> None:
    of_doctor, of_desk = default_notices(doctors_user(doctor)), default_notices(admin)

    assert (of_doctor.booked, of_doctor.not_delivered) == ("digest", "off")
    assert (of_desk.booked, of_desk.not_delivered) == ("off", "digest")
    assert not StaffNotices.objects.exists()
