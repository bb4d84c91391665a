"""Links in messages: who can use them, until when, and that nothing but a button changes anything."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_redis import get_redis_connection

from clinics.models import Care, ClinicSettings, Doctor, Patient
from notifications.links import Purpose, message_links
from scheduling.bookings.book import book_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import Booking
from scheduling.visit_types.details_changed import record_address_changed
from tenants.accounts.models import AuditEntry, User
from tenants.current import current_clinic, enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, host_of
from tests.factories.people import make_admin, make_dependant, make_patient, user_of
from tests.factories.schedule import make_slot
from tests.notifications.conftest import SUMMER_EVENING
from tests.notifications.link_requests import LinkReader, make_message, path_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY_PURPOSE = list(Purpose)


def events(booking: Booking) -> list[str]:
    """Return the kinds of the booking's events, without the booking itself."""
    return sorted(booking.events.exclude(kind="booked").values_list("kind", flat=True))


def state(booking: Booking) -> dict[str, Any]:
    """Return all values of the booking's row."""
    return dict(Booking.objects.filter(pk=booking.pk).values().get())


# What a link contains


def test_links_are_at_the_clinics_own_host_and_contain_no_personal_data(
    booking: Booking, user: User, clinic: Clinic, clock: Any
) -> None:
    links = message_links(make_message(booking, user))

    assert sorted(links) == ["cancel_url", "confirm_url", "move_url"]
    for purpose in ("confirm", "cancel", "move"):
        url = links[f"{purpose}_url"]
        assert url.startswith(f"http://{host_of(clinic)}/visit/{purpose}/")
        assert len(url.rpartition("/")[2]) == 47
        for secret in (str(booking.pk), booking.pk.hex, str(user.pk), user.email, user.last_name, "?"):
            assert secret not in url


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("confirmation", {"confirm_url", "cancel_url", "move_url"}),
        ("rescheduled", {"confirm_url", "cancel_url", "move_url"}),
        ("reminder", {"confirm_url", "cancel_url", "move_url"}),
        ("requested", {"confirm_url", "cancel_url", "move_url"}),
        ("cancellation", set()),
        ("offer", set()),
        ("follow_up", set()),
        ("staff_booked", set()),
        ("questionnaire", set()),
    ],
)
def test_the_kind_of_message_decides_which_links_it_has(
    booking: Booking, user: User, clock: Any, kind: str, expected: set[str]
) -> None:
    assert set(message_links(make_message(booking, user, kind=kind))) == expected


def test_links_that_would_only_be_refused_are_left_out(booking: Booking, user: User, clock: Any) -> None:
    message = make_message(booking, user)
    ClinicSettings.objects.update(cancellation_notice_minutes=24 * 60, reschedule_notice_minutes=60)
    clock.move_to(booking.starts_at - 2 * HOUR)
    late = set(message_links(message))
    clock.move_to(booking.starts_at)
    begun = set(message_links(message))

    assert (late, begun) == ({"confirm_url", "move_url"}, set())


def test_a_request_that_the_clinic_has_not_confirmed_has_no_link_to_confirm(
    booking: Booking, user: User, clock: Any
) -> None:
    Booking.objects.update(status="PENDING")
    message = make_message(Booking.objects.get(), user, kind="requested")

    assert set(message_links(message)) == {"cancel_url", "move_url"}


def test_staff_get_no_links(booking: Booking, admin: User, clock: Any) -> None:
    assert message_links(make_message(booking, admin)) == {}


# Opening a link changes nothing


@pytest.mark.parametrize("purpose", EVERY_PURPOSE)
def test_opening_a_link_changes_nothing_and_sets_no_cookie(
    booking: Booking, user: User, reader: LinkReader, purpose: Purpose
) -> None:
    path, before = path_of(booking, user, purpose), state(booking)

    with CaptureQueriesContext(connection) as queries:
        got, head = reader.get(path), reader.head(path)

    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    assert (state(booking), events(booking)) == (before, [])
    statements = {query["sql"].split(maxsplit=1)[0] for query in queries}
    assert statements <= {"SELECT", "SET", "WITH"}
    assert not got.cookies
    assert not head.cookies


def test_other_methods_are_refused(booking: Booking, user: User, clinic: Clinic, clock: Any) -> None:
    before = state(booking)

    for purpose in EVERY_PURPOSE:
        path = path_of(booking, user, purpose)
        for method in ("put", "patch", "delete", "options"):
            assert getattr(ClinicClient(clinic), method)(path).status_code == 405

    assert state(booking) == before


def test_the_url_is_neither_stored_nor_indexed_nor_sent_to_other_sites(
    booking: Booking, user: User, reader: LinkReader
) -> None:
    for purpose in EVERY_PURPOSE:
        path = path_of(booking, user, purpose)
        for response in (reader.get(path), reader.get(f"{path}x"), reader.post(path)):
            assert response["Cache-Control"] == "no-store"
            assert response["Referrer-Policy"] == "no-referrer"
            assert response["X-Robots-Tag"] == "noindex, nofollow"
            assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.CANCEL, Purpose.MOVE])
