"""Emails about waiting list offers, rescheduled appointments and requests that need confirmation."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.models import Message
from notifications.services.planning import plan_messages
from scheduling.bookings.attendance import confirm_booking
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.release_holds import expire_hold
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.clock.time_off import TimeOffSpec
from scheduling.models import Booking, Slot, VisitType, WaitlistOffer
from scheduling.time_off.give import give_time_off
from scheduling.waitlist.offers import accept_offer, decline_offer, withdraw_offer
from tenants.accounts.models import User
from tests.factories.people import make_dependant, make_doctor
from tests.factories.schedule import make_slot
from tests.factories.waitlist import make_entry, make_offer_to, user_of
from tests.notifications.conftest import Inbox
from tests.notifications.test_booking_emails import invitation, part

RunQueue = Callable[[], list[str]]
HOUR = timedelta(hours=1)


@pytest.fixture
def slot(doctor: Doctor) -> Slot:
    """Monday 25 May 2026, 18:30 London summer time."""
    return make_slot(doctor, datetime.fromisoformat("2026-05-25T17:30:00Z"))


@pytest.fixture
def offer(patient: Patient, slot: Slot, now: datetime) -> WaitlistOffer:
    """The slot, offered on Monday 2 March 2026 at noon for two hours."""
    last = slot.starts_at.date()
    entry = make_entry(
        patient, slot.doctor, now=now, last=last, visit_type=VisitType.objects.create(name="Private")
    )
    return make_offer_to(entry, slot, ends_at=now + 2 * HOUR, now=now)


def subjects(inbox: Inbox) -> list[str]:
    """Return the first words of the subjects received."""
    return [str(mail["Subject"]).split(":")[0] for mail in inbox.mails()]


# Offers


def test_an_offer_has_time_doctor_and_expiry(
    offer: WaitlistOffer, patient: Patient, doctor: Doctor, run_queue: RunQueue, inbox: Inbox
) -> None:
    assert run_queue() == ["hold"]

    (mail,) = inbox.mails()
    text, html = part(mail, "text/plain"), part(mail, "text/html")
    assert mail["Subject"] == "Appointment available: Monday 25 May 2026, 6:30 pm (London time)"
    assert mail["Delivered-To"] == user_of(patient).email
    for expected in (
        "Monday 25 May 2026",
        "6:30 pm to 7:00 pm",
        doctor.display_name,
        "until Monday 2 March 2026, 2:00 pm (London time)",
        f"http://riverside.{settings.BASE_DOMAIN}/appointments",
    ):
        assert expected in text
        assert expected in html
    assert [found.get_content_type() for found in mail.walk() if not found.is_multipart()] == [
        "text/plain",
        "text/html",
    ]


def test_a_carer_receives_the_offers_of_a_dependant(
    patient: Patient, slot: Slot, now: datetime, run_queue: RunQueue, inbox: Inbox
) -> None:
    child = make_dependant(patient, first_name="Kit", last_name="Young")
    entry = make_entry(patient, slot.doctor, now=now, last=slot.starts_at.date())
    type(entry).objects.update(patient=child)
    entry.refresh_from_db()
    make_offer_to(entry, slot, ends_at=now + HOUR, now=now)

    run_queue()

    (mail,) = inbox.mails()
    assert mail["Delivered-To"] == user_of(patient).email
    assert "Kit Young" in part(mail, "text/plain")


def test_a_hold_during_booking_sends_no_email(
    patient: Patient, slot: Slot, now: datetime, run_queue: RunQueue
) -> None:
    hold = hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)

    assert plan_messages(event=hold.events.get(), now=now) == []
    assert run_queue() == ["hold"]


@pytest.mark.parametrize("respond", [accept_offer, decline_offer])
def test_an_offer_that_was_answered_is_not_sent(
    offer: WaitlistOffer, patient: Patient, *, respond: Any, run_queue: RunQueue, now: datetime
) -> None:
    (message,) = plan_messages(event=offer.booking.events.get(kind="held"), now=now)
    respond(offer=offer, by=user_of(patient), now=now)

    run_queue()

    message.refresh_from_db()
    assert (message.sent_at, message.dropped_because) == (None, "offer_over")


@pytest.mark.parametrize(("late", "sent"), [(-1, True), (0, False), (1, False)])
def test_an_offer_is_sent_until_it_expires(
    offer: WaitlistOffer, clock: Any, run_queue: RunQueue, *, late: int, sent: bool, now: datetime
) -> None:
    (message,) = plan_messages(event=offer.booking.events.get(), now=now)
    clock.move_to(offer.ends_at + timedelta(seconds=late))

    run_queue()

    message.refresh_from_db()
    assert message.not_after == offer.ends_at
    assert (message.sent_at is not None, message.dropped_because) == (sent, "" if sent else "offer_over")


@pytest.mark.parametrize(
    ("planned", "due"),
    [
        ("2026-03-02T20:59:59Z", "2026-03-02T20:59:59Z"),
        ("2026-03-02T21:00:00Z", "2026-03-03T08:00:00Z"),
        ("2026-03-03T07:59:59Z", "2026-03-03T08:00:00Z"),
    ],
)
def test_offers_are_not_sent_during_quiet_hours(
    offer: WaitlistOffer, run_queue: RunQueue, inbox: Inbox, clock: Any, *, planned: str, due: str
) -> None:
    WaitlistOffer.objects.update(ends_at=datetime.fromisoformat("2026-03-03T10:00:00Z"))
    Booking.objects.update(held_until=datetime.fromisoformat("2026-03-03T10:00:00Z"))
    clock.move_to(datetime.fromisoformat(planned))

    run_queue()
    sent_at_once = len(inbox.mails())
    clock.move_to(datetime.fromisoformat("2026-03-03T08:00:00Z"))
    run_queue()

    message = Message.objects.get()
    assert (message.due_at, message.sent_at) == (datetime.fromisoformat(due),) * 2
    assert (sent_at_once, len(inbox.mails())) == (int(planned == due), 1)


def test_an_offer_that_is_retried_during_quiet_hours_is_sent_in_the_morning(
    offer: WaitlistOffer, run_queue: RunQueue, inbox: Inbox, clock: Any, *, now: datetime
) -> None:
    morning = datetime.fromisoformat("2026-03-03T08:00:00Z")
    WaitlistOffer.objects.update(ends_at=morning + HOUR)
    Booking.objects.update(held_until=morning + HOUR)
    plan_messages(event=offer.booking.events.get(), now=now)

    clock.move_to(now + 10 * HOUR)
    run_queue()
    sent_at_night = len(inbox.mails())
    clock.move_to(morning)
    run_queue()

    assert (sent_at_night, len(inbox.mails())) == (0, 1)


def test_an_accepted_offer_is_confirmed_with_a_new_calendar_event(
    offer: WaitlistOffer, patient: Patient, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    run_queue()
    accept_offer(offer=offer, by=user_of(patient), now=now)

    run_queue()

    assert subjects(inbox) == ["Appointment available", "Appointment booked"]
    _, event = invitation(inbox.mails()[1])
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")


def test_an_expired_offer_sends_no_further_email(
    offer: WaitlistOffer, run_queue: RunQueue, inbox: Inbox
) -> None:
    run_queue()
    expire_hold(booking_id=offer.booking_id, now=offer.ends_at)

    assert [
        plan_messages(event=event, now=offer.ends_at)
        for event in offer.booking.events.filter(kind="released")
    ] == [[]]
    assert subjects(inbox) == ["Appointment available"]


# Rescheduled


@pytest.fixture
def rescheduled(booking: Booking, run_queue: RunQueue, clock: Any, admin: User) -> Booking:
    """`booking`, confirmed by email, then rescheduled to another doctor, a day and an hour later."""
    run_queue()
    clock.shift(HOUR)
    slot = make_slot(make_doctor(), booking.starts_at + 25 * HOUR)
    later = booking.created_at + HOUR
    return reschedule_booking(booking=booking, slot_id=slot.pk, by=admin, reason="Fire drill", now=later)


def test_a_rescheduled_appointment_is_sent_with_both_times_and_updates_the_calendar(
    booking: Booking, rescheduled: Booking, run_queue: RunQueue, inbox: Inbox
) -> None:
    assert run_queue() == []

    confirmation, mail = inbox.mails()
    text, html = part(mail, "text/plain"), part(mail, "text/html")
    calendar, event = invitation(mail)
    _, before = invitation(confirmation)
    assert mail["Subject"] == "Appointment rescheduled: Tuesday 26 May 2026, 7:30 pm (London time)"
    for expected in (
        "Monday 25 May 2026, 6:30 pm to 7:00 pm",
        "7:30 pm to 8:00 pm",
        booking.doctor.display_name,
        rescheduled.doctor.display_name,
        "Fire drill",
    ):
        assert expected in text
        assert expected in html
    assert "cough" not in mail.as_string().lower()
    assert (calendar["METHOD"], event["UID"], event["STATUS"]) == ("REQUEST", before["UID"], "CONFIRMED")
    assert (before["SEQUENCE"], event["SEQUENCE"]) == (0, 1)
    assert event["DTSTART"].dt == rescheduled.starts_at


def test_only_the_last_of_two_changes_is_sent(
    rescheduled: Booking, admin: User, run_queue: RunQueue, inbox: Inbox, clock: Any
) -> None:
    clock.shift(HOUR)
    slot = make_slot(rescheduled.doctor, rescheduled.starts_at + HOUR)
    reschedule_booking(booking=rescheduled, slot_id=slot.pk, by=admin, now=rescheduled.created_at + 2 * HOUR)

    run_queue()

    assert [str(mail["Subject"]) for mail in inbox.mails()[1:]] == [
        "Appointment rescheduled: Tuesday 26 May 2026, 8:30 pm (London time)"
    ]
    dropped = Message.objects.filter(kind="rescheduled").exclude(dropped_at=None)
    assert [message.dropped_because for message in dropped] == ["moved_since"]


def test_a_new_time_that_needs_confirmation_says_so_and_is_confirmed_later(
    booking: Booking, patient: Patient, admin: User, *, run_queue: RunQueue, inbox: Inbox, clock: Any
) -> None:
    now = booking.created_at
    run_queue()
    clock.shift(2 * HOUR)
    Booking.objects.update(visit_type=VisitType.objects.create(name="Asked", needs_approval=True))
    booking.refresh_from_db()
    slot = make_slot(booking.doctor, booking.starts_at + HOUR)
    rescheduled = reschedule_booking(booking=booking, slot_id=slot.pk, by=user_of(patient), now=now + HOUR)
    run_queue()
    confirm_booking(booking=rescheduled, by=admin, now=now + 2 * HOUR)
    run_queue()

    assert subjects(inbox) == ["Appointment booked", "Appointment rescheduled", "Appointment booked"]
    _, mail, confirmed = inbox.mails()
    assert "The clinic still has to confirm the new time." in part(mail, "text/plain")
    events = [invitation(email)[1] for email in (mail, confirmed)]
    assert [(event["STATUS"], event["SEQUENCE"]) for event in events] == [("TENTATIVE", 1), ("CONFIRMED", 2)]


# Requested


@pytest.fixture
def request_(slot: Slot, patient: Patient, now: datetime) -> Booking:
    """A booking that waits for the clinic's approval."""
    visit = VisitType.objects.create(name="Asked", needs_approval=True)
    return book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)


