"""Missing messages are planned at night; messages are listed by a command."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.models import Message
from notifications.services.repair import repair_messages
from notifications.services.sending import cancel_messages_after_restore
from notifications.tasks import plan_event_messages
from scheduling.models import BookingEvent
from tenants.models import Clinic
from tests.factories.people import make_patient, user_of
from tests.notifications.reminded_visits import DAY, HOUR, VISIT, At, book, reminders

pytestmark = pytest.mark.usefixtures("with_reminders")


def test_the_nightly_repair_plans_what_is_missing_and_nothing_twice(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    book(doctor, patient, now)
    at(now)
    ClinicSettings.objects.update(reminder_minutes=[7 * DAY, DAY, HOUR])
    Message.objects.filter(kind="reminder", offset_minutes=DAY).delete()

    planned = [repair_messages(now=now), repair_messages(now=now)]

    assert planned == [2, 0]
    assert [offset for offset, _status, _reason in reminders()] == [7 * DAY, DAY, 2 * HOUR, HOUR]
    # The clinic has removed the reminder of two hours before.
    assert len(at(VISIT - timedelta(days=1))) == 1
    assert (at(VISIT - timedelta(hours=2)), len(at(VISIT - timedelta(hours=1)))) == ([], 1)
    assert reminders(offset_minutes=2 * HOUR) == [(2 * HOUR, "DROPPED", "by_staff")]


def test_a_restored_clinic_reminds_from_then_on(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    book(doctor, patient, now)
    at(now)
    cancel_messages_after_restore(now=now)
    resumed = VISIT - timedelta(days=3)

    while_suspended = at(resumed)
    planned = [repair_messages(now=resumed), repair_messages(now=resumed)]

    assert (while_suspended, planned) == ([], [2, 0])
    assert reminders() == [
        (7 * DAY, "DROPPED", "restored"), (DAY, "PLANNED", ""), (2 * HOUR, "PLANNED", ""),
    ]  # fmt: skip
    assert len(at(VISIT - timedelta(days=1))) == 1


def test_the_repair_takes_as_many_queries_for_many_bookings(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    counts = []
    for day in range(3):
        book(doctor, patient, now, starts_at=VISIT + timedelta(days=day))
        Message.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert repair_messages(now=now) == 3 * (day + 1)
        counts.append(len(queries))

    assert counts[0] == counts[1] == counts[2]


def test_planning_an_event_again_adds_nothing(
    doctor: Doctor, patient: Patient, now: datetime, at: At
) -> None:
    book(doctor, patient, now)
    at(now)

    plan_event_messages(BookingEvent.objects.get(kind="booked").pk, now)

    assert Message.objects.count() == 4


def test_the_messages_of_a_clinic_are_listed(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime, *, at: At, capsys: Any
) -> None:
    booking = book(doctor, patient, now)
    book(doctor, make_patient(), now, starts_at=VISIT + timedelta(days=1))
    at(now)

    call_command("list_messages", clinic=clinic.slug, booking=str(booking.pk), json=True)
    listed = json.loads(capsys.readouterr().out)
    call_command("list_messages", clinic=clinic.slug)
    table = capsys.readouterr().out.splitlines()

    assert [message["kind"] for message in listed] == ["confirmation", "reminder", "reminder", "reminder"]
    assert listed[0]["sent_at"] == "2026-03-02T12:00:00Z"
    assert listed[1] == {
        "id": listed[1]["id"],
        "kind": "reminder",
        "channel": "email",
        "booking": str(booking.pk),
        "recipient": user_of(patient).email,
        "due_at": "2026-03-13T10:00:00Z",
        "status": "PLANNED",
        "sent_at": None,
        "last_error": "",
    }
    assert (len(table), table[0].split()[:3]) == (9, ["due_at", "status", "kind"])


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"clinic": "nowhere"}, "There is no clinic “nowhere”."),
        ({"clinic": "riverside", "booking": "12"}, "There is no booking “12”."),
        (
            {"clinic": "riverside", "booking": "00000000-0000-4000-8000-000000000000"},
            "There is no booking “00000000-0000-4000-8000-000000000000”.",
        ),
    ],
)
def test_listing_an_unknown_clinic_or_booking_is_an_error(
    clinic: Clinic, options: dict[str, str], error: str
) -> None:
    with pytest.raises(CommandError, match=error):
        call_command("list_messages", **options)
