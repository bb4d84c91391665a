"""The messages about a booking for staff; follow-ups of a visit whose completion was undone."""

from collections.abc import Callable
from datetime import datetime, timedelta

from clinics.models import Doctor, Patient
from notifications.models import EmailReport, Message
from notifications.services.planning import plan_messages
from notifications.webhook_events import booking_facts
from scheduling.bookings.attendance import complete_booking, start_visit
from scheduling.bookings.undo import undo_step
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_visit_type

HOUR = timedelta(hours=1)


def make_message(booking: Booking, user: User, kind: str, **fields: object) -> Message:
    """A message about the booking."""
    due = booking.starts_at
    return Message.objects.create(
        booking=booking, recipient=user, kind=kind, due_at=due, not_after=due, **fields
    )


def test_the_contact_log_says_what_became_of_each_message(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime, client_for: Callable[..., ClinicClient]
) -> None:
    user = user_of(patient)
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    sent = make_message(booking, user, "confirmation", status="SENT", sent_at=now, text="Dear Pat")
    EmailReport.objects.create(
        user=user, message=sent, kind="bounced", email=user.email, happened_at=now, digest="d"
    )
    make_message(booking, user, "reminder")
    make_message(booking, user, "cancellation", status="PARKED", parked_at=now, parked_because="bad_address")
    make_message(booking, user, "rescheduled", status="DROPPED", dropped_at=now, dropped_because="too_late")
    make_message(booking, user, "staff_booked")

    response = client_for(clinic, make_receptionist()).get(f"/api/portal/bookings/{booking.pk}/messages/")

    rows = {row["kind"]: (row["is_problem"], row["result"]) for row in response.json()["data"]}
    assert rows == {
        "confirmation": (
            True,
            "Not delivered: returned: the address does not exist or refuses emails",
        ),
        "reminder": (False, "Planned"),
        "cancellation": (True, "Failed: the address or number is not valid"),
        "rescheduled": (False, "Not sent: it was too late"),
    }
    assert b"Dear Pat" not in response.content


def test_undoing_a_completion_drops_its_follow_up_and_completing_again_plans_it_again(
    doctor: Doctor, patient: Patient, now: datetime, admin: User
) -> None:
    visit_type = make_visit_type(follow_up_days=2, follow_up_text="How are you?")
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    Booking.objects.filter(pk=booking.pk).update(visit_type=visit_type)
    booking, statuses = Booking.objects.get(pk=booking.pk), []

    def plan(changed: Booking) -> None:
        event = BookingEvent.objects.filter(booking=changed).latest("created_at")
        plan_messages(event=event, now=event.created_at)
        follow_up = Message.objects.get(booking=changed, kind="follow_up")
        statuses.append((follow_up.status, follow_up.dropped_because))

    start = booking.starts_at
    plan(complete_booking(booking=booking, by=admin, now=start))
    plan(undo_step(booking=booking, status="COMPLETED", by=admin, now=start + HOUR))
    plan(complete_booking(booking=booking, by=admin, now=start + 2 * HOUR))

    assert statuses == [("PLANNED", ""), ("DROPPED", "reopened_since"), ("PLANNED", "")]


def test_webhooks_report_started_visits_and_undone_steps_with_the_status_after_them(
    doctor: Doctor, patient: Patient, now: datetime, admin: User
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    booking = start_visit(booking=booking, by=admin, now=booking.starts_at)
    booking = undo_step(booking=booking, status="IN_PROGRESS", by=admin, now=booking.starts_at + HOUR)

    reported = [(fact.type, fact.data["status"]) for fact in booking_facts(booking)]

    assert reported == [
        ("booking.created", "CONFIRMED"),
        ("booking.started", "IN_PROGRESS"),
        ("booking.reopened", "CONFIRMED"),
    ]
