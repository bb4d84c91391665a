"""The pages behind the links “I will come” and “Cancel my appointment”."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.links import Purpose
from scheduling.bookings.book import book_slot
from scheduling.models import Booking, BookingEvent, Series, Slot
from tenants.accounts.models import User
from tenants.current import current_clinic
from tests.factories.clinic_client import host_of
from tests.factories.people import make_dependant, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import make_entry
from tests.notifications.conftest import SUMMER_EVENING, Inbox
from tests.notifications.link_requests import LinkReader, path_of

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Kind = BookingEvent.Kind


def test_i_will_come_is_recorded_once_and_the_page_then_says_so(
    booking: Booking, user: User, reader: LinkReader, now: datetime
) -> None:
    path = path_of(booking, user, Purpose.CONFIRM)

    before = reader.get(path).content.decode()
    sent, again = reader.post(path), reader.post(path)
    after = reader.get(path).content.decode()

    assert ("I will come" in before, before.count("<button")) == (True, 1)
    assert (sent.status_code, sent["Location"], again.status_code) == (303, path, 303)
    assert "Thank you for letting us know" in after
    assert "<button" not in after
    assert Booking.objects.get().attendance_confirmed_at == now
    said = booking.events.filter(kind=Kind.ATTENDANCE_CONFIRMED)
    assert list(said.values_list("by", "created_at")) == [(user.pk, now)]


def test_a_request_cannot_be_confirmed_by_the_patient(
    booking: Booking, user: User, reader: LinkReader
) -> None:
    Booking.objects.update(status="PENDING")
    path = path_of(booking, user, Purpose.CONFIRM)

    page, sent = reader.get(path).content.decode(), reader.post(path)

    assert "The clinic has not confirmed your appointment yet" in page
    assert sent.status_code == 303
    assert Booking.objects.get().attendance_confirmed_at is None


def test_cancelling_frees_the_time_and_records_who_cancelled_and_why(
    booking: Booking, user: User, reader: LinkReader, now: datetime
) -> None:
    path = path_of(booking, user, Purpose.CANCEL)

    page = reader.get(path).content.decode()
    sent = reader.post(path, reason="I am <well> again")
    after = reader.get(path).content.decode()

    assert ("Cancel my appointment" in page, page.count("<button")) == (True, 1)
    assert (sent.status_code, sent["Location"]) == (303, path)
    assert "Your appointment is cancelled" in after
    assert "well" not in after
    event = booking.events.get(kind=Kind.CANCELLED)
    assert (event.by, event.note, event.created_at) == (user, "I am <well> again", now)
    assert Booking.objects.get().status == "CANCELLED"
    assert make_booking(Slot.objects.get(), make_patient(), now=now).status == "CONFIRMED"


def test_the_cancelled_time_is_offered_to_the_waiting_list(
    booking: Booking, user: User, reader: LinkReader, run_queue: Callable[[], list[str]], now: datetime
) -> None:
    waiting = make_patient()
    make_entry(waiting, booking.doctor, last=SUMMER_EVENING.date(), now=now)
    run_queue()

    reader.post(path_of(booking, user, Purpose.CANCEL))
    run_queue()

    offered = Booking.objects.get(patient=waiting)
    assert (offered.status, offered.starts_at) == ("HELD", booking.starts_at)


def test_a_second_cancellation_changes_nothing(booking: Booking, user: User, reader: LinkReader) -> None:
    path = path_of(booking, user, Purpose.CANCEL)

    sent = [reader.post(path).status_code for _ in range(2)]

    assert sent == [303, 303]
    assert booking.events.filter(kind=Kind.CANCELLED).count() == 1


def test_the_reason_is_optional_and_limited(booking: Booking, user: User, reader: LinkReader) -> None:
    path = path_of(booking, user, Purpose.CANCEL)

    refused = reader.post(path, reason="x" * 2001)
    page = refused.content.decode()

    assert refused.status_code == 400
    assert "There is a problem" in page
    assert "<title>Error: " in page
    assert 'href="#id_reason"' in page
    assert Booking.objects.get().status == "CONFIRMED"
    assert reader.post(path).status_code == 303
    assert Booking.objects.get().status == "CANCELLED"


@pytest.mark.parametrize(
    ("left", "is_late"), [(24 * HOUR + MINUTE, False), (24 * HOUR, False), (24 * HOUR - MINUTE, True)]
)
def test_cancelling_follows_the_clinics_notice(
    booking: Booking, reader: LinkReader, clock: Any, left: timedelta, *, is_late: bool
) -> None:
    ClinicSettings.objects.update(cancellation_notice_minutes=24 * 60, phone="020 7946 0000")
    path = path_of(booking, user_of(booking.patient), Purpose.CANCEL)
    clock.move_to(booking.starts_at - left)

    page = reader.get(path).content.decode()
    sent = reader.post(path)

    assert sent.status_code == 303
    assert Booking.objects.get().status == ("CONFIRMED" if is_late else "CANCELLED")
    assert "Sunday 24 May 2026, 6:30 pm (London time)" in page
    if is_late:
        assert "It is too late to cancel online" in page
        assert 'Call us on <a href="tel:02079460000"' in page
        assert "<button" not in page


def test_cancelling_one_of_a_series_says_that_the_others_stay(
    doctor: Doctor, patient: Patient, user: User, reader: LinkReader, now: datetime
) -> None:
    first = make_booking(make_slot(doctor, SUMMER_EVENING), patient, now=now)
    second = make_booking(make_slot(doctor, SUMMER_EVENING + timedelta(days=1)), patient, now=now)
    series = Series.objects.create(
        patient=patient, by=user, doctor=doctor, first_on=SUMMER_EVENING.date(), clock=1110,
        unit="day", every=1, count=2,
    )  # fmt: skip
    Booking.objects.update(series=series)
    path = path_of(first, user, Purpose.CANCEL)

    page = reader.get(path).content.decode()
    reader.post(path)

    assert "This cancels only the appointment on this day" in page
    second.refresh_from_db()
    assert (Booking.objects.get(pk=first.pk).status, second.status) == ("CANCELLED", "CONFIRMED")


def test_a_carer_cancels_for_a_dependant(
    doctor: Doctor, patient: Patient, reader: LinkReader, now: datetime
) -> None:
    child, carer = make_dependant(patient), user_of(patient)
    booking = book_slot(slot_id=make_slot(doctor, SUMMER_EVENING).pk, patient=child, by=carer, now=now)

    reader.post(path_of(booking, carer, Purpose.CANCEL))

    assert Booking.objects.get().status == "CANCELLED"
    assert booking.events.get(kind=Kind.CANCELLED).by == carer


def test_the_link_in_the_confirmation_email_works(
    booking: Booking, run_queue: Callable[[], list[str]], inbox: Inbox, reader: LinkReader
) -> None:
    run_queue()
    (mail,) = inbox.mails()
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    text, html = parts[0], parts[1]

    links = re.findall(rf"http://{re.escape(host_of(current_clinic()))}(/visit/[a-z]+/\S+)", text)
    reader.post(links[0])
    reader.post(links[2])

    assert [link.split("/")[2] for link in links] == ["confirm", "move", "cancel"]
    assert all(link in html for link in links)
    kinds = booking.events.values_list("kind", flat=True)
    assert {Kind.ATTENDANCE_CONFIRMED, Kind.CANCELLED} <= set(kinds)
