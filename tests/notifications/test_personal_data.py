"""What the clinic holds about a person, given to them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from notifications.services.feeds import create_feed, revoke_feed
from notifications.services.messages import plan_messages
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from scheduling.waitlist.offers import decline_offer
from tenants.accounts.models import AuditEntry, PasswordReset, User
from tests.factories.audit import entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_patient
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import make_entry, offer_to, user_of

AsUser = Callable[..., ClinicClient]
PATH = "/api/users/me/export/"


@pytest.fixture
def as_user(clinic: Any, client_for: Callable[..., ClinicClient], clock: Any) -> AsUser:
    """Makes a client of the London clinic at the test's own time."""
    return lambda user: client_for(clinic, user)


def cancelled_booking(doctor: Doctor, patient: Patient, by: User, now: datetime) -> Booking:
    """A booking of the patient, cancelled by the clinic, of which they were told."""
    booking = make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now, reason="Cough")
    cancel_booking(booking=booking, by=by, reason="Ill", now=now + timedelta(minutes=1))
    plan_messages(event=booking.events.latest("created_at", "id"), now=now)
    return booking


def test_all_that_is_held_is_given(
    doctor: Doctor, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    Patient.objects.filter(pk=patient.pk).update(allergies="Nuts")
    child = make_dependant(patient, first_name="Kit", conditions="Asthma")
    booking = cancelled_booking(doctor, patient, admin, now)
    slot = make_slot(doctor, now + timedelta(days=2))
    theirs = book_slot(slot_id=slot.pk, patient=child, by=patient.user, now=now)
    PasswordReset.objects.create(email=patient.user.email, expires_at=now)

    held = data_of(as_user(patient.user).get(PATH))

    first, second = held["bookings"]
    (message,) = held["messages"]
    assert (held["clinic"], held["account"]["email"]) == ("Riverside", patient.user.email)
    assert (held["profile"]["allergies"], held["exported_at"]) == ("Nuts", "2026-03-02T12:00:00Z")
    assert [(each["name"], each["conditions"]) for each in held["dependants"]] == [
        (child.full_name, "Asthma")
    ]
    assert (first["id"], first["reason"], second["id"]) == (str(booking.pk), "Cough", str(theirs.pk))
    assert [(each["what"], each["by"], each["note"]) for each in first["history"]] == [
        ("booked", "patient", ""),
        ("cancelled", "admin", "Ill"),
    ]
    assert (message["what"], message["booking"], message["sent_at"]) == (
        "cancellation",
        str(booking.pk),
        None,
    )
    parts = ("sessions", "password_resets", "email_verifications")
    assert [len(held[part]) for part in parts] == [1, 1, 0]
    assert held["log"][-1]["what"] == "exported"


def test_calendar_feeds_are_in_it_those_that_ended_too(
    patient: Patient, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    ended = create_feed(user=patient.user, name="Old phone", now=now - timedelta(days=1)).feed
    revoke_feed(feed_id=ended.pk, by=patient.user, now=now)
    create_feed(user=patient.user, name="My phone", now=now)
    other = make_patient().user
    assert other is not None
    create_feed(user=other, name="Canary", now=now)

    held = data_of(as_user(patient.user).get(PATH))

    assert [tuple(feed.values()) for feed in held["calendar_feeds"]] == [
        ("Old phone", "2026-03-01T12:00:00Z", None, "2026-03-02T12:00:00Z"),
        ("My phone", "2026-03-02T12:00:00Z", None, None),
    ]


def test_what_one_waits_for_and_was_offered_is_in_it(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    entry = make_entry(patient, doctor, now=now)
    slot, ends_at = make_slot(doctor, now + timedelta(days=2)), now + timedelta(hours=2)
    decline_offer(offer=offer_to(entry, slot, ends_at=ends_at, now=now), by=user_of(patient), now=now)

    (waited,) = data_of(as_user(patient.user).get(PATH))["waiting_for"]

    assert (waited["doctor"], waited["specialty"], waited["status"]) == (doctor.display_name, None, "waiting")
    assert [(each["outcome"], each["ends_at"]) for each in waited["offers"]] == [
        ("declined", "2026-03-02T14:00:00Z")
    ]


def test_no_secret_is_in_it(patient: Patient, as_user: AsUser, now: datetime) -> None:
    assert patient.user is not None
    client = as_user(patient.user)
    feed = create_feed(user=patient.user, name="My phone", now=now)

    said = client.get(PATH).content.decode()

    token = patient.user.refresh_tokens.get()
    assert token.digest not in said
    assert patient.user.password not in said
    assert [each for each in (feed.token, feed.feed.token_hash) if each in said] == []


def test_nobody_elses_data_is_in_it(
    doctor: Doctor, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    other = make_patient(last_name="Canary")
    make_dependant(other, last_name="Canary")
    cancelled_booking(doctor, other, admin, now)

    assert "Canary" not in as_user(patient.user).get(PATH).content.decode()


def test_that_somebody_took_their_data_is_in_the_log(patient: Patient, as_user: AsUser) -> None:
    as_user(patient.user).get(PATH)

    entry = AuditEntry.objects.get()
    assert (entry.what, entry.by, entry.record_id) == ("exported", patient.user, str(patient.user_id))


def test_from_where_staff_looked_is_not_told(patient: Patient, admin: User, as_user: AsUser) -> None:
    for by in (patient.user, None, admin):
        AuditEntry.objects.create(
            what="read", by=by, kind="accounts.user", record_id=str(patient.user_id), address="192.0.2.7"
        )

    log = data_of(as_user(patient.user).get(PATH))["log"]

    assert [entry["address"] for entry in log[:3]] == ["192.0.2.7", "192.0.2.7", None]


def test_a_doctor_and_an_admin_are_given_theirs(doctor: Doctor, admin: User, as_user: AsUser) -> None:
    of_doctor, of_admin = (data_of(as_user(user).get(PATH)) for user in (doctor.user, admin))

    assert (of_doctor["profile"]["name"], of_admin["profile"]) == (doctor.name, None)


def test_it_costs_the_same_for_one_booking_and_for_three(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    client, counts = as_user(patient.user), []
    client.get(PATH)  # the host, and who signs in, are known from then on
    for days in ((1,), (2, 3)):
        for day in days:
            slot = make_slot(doctor, now + timedelta(days=day))
            book_slot(slot_id=slot.pk, patient=make_dependant(patient), by=patient.user, now=now)
        counts.append(len(queries_of(lambda: client.get(PATH))))

    assert counts[0] == counts[1]


def test_whose_messages_an_admin_sees_is_in_the_log(
    clinic: Any, doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now)
    (message,) = plan_messages(event=booking.events.get(), now=now)
    desk = ClinicClient(clinic)
    desk.force_login(admin)

    desk.get("/admin/notifications/message/")
    desk.get(f"/admin/notifications/message/{message.pk}/change/")

    assert entries() == [
        ("listed", "accounts.user", str(patient.user_id)),
        ("read", "notifications.message", str(message.pk)),
        ("read", "accounts.user", str(patient.user_id)),
    ]
