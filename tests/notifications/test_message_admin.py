"""The messages of a clinic in its admin: list, text, and what staff can do with them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from notifications.models import EmailReport, Message
from notifications.services.ledger import park, plan_all
from notifications.services.message_actions import delete_old_texts, resend
from scheduling.account_closure import erase_patient
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from tenants.accounts.models import AuditEntry, User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.admin_pages import get_page, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.people import make_admin, make_patient, make_receptionist, user_of
from tests.factories.queries import queries_of
from tests.factories.queue import queued_job_kinds
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.conftest import Inbox

LIST = "notifications/message/"
Status = Message.Status


def client_of(clinic: Clinic, user: User) -> ClinicClient:
    """Return a client that is signed in to the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(user)
    return client


@pytest.fixture
def desk(clinic: Clinic) -> ClinicClient:
    """A receptionist who is signed in to the clinic's admin."""
    return client_of(clinic, make_receptionist())


@pytest.fixture
def sent(booking: Booking, run_queue: Callable[[], list[str]]) -> Message:
    """The confirmation of a booking, sent."""
    run_queue()
    message: Message = Message.objects.get()
    assert message.status == Status.SENT
    return message


@pytest.fixture
def planned(booking: Booking, clock: object, now: datetime) -> Message:
    """A message that is planned for tomorrow."""
    message = Message(
        booking=booking,
        recipient=user_of(booking.patient),
        kind=Message.Kind.CONFIRMATION,
        event=booking.events.get(),
        offset_minutes=60,
        due_at=now + timedelta(days=1),
        not_after=booking.starts_at,
    )
    (only,) = plan_all([message])
    return only


def choose(desk: ClinicClient, action: str, *messages: Message) -> str:
    """Choose an action for messages in the list, and return the page that asks for confirmation."""
    keys = [str(message.pk) for message in messages]
    return submit_form(desk, LIST, {"action": action, "_selected_action": keys})


def confirm(desk: ClinicClient, page: str, count: int = 1) -> str:
    """Press the button of a page that asks for confirmation."""
    return submit_form(desk, LIST, {**parse_form(page), "confirmed": str(count)})


def test_the_list_shows_status_reason_and_error(desk: ClinicClient, planned: Message, now: datetime) -> None:
    park(planned, because=Message.Parked.BAD_ADDRESS, error="550 no such user", now=now)

    page = get_page(desk, LIST)

    assert "failed, waiting for staff: the address or number is not valid (550 no such user)" in page
    assert f"/admin/scheduling/booking/{planned.booking_id}/change/" in page
    assert planned.recipient.email in page


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("?status__exact=PLANNED", True),
        ("?status__exact=SENT", False),
        ("?channel__exact=sms", False),
        ("?kind__exact=reminder", False),
        ("?day=tomorrow", True),
        ("?day=today", False),
        ("?day=later", False),
        ("?day=yesterday", False),
        ("?day=week", False),
        ("?q=pat", True),
        ("?q=nobody", False),
    ],
)
def test_the_list_is_filtered_and_searched(
    desk: ClinicClient, planned: Message, query: str, is_shown: bool
) -> None:
    assert (f"{planned.pk}/change/" in get_page(desk, LIST + query)) == is_shown


def test_the_text_of_a_sent_message_is_stored_without_the_ends_of_links(
    sent: Message, inbox: Inbox, desk: ClinicClient, booking: Booking
) -> None:
    (mail,) = inbox.mails()
    page = get_page(desk, f"{LIST}{sent.pk}/change/")

    assert sent.subject == mail["Subject"]
    assert "Your appointment at Riverside is booked." in sent.text
    assert f"/appointments/{booking.pk}" not in sent.text
    assert sent.subject in page
    assert "As it was sent." in page