def test_a_request_is_acknowledged_without_a_calendar_file(
    request_: Booking, run_queue: RunQueue, inbox: Inbox
) -> None:
    assert run_queue() == []

    (mail,) = inbox.mails()
    assert mail["Subject"] == "Appointment requested: Monday 25 May 2026, 6:30 pm (London time)"
    for kind in ("text/plain", "text/html"):
        assert "Your appointment is not booked yet." in part(mail, kind)
    assert "text/calendar" not in {found.get_content_type() for found in mail.walk()}


def test_an_approved_request_is_confirmed_like_any_booking(
    request_: Booking, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    run_queue()
    confirm_booking(booking=request_, by=admin, now=now)

    run_queue()

    assert subjects(inbox) == ["Appointment requested", "Appointment booked"]
    calendar, event = invitation(inbox.mails()[1])
    assert (calendar["METHOD"], event["STATUS"]) == ("REQUEST", "CONFIRMED")


def test_a_request_approved_before_its_email_was_sent_is_only_confirmed(
    request_: Booking, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    confirm_booking(booking=request_, by=admin, now=now)

    run_queue()

    assert subjects(inbox) == ["Appointment booked"]
    assert Message.objects.get(kind="requested").dropped_because == "confirmed_since"


def test_a_declined_request_is_not_called_a_cancelled_appointment(
    request_: Booking, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    run_queue()
    cancel_booking(booking=request_, by=admin, reason="Full", now=now)

    run_queue()

    assert subjects(inbox) == ["Appointment requested", "Appointment request declined"]
    mail = inbox.mails()[1]
    assert "The clinic cannot offer you the appointment that you asked for" in part(mail, "text/plain")
    assert "Your appointment request has been declined" in part(mail, "text/html")
    for kind in ("text/plain", "text/html"):
        assert "cancelled" not in part(mail, kind)
        assert "Full" in part(mail, kind)


@pytest.mark.parametrize("planned_first", [True, False])
def test_a_declined_request_has_no_calendar_file_even_if_its_first_email_was_never_planned(
    request_: Booking,
    admin: User,
    *,
    planned_first: bool,
    run_queue: RunQueue,
    inbox: Inbox,
    now: datetime,
) -> None:
    if planned_first:
        run_queue()
    cancel_booking(booking=request_, by=admin, reason="Full", now=now)

    run_queue()

    mail = inbox.mails()[-1]
    assert subjects(inbox)[planned_first:] == ["Appointment request declined"]
    assert "Your appointment request has been declined" in part(mail, "text/html")
    assert "text/calendar" not in {found.get_content_type() for found in mail.walk()}
    if not planned_first:
        assert Message.objects.get(kind="requested").dropped_because == "cancelled_since"


def test_a_request_that_was_moved_before_it_was_declined_has_no_calendar_file(
    request_: Booking, admin: User, patient: Patient, *, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    slot = make_slot(request_.doctor, request_.starts_at + HOUR)
    run_queue()
    moved = reschedule_booking(booking=request_, slot_id=slot.pk, by=user_of(patient), now=now)
    run_queue()
    cancel_booking(booking=moved, by=admin, now=now)
    run_queue()

    assert subjects(inbox) == [
        "Appointment requested",
        "Appointment rescheduled",
        "Appointment request declined",
    ]
    for mail in inbox.mails():
        assert "text/calendar" not in {found.get_content_type() for found in mail.walk()}
        assert "attached file" not in part(mail, "text/plain")


def test_a_confirmed_booking_whose_new_time_is_declined_is_cancelled_in_the_calendar(
    booking: Booking, patient: Patient, admin: User, *, run_queue: RunQueue, inbox: Inbox
) -> None:
    now = booking.created_at
    run_queue()
    Booking.objects.update(visit_type=VisitType.objects.create(name="Asked", needs_approval=True))
    booking.refresh_from_db()
    slot = make_slot(booking.doctor, booking.starts_at + HOUR)
    moved = reschedule_booking(booking=booking, slot_id=slot.pk, by=user_of(patient), now=now)
    run_queue()

    cancel_booking(booking=moved, by=admin, now=now)
    run_queue()

    assert subjects(inbox)[-1] == "Appointment cancelled"
    assert invitation(inbox.mails()[-1])[0]["METHOD"] == "CANCEL"


@pytest.mark.parametrize("is_named", [True, False])
def test_the_email_about_a_move_says_that_the_visit_type_has_changed_and_names_it_if_the_clinic_wants(
    booking: Booking, patient: Patient, *, is_named: bool, run_queue: RunQueue, inbox: Inbox
) -> None:
    now = booking.created_at
    run_queue()
    visit = VisitType.objects.create(name="Private", duration_minutes=30, is_named_in_messages=is_named)
    slot = make_slot(booking.doctor, booking.starts_at + HOUR)
    reschedule_booking(booking=booking, slot_id=slot.pk, visit_type=visit, by=user_of(patient), now=now)

    run_queue()

    mail = inbox.mails()[-1]
    for kind in ("text/plain", "text/html"):
        assert "The type of your appointment has changed too." in part(mail, kind)
        assert ("Private" in part(mail, kind)) == is_named
    for kind in ("text/calendar", "application/ics"):
        assert "Private" not in part(mail, kind).replace("CLASS:PRIVATE", "")
    assert "Private" not in mail["Subject"]


def test_a_confirmed_request_or_one_the_patient_withdraws_is_called_cancelled(
    request_: Booking, admin: User, patient: Patient, *, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    run_queue()
    slot = make_slot(request_.doctor, request_.starts_at + HOUR)
    visit = request_.visit_type
    other = book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)
    run_queue()

    cancel_booking(booking=other, by=user_of(patient), reason="", now=now)
    run_queue()
    confirm_booking(booking=request_, by=admin, now=now)
    run_queue()
    cancel_booking(booking=request_, by=admin, reason="", now=now)
    run_queue()

    assert subjects(inbox)[2:] == ["Appointment cancelled", "Appointment booked", "Appointment cancelled"]


# Video and phone


@pytest.mark.parametrize(
    ("mode", "sentence", "location"),
    [
        (
            "video",
            "This is a video appointment. Find the link on your appointment page.",
            "Video appointment",
        ),
        (
            "phone",
            "This is a phone appointment. We will call you on the number in your profile.",
            "Phone appointment",
        ),
    ],
)
def test_video_and_phone_appointments_have_no_address(
    slot: Slot,
    patient: Patient,
    *,
    mode: str,
    sentence: str,
    location: str,
    run_queue: RunQueue,
    inbox: Inbox,
    now: datetime,
) -> None:
    ClinicSettings.objects.update(address="1 Test Street")
    Patient.objects.filter(pk=patient.pk).update(phone="+442079460001")
    patient.refresh_from_db()
    visit = VisitType.objects.create(name="Far", mode=mode, video_link="https://meet.example/room")
    book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)

    run_queue()

    (mail,) = inbox.mails()
    text, html = part(mail, "text/plain"), part(mail, "text/html")
    assert (sentence in text, sentence in html) == (True, True)
    assert ("Test Street" in text, html.count("Test Street")) == (
        False,
        1,
    )  # the clinic's own address in the footer
    assert "meet.example" not in mail.as_string()
    assert invitation(mail)[1]["LOCATION"] == location


# Withdrawn offers, and offers that can replace a later booking


def test_a_patient_who_was_told_of_an_offer_is_told_that_it_is_withdrawn(
    offer: WaitlistOffer, patient: Patient, *, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    run_queue()
    withdraw_offer(offer=offer, by=admin, now=now)

    run_queue()

    mail = inbox.mails()[-1]
    assert subjects(inbox) == ["Appointment available", "Offer withdrawn"]
    assert mail["Subject"] == "Offer withdrawn: Monday 25 May 2026, 6:30 pm (London time)"
    assert mail["Delivered-To"] == user_of(patient).email
    for text in (part(mail, "text/plain"), part(mail, "text/html")):
        assert f"Hello {user_of(patient).first_name}," in text
        assert "You keep your place on the waiting list." in text
        assert "The clinic can no longer offer you this appointment" in text


def test_a_patient_who_was_not_told_of_an_offer_is_not_told_that_it_is_withdrawn(
    offer: WaitlistOffer, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    withdraw_offer(offer=offer, by=admin, now=now)

    run_queue()

    assert subjects(inbox) == []


def test_time_off_tells_the_patient_that_the_offer_is_withdrawn(
    offer: WaitlistOffer, slot: Slot, *, admin: User, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    run_queue()
    day = slot.starts_at.date()
    give_time_off(doctor=slot.doctor, spec=TimeOffSpec(day, day), by=admin, now=now)

    run_queue()

    assert subjects(inbox) == ["Appointment available", "Offer withdrawn"]


@pytest.mark.parametrize("has_later", [True, False])
def test_an_offer_says_that_it_can_replace_a_later_booking(
    offer: WaitlistOffer,
    patient: Patient,
    *,
    has_later: bool,
    run_queue: RunQueue,
    inbox: Inbox,
    now: datetime,
) -> None:
    slot = make_slot(offer.booking.doctor, offer.booking.starts_at + HOUR)
    if has_later:
        Booking.objects.create(
            slot=slot, doctor=slot.doctor, patient=patient, starts_at=slot.starts_at, ends_at=slot.ends_at
        )

    run_queue()

    (mail,) = inbox.mails()
    for text in (part(mail, "text/plain"), part(mail, "text/html")):
        assert ("You have a later appointment." in text) == has_later