def test_the_page_shows_day_time_with_zone_doctor_clinic_and_place_but_no_reason(
    booking: Booking, user: User, doctor: Doctor, reader: LinkReader, purpose: Purpose
) -> None:
    ClinicSettings.objects.update(address="1 High St\nLondon", phone="020 7946 0000")

    page = reader.get(path_of(booking, user, purpose)).content.decode()

    for expected in (
        "Monday 25 May 2026",
        "6:30 pm to 7:00 pm",
        "London time",
        doctor.display_name,
        "Riverside",
        "1 High St",
        "020 7946 0000",
    ):
        assert expected in page
    assert "cough" not in page
    assert "<script" not in page


# Who can use a link


def statuses_of(reader: LinkReader, path: str) -> tuple[int, int]:
    """Return the statuses of opening a link and of pressing its button."""
    return reader.get(path).status_code, reader.post(path).status_code


def tampered(path: str) -> list[str]:
    """Return variants of a link that nobody has made."""
    folder, _, token = path.rpartition("/")
    value, _, signature = token.partition(".")
    other = "A" if value[0] != "A" else "B"
    return [
        f"{folder}/{other}{value[1:]}.{signature}",
        f"{folder}/{value}.{signature[:-1]}",
        f"{folder}/{value}.",
        f"{folder}/{value}",
        f"{folder}/.{signature}",
        f"{folder}/{value}.{'A' * 22}",
        f"{folder}/{value[:-4]}.{signature}",
        f"{folder}/x",
        f"{folder}/%00",
        f"{folder}/ä.ö",
    ]


def test_a_link_that_was_changed_shows_and_changes_nothing(
    booking: Booking, user: User, doctor: Doctor, reader: LinkReader
) -> None:
    before = state(booking)

    for path in tampered(path_of(booking, user, Purpose.CANCEL)):
        got, sent = reader.get(path), reader.post(path)
        assert (got.status_code, sent.status_code) == (404, 404), path
        assert "This link does not work" in got.content.decode()
        assert doctor.display_name not in got.content.decode()

    assert state(booking) == before


def test_a_token_is_for_one_purpose_only(booking: Booking, user: User, reader: LinkReader) -> None:
    for purpose in EVERY_PURPOSE:
        token = path_of(booking, user, purpose).rpartition("/")[2]
        statuses = {
            other: reader.post(f"/visit/{other}/{token}").status_code
            for other in EVERY_PURPOSE
            if other is not purpose
        }
        assert set(statuses.values()) == {404}, (purpose, statuses)

    assert events(booking) == []


def test_a_link_is_for_one_clinic_only(
    booking: Booking, user: User, other_clinic: Clinic, clock: Any
) -> None:
    path = path_of(booking, user, Purpose.CANCEL)

    with enter_clinic(other_clinic):
        assert LinkReader().get(path).status_code == 404


def test_a_deactivated_account_can_do_nothing(booking: Booking, user: User, reader: LinkReader) -> None:
    paths, before = [path_of(booking, user, purpose) for purpose in EVERY_PURPOSE], state(booking)
    User.objects.filter(pk=user.pk).update(is_active=False)

    statuses = {status for path in paths for status in statuses_of(reader, path)}

    assert (statuses, state(booking)) == ({404}, before)


def test_a_link_ends_when_the_email_address_changes(booking: Booking, user: User, reader: LinkReader) -> None:
    paths, before = [path_of(booking, user, purpose) for purpose in EVERY_PURPOSE], state(booking)
    User.objects.filter(pk=user.pk).update(email="new@people.example")

    statuses = {status for path in paths for status in statuses_of(reader, path)}

    assert (statuses, state(booking)) == ({404}, before)


def test_a_former_carer_can_do_nothing_and_the_attempt_is_recorded(
    doctor: Doctor, patient: Patient, now: datetime, reader: LinkReader
) -> None:
    child, carer = make_dependant(patient), make_patient()
    Care.objects.create(carer=carer, dependant=child)
    booking = make_booking_for(child, doctor, by=user_of(carer), now=now)
    paths, before = [path_of(booking, user_of(carer), purpose) for purpose in EVERY_PURPOSE], state(booking)
    Care.objects.filter(carer=carer).delete()
    refused = AuditEntry.objects.filter(what="refused", by=user_of(carer))

    opened = {reader.get(path).status_code for path in paths}
    unrecorded = refused.count()
    sent = {reader.post(path).status_code for path in paths}

    assert (opened, sent, state(booking)) == ({404}, {404}, before)
    assert (unrecorded, refused.count()) == (0, len(paths))