def test_the_page_of_a_planned_message_shows_its_text_and_changes_nothing(
    desk: ClinicClient, planned: Message
) -> None:
    page = get_page(desk, f"{LIST}{planned.pk}/change/")

    assert "As it would be sent now." in page
    assert "Monday 25 May 2026, 6:30 pm" in page
    planned.refresh_from_db()
    assert (planned.status, planned.text) == (Status.PLANNED, "")


def test_the_page_of_a_message_says_if_its_text_cannot_be_made(desk: ClinicClient, planned: Message) -> None:
    Message.objects.update(kind="staff_day", booking=None)

    assert "The text cannot be shown." in get_page(desk, f"{LIST}{planned.pk}/change/")


def test_a_sent_message_is_sent_again_after_confirmation_as_a_new_message(
    desk: ClinicClient, sent: Message, run_queue: Callable[[], list[str]], inbox: Inbox
) -> None:
    page = choose(desk, "resend_selected", sent)
    assert "1 message will be sent again to its recipient." in page
    assert Message.objects.count() == 1

    page = confirm(desk, page)
    run_queue()

    assert "1 message will be sent again." in page
    again = Message.objects.exclude(pk=sent.pk).get()
    assert (again.repeat, again.status, again.subject) == (1, Status.SENT, sent.subject)
    first, second = inbox.mails()
    assert first["Message-ID"] != second["Message-ID"]
    assert AuditEntry.objects.filter(what="changed", record_id=str(sent.pk), note="sent again").count() == 1


def test_an_outdated_message_is_not_sent_again(
    desk: ClinicClient, sent: Message, run_queue: Callable[[], list[str]], now: datetime
) -> None:
    cancel_booking(booking=sent.required_booking(), by=make_admin(), reason="", now=now)
    run_queue()

    page = confirm(desk, choose(desk, "resend_selected", sent))

    assert "1 message was not sent again: the appointment had been cancelled." in page
    assert not Message.objects.filter(repeat=1).exists()


def test_sending_again_twice_at_once_plans_one_message(sent: Message, now: datetime) -> None:
    by = make_admin()

    copies = [Message.objects.get(pk=sent.pk) for _ in range(2)]
    result = resend(messages=copies, by=by, now=now)

    assert result.planned == 1
    assert Message.objects.filter(repeat=1).count() == 1


def test_planned_and_failed_messages_are_cancelled(
    desk: ClinicClient, planned: Message, now: datetime
) -> None:
    page = choose(desk, "cancel_selected", planned)
    assert "1 message will be cancelled." in page

    confirm(desk, page)

    planned.refresh_from_db()
    assert (planned.status, planned.dropped_because) == (Status.DROPPED, "by_staff")
    assert AuditEntry.objects.filter(what="cancelled", record_id=str(planned.pk)).count() == 1


def test_a_failed_message_is_tried_again(desk: ClinicClient, planned: Message, now: datetime) -> None:
    park(planned, because=Message.Parked.TOO_MANY_ATTEMPTS, error="421 busy", now=now)
    jobs = queued_job_kinds()

    confirm(desk, choose(desk, "release_selected", planned))

    planned.refresh_from_db()
    assert (planned.status, planned.attempts, planned.parked_because) == (Status.PLANNED, 0, "")
    assert len(queued_job_kinds()) == len(jobs) + 1
    assert AuditEntry.objects.filter(record_id=str(planned.pk), note="released").count() == 1


def test_an_action_says_how_many_of_the_selected_messages_it_changes(
    desk: ClinicClient, sent: Message, doctor: Doctor, now: datetime
) -> None:
    other = make_booking(make_slot(doctor, now + timedelta(days=9)), make_patient(), now=now)
    message = Message(
        booking=other,
        recipient=user_of(other.patient),
        kind="confirmation",
        due_at=now,
        not_after=other.starts_at,
    )
    plan_all([message])

    page = choose(desk, "cancel_selected", sent, message)

    assert "1 message will be cancelled." in page
    assert "1 other selected message stays as it is." in page


