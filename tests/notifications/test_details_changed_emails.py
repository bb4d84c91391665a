"""A new address or doctor's name updates the calendar entries of upcoming visits (RFC 5546)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from notifications.models import Message
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import Booking, BookingEvent, Place, VisitType
from scheduling.visit_types.details_changed import record_address_changed
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.conftest import Inbox
from tests.notifications.test_booking_emails import invitation, part

RunQueue = Callable[[], list[str]]
HOUR = timedelta(hours=1)


@pytest.fixture
def place(clinic: Clinic) -> Place:
    """A place with the clinic's time zone."""
    return Place.objects.create(name="Harbour", address="2 Quay", time_zone="Europe/London")


@pytest.fixture
def visit(doctor: Doctor, patient: Patient, place: Place, now: datetime) -> Booking:
    """A confirmed booking at the place, tomorrow."""
    return make_booking(make_slot(doctor, now + 24 * HOUR, place=place), patient, now=now)


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """A client that is signed in to the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


def change(desk: ClinicClient, path: str, **values: str) -> None:
    """Change values on a page of the admin and save it."""
    path = f"{path}/change/"
    no_hours = {f"working_hours-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    submit_form(desk, path, get_form(desk, path) | no_hours | values)


def test_a_new_address_of_a_place_raises_the_sequence_and_sends_an_update(
    visit: Booking, place: Place, desk: ClinicClient, *, run_queue: RunQueue, inbox: Inbox, clock: Any
) -> None:
    run_queue()
    clock.shift(HOUR)

    change(desk, f"scheduling/place/{place.pk}", address="9 New Road")
    run_queue()

    confirmation, update = inbox.mails()
    (before_calendar, before), (calendar, event) = invitation(confirmation), invitation(update)
    assert update["Subject"] == "Appointment details changed: Tuesday 3 March 2026, 12:00 pm (London time)"
    assert (before_calendar["METHOD"], calendar["METHOD"]) == ("REQUEST", "REQUEST")
    assert (before["UID"], before["SEQUENCE"], before["LOCATION"]) == (
        event["UID"], 0, "Riverside, Harbour, 2 Quay",
    )  # fmt: skip
    assert (event["SEQUENCE"], event["LOCATION"]) == (1, "Riverside, Harbour, 9 New Road")
    assert event["DTSTART"].dt == before["DTSTART"].dt
    for kind in ("text/plain", "text/html"):
        assert "9 New Road" in part(update, kind)
        assert "Your appointment is at a new address." in part(update, kind)
        assert "The day and time stay the same." in part(update, kind)
    visit.refresh_from_db()
    assert visit.version == 1


def test_a_new_address_of_the_clinic_concerns_visits_without_a_place_that_are_not_remote(
    visit: Booking, doctor: Doctor, desk: ClinicClient, *, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    here, by_video = (
        make_booking(make_slot(doctor, now + hours * HOUR), make_patient(), now=now) for hours in (26, 28)
    )
    video = VisitType.objects.create(name="Video", mode="video", video_link="https://meet.example/1")
    Booking.objects.filter(pk=by_video.pk).update(visit_type=video)
    run_queue()

    change(desk, "clinics/clinicsettings/1", address="5 Low Street")
    run_queue()

    assert list(Message.objects.filter(kind="details_changed").values_list("booking", flat=True)) == [here.pk]
    assert invitation(inbox.mails()[-1])[1]["LOCATION"] == "Riverside, 5 Low Street"


def test_a_new_name_of_a_doctor_is_sent_for_each_of_the_upcoming_visits(
    visit: Booking, doctor: Doctor, desk: ClinicClient, *, run_queue: RunQueue, inbox: Inbox
) -> None:
    run_queue()

    change(desk, f"clinics/doctor/{doctor.pk}", name="Marsh-Lake")
    run_queue()

    update = inbox.mails()[-1]
    assert "The name of your doctor has changed." in part(update, "text/plain")
    assert "With: Dr Marsh-Lake" in part(update, "text/plain")
    assert "with Dr Marsh-Lake" in invitation(update)[1]["DESCRIPTION"]


def test_saving_other_fields_sends_nothing(
    visit: Booking, place: Place, doctor: Doctor, desk: ClinicClient, *, run_queue: RunQueue, inbox: Inbox
) -> None:
    change(desk, f"scheduling/place/{place.pk}", phone="020 7946 0000")
    change(desk, f"clinics/doctor/{doctor.pk}", bio="Listens.")
    change(desk, "clinics/clinicsettings/1", phone="020 7946 0001")
    run_queue()

    assert BookingEvent.objects.filter(kind="details_changed").count() == 0
    assert len(inbox.mails()) == 1


def test_only_confirmed_upcoming_bookings_change(
    visit: Booking, place: Place, doctor: Doctor, admin: User, now: datetime
) -> None:
    def book(hours: int, status: str) -> None:
        booking = make_booking(make_slot(doctor, now + hours * HOUR, place=place), make_patient(), now=now)
        Booking.objects.filter(pk=booking.pk).update(status=status)

    book(30, "PENDING")
    book(2, "CHECKED_IN")
    cancelled = make_booking(make_slot(doctor, now + 40 * HOUR, place=place), make_patient(), now=now)
    cancel_booking(booking=cancelled, by=admin, now=now)

    assert record_address_changed(place=place, by=admin, now=now) == 1
    assert record_address_changed(place=place, by=admin, now=visit.starts_at) == 0
    assert [event.booking_id for event in BookingEvent.objects.filter(kind="details_changed")] == [visit.pk]


def test_of_two_changes_before_the_first_was_sent_one_email_tells_both(
    visit: Booking, place: Place, desk: ClinicClient, *, run_queue: RunQueue, inbox: Inbox
) -> None:
    run_queue()

    change(desk, f"scheduling/place/{place.pk}", address="9 New Road")
    change(desk, f"scheduling/place/{place.pk}", address="10 New Road")
    run_queue()

    _confirmation, update = inbox.mails()
    assert (invitation(update)[1]["SEQUENCE"], "10 New Road" in part(update, "text/plain")) == (2, True)


def test_a_new_time_is_still_sent_if_the_address_changes_before(
    visit: Booking, place: Place, patient: Patient, *, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    run_queue()
    slot = make_slot(visit.doctor, visit.starts_at + HOUR, place=place)

    moved = reschedule_booking(booking=visit, slot_id=slot.pk, by=user_of(patient), now=now)
    record_address_changed(place=place, by=None, now=now)
    run_queue()

    subjects = [mail["Subject"].split(":")[0] for mail in inbox.mails()]
    assert subjects[0] == "Appointment booked"
    assert sorted(subjects[1:]) == ["Appointment details changed", "Appointment rescheduled"]
    assert {invitation(mail)[1]["DTSTART"].dt for mail in inbox.mails()[1:]} == {moved.starts_at}