def make_booking_for(child: Patient, doctor: Doctor, *, by: User, now: datetime) -> Booking:
    """A booking of a child by a carer."""
    return book_slot(slot_id=make_slot(doctor, SUMMER_EVENING).pk, patient=child, by=by, now=now)


def test_a_carer_sees_for_whom_an_appointment_is_if_the_address_is_confirmed(
    doctor: Doctor, patient: Patient, user: User, now: datetime, reader: LinkReader
) -> None:
    child = make_dependant(patient, first_name="Kit", last_name="Canary")
    path = path_of(make_booking_for(child, doctor, by=user, now=now), user, Purpose.CONFIRM)

    page = reader.get(path).content.decode()
    User.objects.filter(pk=user.pk).update(email_verified_at=None)
    unconfirmed = reader.get(path).content.decode()

    assert "Kit" in page
    assert "Canary" not in page
    assert "Kit" not in unconfirmed


# Until when


@pytest.mark.parametrize("purpose", EVERY_PURPOSE)
def test_a_link_acts_until_the_start_shows_the_appointment_for_a_week_and_then_expires(
    booking: Booking, user: User, reader: LinkReader, clock: Any, purpose: Purpose
) -> None:
    path, before = path_of(booking, user, purpose), state(booking)

    clock.move_to(booking.starts_at)
    begun, at_start = reader.get(path).content.decode(), statuses_of(reader, path)
    clock.move_to(booking.ends_at + 7 * DAY)
    a_week_later = statuses_of(reader, path)
    clock.move_to(booking.ends_at + 7 * DAY + timedelta(seconds=1))
    expired, later = reader.get(path).content.decode(), statuses_of(reader, path)

    assert (at_start, a_week_later, later) == ((200, 303), (200, 303), (410, 410))
    assert "You can no longer change this appointment online" in begun
    assert "<button" not in begun
    assert "This link has expired" in expired
    assert booking.doctor.display_name not in expired
    assert state(booking) == before


def test_after_a_move_the_old_link_shows_the_new_time_and_changes_nothing(
    booking: Booking, user: User, now: datetime, reader: LinkReader
) -> None:
    paths = [path_of(booking, user, purpose) for purpose in (Purpose.CONFIRM, Purpose.CANCEL, Purpose.MOVE)]
    free = make_slot(booking.doctor, SUMMER_EVENING + 2 * DAY)
    new = make_slot(booking.doctor, SUMMER_EVENING + DAY)
    reschedule_booking(booking=booking, slot_id=new.pk, by=make_admin(), now=now)
    before = state(booking)

    for path in paths:
        page, sent = reader.get(path), reader.post(path, slot=str(free.pk))
        assert (page.status_code, sent.status_code, sent["Location"]) == (200, 303, path)
        assert "Your appointment has a new time" in page.content.decode()
        assert "Tuesday 26 May 2026" in page.content.decode()
        assert "<button" not in page.content.decode()

    assert (state(booking), events(booking)) == (before, ["rescheduled"])


def test_a_link_stays_valid_when_only_the_address_changes(
    booking: Booking, user: User, now: datetime, reader: LinkReader
) -> None:
    path = path_of(booking, user, Purpose.CANCEL)
    ClinicSettings.objects.update(address="2 New St")
    record_address_changed(place=None, by=make_admin(), now=now)

    page = reader.get(path).content.decode()
    reader.post(path)

    booking.refresh_from_db()
    assert (booking.version, booking.status) == (1, "CANCELLED")
    assert "2 New St" in page


def test_after_a_cancellation_a_link_says_so_and_offers_to_book_again(
    booking: Booking, user: User, now: datetime, reader: LinkReader
) -> None:
    paths = [path_of(booking, user, purpose) for purpose in EVERY_PURPOSE]
    Booking.objects.filter(pk=booking.pk).update(status="CANCELLED", cancelled_at=now)
    before = state(booking)

    for path in paths:
        page, sent = reader.get(path), reader.post(path)
        assert (page.status_code, sent.status_code) == (200, 303)
        assert "Your appointment is cancelled" in page.content.decode()
        assert 'href="/doctors"' in page.content.decode()
        assert "<button" not in page.content.decode()

    assert state(booking) == before


def test_too_many_requests_of_an_address_are_refused(
    booking: Booking, user: User, reader: LinkReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis = get_redis_connection("default")
    for key in redis.scan_iter(f"{current_clinic().pk}:*requests:*"):
        redis.delete(key)
    limits = {**settings.RATE_LIMITS, "message links by address": 2}
    monkeypatch.setattr(settings, "RATE_LIMITS", limits)
    path = path_of(booking, user, Purpose.CANCEL)

    responses = [reader.get(path), reader.get("/visit/cancel/x"), reader.post(path)]

    assert [response.status_code for response in responses] == [200, 404, 429]
    assert responses[2]["Retry-After"] == "60"
    assert events(booking) == []