def test_an_action_asks_again_if_the_number_has_changed(desk: ClinicClient, planned: Message) -> None:
    page = confirm(desk, choose(desk, "cancel_selected", planned), count=2)

    assert "1 message will be cancelled." in page
    planned.refresh_from_db()
    assert planned.status == Status.PLANNED


def test_an_action_that_applies_to_none_of_the_messages_says_so(desk: ClinicClient, sent: Message) -> None:
    assert "This does not apply to the selected messages." in choose(desk, "cancel_selected", sent)


def test_actions_apply_to_all_pages_of_the_list(desk: ClinicClient, planned: Message) -> None:
    data = {"action": "cancel_selected", "_selected_action": [str(planned.pk)], "select_across": "1"}
    page = submit_form(desk, LIST, data)

    assert parse_form(page)["select_across"] == "1"
    confirm(desk, page)

    planned.refresh_from_db()
    assert planned.status == Status.DROPPED


def test_the_page_of_a_message_has_buttons_for_what_can_be_done(
    desk: ClinicClient, sent: Message, planned: Message
) -> None:
    pages = [get_page(desk, f"{LIST}{message.pk}/change/") for message in (sent, planned)]

    assert ["resend_selected" in page for page in pages] == [True, False]
    assert ["cancel_selected" in page for page in pages] == [False, True]


def test_the_page_of_a_booking_lists_its_messages_and_is_audited(
    desk: ClinicClient, sent: Message, booking: Booking
) -> None:
    page = get_page(desk, f"scheduling/booking/{booking.pk}/change/")

    assert f"/admin/notifications/message/{sent.pk}/change/" in page
    read = AuditEntry.objects.filter(what="read").values_list("record_id", flat=True)
    assert {str(booking.pk), str(booking.patient_id), str(sent.recipient_id)} <= set(read)


def test_the_page_of_a_patient_lists_messages_to_and_about_them(
    desk: ClinicClient, sent: Message, patient: Patient
) -> None:
    page = get_page(desk, f"clinics/patient/{patient.pk}/change/")

    assert f"/admin/notifications/message/{sent.pk}/change/" in page
    assert "Messages" in get_page(desk, f"clinics/patient/{make_patient().pk}/change/")


def test_a_doctor_cannot_see_messages(clinic: Clinic, doctor: Doctor, sent: Message) -> None:
    assert doctor.user is not None

    assert client_of(clinic, doctor.user).get(f"/admin/{LIST}").status_code == 302


def test_the_text_of_a_message_is_erased_with_its_patient(
    sent: Message, patient: Patient, clock: object, now: datetime
) -> None:
    erase_patient(patient=patient, by=make_admin(), now=now)

    sent.refresh_from_db()
    assert (sent.subject, sent.text) == ("", "")


def test_texts_are_deleted_when_they_are_old(sent: Message) -> None:
    assert sent.sent_at is not None
    keep = timedelta(days=365)

    reports = EmailReport.objects.filter(message=sent)
    EmailReport.objects.create(user=sent.recipient, message=sent, kind="delayed", happened_at=sent.sent_at)

    assert (delete_old_texts(now=sent.sent_at + keep, keep=keep), reports.count()) == (0, 1)
    assert delete_old_texts(now=sent.sent_at + keep + timedelta(seconds=1), keep=keep) == 1
    assert reports.count() == 0
    sent.refresh_from_db()
    assert sent.text == ""


def test_the_list_makes_as_many_queries_for_three_messages_as_for_one(
    desk: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    counts = []
    for number in (1, 2):
        for day in range(number):
            start = clock_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=9 * number + day)
            booking = make_booking(make_slot(doctor, start), make_patient(), now=clock_now())
            details = {"recipient": user_of(booking.patient), "kind": "confirmation", "due_at": now}
            plan_all([Message(booking=booking, not_after=start, **details)])
        get_page(desk, LIST)  # once, to read what is cached
        counts.append(len(queries_of(lambda: get_page(desk, LIST))))

    assert Message.objects.count() == 3
    assert counts[0] == counts[1]
