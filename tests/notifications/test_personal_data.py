"""The export of a user's own data."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from notifications.services.feeds import create_feed, revoke_feed
from notifications.services.planning import plan_messages
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from scheduling.waitlist.offers import decline_offer
from tenants.accounts.models import AuditEntry, PasswordReset, User
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_patient
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import make_entry, make_offer_to, user_of

AsUser = Callable[..., ClinicClient]
PATH = "/api/users/me/export/"


@pytest.fixture
def as_user(clinic: Any, client_for: Callable[..., ClinicClient], clock: Any) -> AsUser:
    """Return a function that signs a user in at the London clinic. The clock is stopped."""
    return lambda user: client_for(clinic, user)


def cancelled_booking(doctor: Doctor, patient: Patient, by: User, now: datetime) -> Booking:
    """A booking of the patient that the clinic cancelled, and the message about it."""
    booking = make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now, reason="Cough")
    cancel_booking(booking=booking, by=by, reason="Ill", now=now + timedelta(minutes=1))
    plan_messages(event=booking.events.latest("created_at", "id"), now=now)
    return booking


def test_the_export_contains_all_data_of_the_user(
    doctor: Doctor, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    Patient.objects.filter(pk=patient.pk).update(allergies="Nuts")
    child = make_dependant(patient, first_name="Kit", conditions="Asthma")
    booking = cancelled_booking(doctor, patient, admin, now)
    slot = make_slot(doctor, now + timedelta(days=2))
    childs_booking = book_slot(slot_id=slot.pk, patient=child, by=patient.user, now=now)
    PasswordReset.objects.create(email=patient.user.email, expires_at=now)

    export = data_of(as_user(patient.user).get(PATH))

    first, second = export["bookings"]
    (message,) = export["messages"]
    assert (export["clinic"], export["account"]["email"]) == ("Riverside", patient.user.email)
    assert (export["profile"]["allergies"], export["exported_at"]) == ("Nuts", "2026-03-02T12:00:00Z")
    assert [(dependant["name"], dependant["conditions"]) for dependant in export["dependants"]] == [
        (child.full_name, "Asthma")
    ]
    assert (first["id"], first["reason"], second["id"]) == (str(booking.pk), "Cough", str(childs_booking.pk))
    assert [(event["what"], event["by"], event["note"]) for event in first["history"]] == [
        ("booked", "patient", ""),
        ("cancelled", "admin", "Ill"),
    ]
    assert (message["what"], message["booking"], message["sent_at"]) == (
        "cancellation",
        str(booking.pk),
        None,
    )
    parts = ("sessions", "password_resets", "email_verifications")
    assert [len(export[part]) for part in parts] == [1, 1, 0]
    assert export["log"][-1]["what"] == "exported"


def test_the_export_contains_calendar_feeds_including_revoked_ones(
    patient: Patient, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    revoked = create_feed(user=patient.user, name="Old phone", now=now - timedelta(days=1)).feed
    revoke_feed(feed_id=revoked.pk, by=patient.user, now=now)
    create_feed(user=patient.user, name="My phone", now=now)
    other = make_patient().user
    assert other is not None
    create_feed(user=other, name="Canary", now=now)

    export = data_of(as_user(patient.user).get(PATH))

    assert [tuple(feed.values()) for feed in export["calendar_feeds"]] == [
        ("Old phone", "2026-03-01T12:00:00Z", None, "2026-03-02T12:00:00Z"),
        ("My phone", "2026-03-02T12:00:00Z", None, None),
    ]


def test_the_export_contains_waiting_list_entries_and_offers(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    entry = make_entry(patient, doctor, now=now)
    slot, ends_at = make_slot(doctor, now + timedelta(days=2)), now + timedelta(hours=2)
    decline_offer(offer=make_offer_to(entry, slot, ends_at=ends_at, now=now), by=user_of(patient), now=now)

    (exported,) = data_of(as_user(patient.user).get(PATH))["waiting_for"]

    assert (exported["doctor"], exported["specialty"], exported["status"]) == (
        doctor.display_name,
        None,
        "waiting",
    )
    assert [(offer["outcome"], offer["ends_at"]) for offer in exported["offers"]] == [
        ("declined", "2026-03-02T14:00:00Z")
    ]


def test_the_export_contains_no_secret(patient: Patient, as_user: AsUser, now: datetime) -> None:
    assert patient.user is not None
    client = as_user(patient.user)
    feed = create_feed(user=patient.user, name="My phone", now=now)

    text = client.get(PATH).content.decode()

    token = patient.user.refresh_tokens.get()
    assert token.digest not in text
    assert patient.user.password not in text
    assert [secret for secret in (feed.token, feed.feed.token_hash) if secret in text] == []


def test_the_export_contains_no_data_of_others(
    doctor: Doctor, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    other = make_patient(last_name="Canary")
    make_dependant(other, last_name="Canary")
    cancelled_booking(doctor, other, admin, now)

    assert "Canary" not in as_user(patient.user).get(PATH).content.decode()


def test_an_export_is_audited(patient: Patient, as_user: AsUser) -> None:
    as_user(patient.user).get(PATH)

    entry = AuditEntry.objects.get()
    assert (entry.what, entry.by, entry.record_id) == ("exported", patient.user, str(patient.user_id))


def test_the_export_hides_the_ip_addresses_of_staff(patient: Patient, admin: User, as_user: AsUser) -> None:
    for by in (patient.user, None, admin):
        AuditEntry.objects.create(
            what="read", by=by, kind="accounts.user", record_id=str(patient.user_id), address="192.0.2.7"
        )

    log = data_of(as_user(patient.user).get(PATH))["log"]

    assert [entry["address"] for entry in log[:3]] == ["192.0.2.7", "192.0.2.7", None]


def test_doctors_and_admins_can_export_their_data(doctor: Doctor, admin: User, as_user: AsUser) -> None:
    of_doctor, of_admin = (data_of(as_user(user).get(PATH)) for user in (doctor.user, admin))

    assert (of_doctor["profile"]["name"], of_admin["profile"]) == (doctor.name, None)


def test_the_export_needs_the_same_number_of_queries_for_one_and_three_bookings(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    client, counts = as_user(patient.user), []
    client.get(PATH)  # caches the host and the session
    for days in ((1,), (2, 3)):
        for day in days:
            slot = make_slot(doctor, now + timedelta(days=day))
            book_slot(slot_id=slot.pk, patient=make_dependant(patient), by=patient.user, now=now)
        counts.append(len(queries_of(lambda: client.get(PATH))))

    assert counts[0] == counts[1]


def test_an_admins_access_to_messages_is_audited_for_each_recipient(
    clinic: Any, doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now)
    (message,) = plan_messages(event=booking.events.get(), now=now)
    desk = ClinicClient(clinic)
    desk.force_login(admin)

    desk.get("/admin/notifications/message/")
    desk.get(f"/admin/notifications/message/{message.pk}/change/")

    assert audit_entries() == [
        ("listed", "accounts.user", str(patient.user_id)),
        ("read", "notifications.message", str(message.pk)),
        ("read", "accounts.user", str(patient.user_id)),
        ("read", "clinics.patient", str(patient.pk)),
    ]
