"""One booking for staff: what they see, what they can do and why not, private reasons, several at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings.attendance import complete_booking, mark_no_show
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import AuditEntry, User
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_dependant, make_doctor, make_patient, make_receptionist, user_of
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot

HOUR = timedelta(hours=1)
AsUser = Callable[[User], ClinicClient]


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A confirmed booking that starts in five hours, with a reason."""
    Patient.objects.filter(pk=patient.pk).update(allergies="Penicillin", date_of_birth="1984-03-03")
    return make_booking(make_slot(doctor, now + 5 * HOUR), patient, now=now, reason="Headache")


def panel(client: ClinicClient, booking: Booking) -> dict[str, object]:
    """Return the panel's data."""
    response = client.get(f"/api/portal/bookings/{booking.pk}/")
    assert response.status_code == 200
    data: dict[str, object] = response.json()["data"]
    return data


def actions_of(data: dict[str, object]) -> dict[str, str]:
    """Return the reason against each action; "" for those that are possible."""
    return {row["name"]: row["refusal"] for row in data["actions"]}  # type: ignore[attr-defined]


def test_the_doctor_sees_the_patient_with_alerts_age_and_earlier_visits(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    assert doctor.user is not None
    missed = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    mark_no_show(booking=missed, by=doctor.user, now=now + HOUR)
    make_booking(make_slot(make_doctor(), now + 2 * HOUR), patient, now=now)
    make_dependant(patient)

    data = panel(as_user(doctor.user), booking)

    shown: dict[str, object] = data["patient"]  # type: ignore[assignment]
    assert shown["alerts"] == {"allergies": "Penicillin", "conditions": "", "medication": ""}
    assert shown["age"] == 41  # the day before the birthday
    history: dict[str, object] = data["history"]  # type: ignore[assignment]
    assert history["counts"] == {"completed": 0, "no_show": 1, "cancelled": 0}
    assert [row["id"] for row in history["past"]] == [str(missed.pk)]  # type: ignore[attr-defined]
    assert history["upcoming"] == []  # the visit with the other doctor is not theirs to see
    assert AuditEntry.objects.filter(what="read", record_id=str(patient.pk)).count() == 1


@pytest.mark.parametrize("desk_sees_clinical", [False, True])
def test_the_front_desk_sees_alerts_only_if_the_clinic_lets_it(
    booking: Booking, as_user: AsUser, desk_sees_clinical: bool
) -> None:
    ClinicSettings.objects.update(desk_sees_clinical=desk_sees_clinical)

    data = panel(as_user(make_receptionist()), booking)

    assert (data["patient"]["alerts"] is not None) == desk_sees_clinical  # type: ignore[index]
    assert (data["answers"] is not None) == desk_sees_clinical
    assert data["reason"] == "Headache"


def test_the_panel_says_which_actions_are_possible_and_why_others_are_not(
    booking: Booking, as_user: AsUser
) -> None:
    desk = make_receptionist()

    early = actions_of(panel(as_user(desk), booking))

    assert {name for name, refusal in early.items() if not refusal} == {"cancel", "move"}
    assert early["check_in"] == "Possible from Monday 2 March 2026, 1:00 pm on."
    with time_machine.travel(booking.starts_at, tick=False):
        at_start = actions_of(panel(as_user(desk), booking))
    possible = {name for name, refusal in at_start.items() if not refusal}
    assert possible == {"check_in", "start", "complete", "no_show"}
    assert at_start["cancel"] == "The start of the appointment has passed."


def test_the_panel_needs_the_same_number_of_queries_with_one_and_with_three_earlier_visits(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    client, counts = as_user(make_receptionist()), []
    panel(client, booking)  # reads the clinic's settings, which are cached
    for number in range(3):
        visit = make_booking(make_slot(doctor, now + (number + 1) * HOUR), patient, now=now)
        complete_booking(booking=visit, by=user_of(patient), now=visit.starts_at)
        if number != 1:
            counts.append(len(queries_of(lambda: panel(client, booking))))

    assert counts[0] == counts[1]


def test_a_private_reason_is_for_staff_and_the_other_one_is_for_the_patient(
    booking: Booking, patient: Patient, as_user: AsUser
) -> None:
    path = f"/api/appointments/bookings/{booking.pk}/cancel/"
    reason = {"private_reason": "Was rude on the phone"}

    by_patient = as_user(user_of(patient)).post(path, reason)
    by_desk = as_user(make_receptionist()).post(path, reason)
    export = as_user(user_of(patient)).get("/api/users/me/export/")
    shown = as_user(user_of(patient)).get(f"/api/appointments/bookings/{booking.pk}/")

    assert (by_patient.status_code, list(by_patient.json()["errors"])) == (400, ["private_reason"])
    assert by_desk.status_code == 200
    event = BookingEvent.objects.get(kind="cancelled")
    assert (event.note, event.private_note) == ("", "Was rude on the phone")
    assert not any("rude" in page.content.decode() for page in (export, shown, by_desk))


def test_a_visit_is_started_and_the_step_undone_over_the_api(
    booking: Booking, as_user: AsUser, doctor: Doctor
) -> None:
    assert doctor.user is not None
    with time_machine.travel(booking.starts_at, tick=False):
        client = as_user(doctor.user)
        started = client.post(f"/api/portal/bookings/{booking.pk}/start/")
        stale = client.post(f"/api/portal/bookings/{booking.pk}/undo/", {"status": "COMPLETED"})
        undone = client.post(f"/api/portal/bookings/{booking.pk}/undo/", {"status": "IN_PROGRESS"})

    assert started.json()["data"]["status"] == "IN_PROGRESS"
    assert (stale.status_code, stale.json()["code"]) == (409, "booking_over")
    assert undone.json()["data"]["status"] == "CONFIRMED"


def test_a_step_for_several_bookings_names_those_that_were_refused(
    booking: Booking, doctor: Doctor, as_user: AsUser, now: datetime
) -> None:
    arriving = make_booking(make_slot(doctor, now + HOUR), make_patient(), now=now)
    other = make_booking(make_slot(make_doctor(), now + HOUR), make_patient(), now=now)
    assert doctor.user is not None
    ids = [str(row.pk) for row in (booking, arriving, other)]

    response = as_user(doctor.user).post("/api/portal/bookings/steps/", {"step": "check_in", "bookings": ids})

    data = response.json()["data"]
    assert [row["id"] for row in data["done"]] == [str(arriving.pk)]
    assert [(row["booking"], row["code"]) for row in data["refused"]] == [
        (str(booking.pk), "too_early"),
        (str(other.pk), "not_found"),
    ]
    assert data["refused"][0]["name"].startswith(booking.patient.full_name)
    assert data["refused"][1]["name"] == ""
    assert response.json()["message"] == "1 booking updated. 2 bookings were not changed."
    statuses = [Booking.objects.get(pk=pk).status for pk in ids]
    assert statuses == ["CONFIRMED", "CHECKED_IN", "CONFIRMED"]
