"""The board: the visits of a day for the front desk and for doctors."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from clinics.models import Doctor, Patient
from scheduling.bookings.attendance import check_in
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.models import Booking, Place
from tenants.accounts.models import User
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot

AsUser = Callable[..., ClinicClient]
BOARD = "/api/portal/board/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """The patient's visit in half an hour."""
    return make_booking(make_slot(doctor, now + 30 * MINUTE), patient, now=now, reason="Cough")


def visits(client: ClinicClient, **query: str) -> list[Any]:
    """The ids of the visits on the board, in order."""
    return [visit["id"] for visit in data_of(client.get(BOARD, query))["visits"]]


def test_the_board_says_since_when_a_patient_has_been_waiting(
    booking: Booking, as_user: AsUser, now: datetime
) -> None:
    desk = make_receptionist()
    check_in(booking=booking, by=desk, now=now + 5 * MINUTE)

    (visit,) = data_of(as_user(desk).get(BOARD))["visits"]

    assert (visit["status"], visit["arrived_at"], visit["began_at"]) == (
        "CHECKED_IN",
        "2026-03-02T12:05:00Z",
        None,
    )
    assert (visit["local_time"], visit["patient"]["name"], visit["reason"]) == (
        "12:30",
        booking.patient.full_name,
        "Cough",
    )


def test_the_board_has_the_phone_number_to_dial_and_to_read(booking: Booking, as_user: AsUser) -> None:
    Patient.objects.filter(pk=booking.patient_id).update(phone="+442079460018")

    (visit,) = data_of(as_user(make_receptionist()).get(BOARD))["visits"]

    assert (visit["patient"]["phone"], visit["patient"]["phone_display"]) == (
        "+442079460018",
        "+44 20 7946 0018",
    )


def test_a_doctor_sees_their_own_visits_and_the_desk_all_of_the_chosen_day(
    booking: Booking, doctor: Doctor, admin: User, as_user: AsUser, now: datetime
) -> None:
    other = make_doctor()
    theirs = make_booking(make_slot(other, now + 60 * MINUTE), make_patient(), now=now)
    tomorrow = make_booking(make_slot(other, now + timedelta(days=1)), make_patient(), now=now)
    here, there = str(booking.pk), str(theirs.pk)

    assert [visits(as_user(user)) for user in (doctor.user, other.user, admin)] == [
        [here],
        [there],
        [here, there],
    ]
    assert visits(as_user(admin), date="2026-03-03") == [str(tomorrow.pk)]
    assert visits(as_user(make_doctor().user)) == []
    assert visits(as_user(make_doctor().user), doctors=str(doctor.pk)) == []


def test_the_board_shows_cancelled_visits_and_no_holds(
    booking: Booking, doctor: Doctor, admin: User, as_user: AsUser, now: datetime
) -> None:
    guest = make_patient()
    hold_slot(slot_id=make_slot(doctor, now + 90 * MINUTE).pk, patient=guest, by=user_of(guest), now=now)
    cancel_booking(booking=booking, by=admin, reason="", now=now)

    board = data_of(as_user(admin).get(BOARD))

    assert [visit["status"] for visit in board["visits"]] == ["CANCELLED"]
    assert board["doctors"] == []


def test_the_board_is_filtered_by_doctors_and_place(
    booking: Booking, doctor: Doctor, admin: User, as_user: AsUser, now: datetime
) -> None:
    place = Place.objects.create(name="Harbour", time_zone="Europe/Paris")
    other = make_doctor()
    theirs = make_booking(make_slot(other, now + 60 * MINUTE, place=place), make_patient(), now=now)
    desk, here, there = as_user(admin), str(booking.pk), str(theirs.pk)

    found = {
        "doctor": visits(desk, doctors=str(other.pk)),
        "both": visits(desk, doctors=f"{other.pk},{doctor.pk}"),
        "place": visits(desk, place=str(place.pk)),
        "main": visits(desk, place="main"),
    }

    assert found == {"doctor": [there], "both": [here, there], "place": [there], "main": [here]}
    board = data_of(desk.get(BOARD, {"place": "main"}))
    assert {row["id"]: row["visits"] for row in board["doctors"]} == {str(doctor.pk): 1, str(other.pk): 1}
    assert [row["name"] for row in board["places"]] == ["Harbour"]


@pytest.mark.parametrize(
    "query",
    [{"date": "today"}, {"date": "0001-01-01"}, {"doctors": "me"}, {"place": "attic"}, {"place": "-" * 36}],
)
def test_a_filter_that_makes_no_sense_is_refused(admin: User, as_user: AsUser, query: dict[str, str]) -> None:
    response = as_user(admin).get(BOARD, query)

    assert (response.status_code, list(response.json()["errors"])) == (400, list(query))


def test_an_unchanged_board_is_not_sent_again(
    booking: Booking, admin: User, as_user: AsUser, now: datetime
) -> None:
    client = as_user(admin)
    etag = client.get(BOARD)["ETag"]

    unchanged = client.get(BOARD, HTTP_IF_NONE_MATCH=etag)
    with time_machine.travel(now + MINUTE, tick=False):
        check_in(booking=booking, by=admin, now=now + MINUTE)
        changed = client.get(BOARD, HTTP_IF_NONE_MATCH=etag)
        renamed_etag = changed["ETag"]
        Patient.objects.filter(pk=booking.patient_id).update(last_name="Zeller")
        renamed = client.get(BOARD, HTTP_IF_NONE_MATCH=renamed_etag)
    other_user = as_user(make_receptionist()).get(BOARD, HTTP_IF_NONE_MATCH=etag)

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert [changed.status_code, renamed.status_code, other_user.status_code] == [200, 200, 200]


def test_a_change_that_commits_after_a_later_one_is_seen(
    booking: Booking, admin: User, doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    later = make_booking(make_slot(doctor, now + 60 * MINUTE), make_patient(), now=now)
    Booking.objects.filter(pk=later.pk).update(updated_at=now + 2 * MINUTE)
    client = as_user(admin)
    etag = client.get(BOARD)["ETag"]

    Booking.objects.filter(pk=booking.pk).update(updated_at=now + MINUTE)

    assert client.get(BOARD, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_patients_on_the_board_are_audited_once_an_hour_and_user(
    booking: Booking, admin: User, doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    entry = ("listed", "clinics.patient", str(booking.patient_id))
    client = as_user(admin)

    client.get(BOARD)
    client.get(BOARD)
    assert audit_entries() == [entry]
    as_user(doctor.user).get(BOARD)
    assert audit_entries() == [entry] * 2
    with time_machine.travel(now + 61 * MINUTE, tick=False):
        as_user(admin).get(BOARD)

    assert audit_entries() == [entry] * 3


def test_the_board_needs_the_same_number_of_queries_at_any_length(
    doctor: Doctor, admin: User, as_user: AsUser, now: datetime
) -> None:
    client, counts = as_user(admin), []
    client.get(BOARD)
    for number in (1, 3):
        for row in range(number):
            slot = make_slot(doctor, now + timedelta(minutes=30 * (number * 3 + row)))
            make_booking(slot, make_patient(), now=now)
        counts.append(len(queries_of(lambda: client.get(BOARD))))

    assert counts[0] == counts[1]
