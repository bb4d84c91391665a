"""The preview of time off: affected bookings and their alternatives, without any changes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor
from scheduling.availability.open_slots import run_availability_sql
from scheduling.bookings.book import book_slot
from scheduling.clock.time_off import TimeOffSpec
from scheduling.models import Booking, BookingEvent, Slot, TimeOff, VisitType
from scheduling.time_off.alternatives import MAX_BOOKINGS_WITH_ALTERNATIVES, AffectedBooking, preview_time_off
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.people import make_patient
from tests.factories.queries import queries_of
from tests.factories.queue import queued_jobs
from tests.factories.schedule import make_slot
from tests.factories.time_off import (
    book_at,
    instant_at,
    local_time_text,
    make_working_doctor,
    slot_at,
    time_off_spec,
)

pytestmark = pytest.mark.usefixtures("clinic")
MONDAY = "2026-03-09"


@pytest.fixture
def doctor(clinic: Clinic, now: datetime) -> Doctor:
    """A doctor who works from nine to noon every day."""
    return make_working_doctor(now=now)


def times_and_reasons(affected: list[AffectedBooking]) -> list[list[tuple[str, str]]]:
    """Return local time and reason of each booking's alternatives."""
    return [
        [
            (local_time_text(each.slot.starts_at), each.why.value)
            for each in affected_booking.alternatives or []
        ]
        for affected_booking in affected
    ]


def test_the_nearest_times_with_the_same_doctor_come_first(doctor: Doctor, now: datetime) -> None:
    make_working_doctor(now=now)
    booking = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    affected = preview_time_off(doctor, time_off_spec(MONDAY, opens="10:00", closes="11:00"), now=now)

    assert [affected_booking.booking for affected_booking in affected] == [booking]
    assert times_and_reasons(affected) == [
        [
            (f"{MONDAY} 09:30", "same_doctor"),
            (f"{MONDAY} 09:00", "same_doctor"),
            (f"{MONDAY} 11:00", "same_doctor"),
        ]
    ]


def test_a_time_that_is_removed_during_the_search_is_left_out(
    doctor: Doctor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    def search_and_remove(*args: Any, **kwargs: Any) -> list[Any]:
        rows = run_availability_sql(*args, **kwargs)
        Slot.objects.filter(pk__in=[row[0] for row in rows[:1]]).delete()
        return rows

    monkeypatch.setattr("scheduling.time_off.alternatives.run_availability_sql", search_and_remove)

    affected = preview_time_off(doctor, time_off_spec(MONDAY, opens="10:00", closes="11:00"), now=now)

    assert times_and_reasons(affected) == [
        [(f"{MONDAY} 09:00", "same_doctor"), (f"{MONDAY} 11:00", "same_doctor")]
    ]


def test_without_time_of_the_doctor_others_of_the_specialty_follow(doctor: Doctor, now: datetime) -> None:
    other = make_working_doctor(now=now)
    make_working_doctor(now=now, specialties=["dermatology"])
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    affected = preview_time_off(doctor, time_off_spec("2026-03-02", None), now=now)

    assert times_and_reasons(affected) == [
        [
            (f"{MONDAY} 10:00", "same_specialty"),
            (f"{MONDAY} 09:30", "same_specialty"),
            (f"{MONDAY} 10:30", "same_specialty"),
        ]
    ]
    assert {
        each.slot.doctor for affected_booking in affected for each in affected_booking.alternatives or []
    } == {other}


def test_the_same_doctor_comes_first_at_any_distance(doctor: Doctor, now: datetime) -> None:
    make_working_doctor(now=now)
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    Slot.objects.filter(doctor=doctor, starts_at__gt=instant_at("2026-05-20 11:00")).delete()

    # The last slots are more than a fortnight away. That far, only those of the same doctor are proposed.
    affected = preview_time_off(doctor, time_off_spec("2026-03-02", "2026-05-19"), now=now)

    assert [why for each in times_and_reasons(affected) for _time, why in each] == ["same_doctor"] * 3
    Slot.objects.filter(doctor=doctor, starts_at__gt=instant_at("2026-05-20 09:00")).delete()
    [affected_booking] = preview_time_off(doctor, time_off_spec("2026-03-02", "2026-05-19"), now=now)
    assert [why.why.value for why in affected_booking.alternatives or []] == [
        "same_doctor", "same_specialty", "same_specialty",
    ]  # fmt: skip


def test_time_off_of_the_whole_clinic_has_alternatives_outside_it_only(doctor: Doctor, now: datetime) -> None:
    make_working_doctor(now=now)
    book_at(doctor, f"{MONDAY} 09:00", make_patient(), now=now)

    affected = preview_time_off(None, time_off_spec(MONDAY), now=now)

    assert times_and_reasons(affected) == [
        [
            ("2026-03-08 11:30", "same_doctor"),
            ("2026-03-08 11:00", "same_doctor"),
            ("2026-03-08 10:30", "same_doctor"),
        ]
    ]


def test_a_time_proposed_for_one_booking_is_not_proposed_for_the_next(doctor: Doctor, now: datetime) -> None:
    for local_time in ("10:00", "10:30"):
        book_at(doctor, f"{MONDAY} {local_time}", make_patient(), now=now)

    affected = preview_time_off(doctor, time_off_spec(MONDAY, opens="10:00", closes="11:00"), now=now)

    assert [each[0][0][-5:] for each in times_and_reasons(affected)] == ["09:30", "11:00"]
    assert "09:30" not in [time[-5:] for time, _why in times_and_reasons(affected)[1]]


def test_a_longer_visit_reserves_all_the_time_it_takes(doctor: Doctor, admin: User, now: datetime) -> None:
    visit = VisitType.objects.create(name="Long", duration_minutes=60)
    for local_time in ("10:00", "11:00"):
        slot = slot_at(doctor, f"{MONDAY} {local_time}")
        book_slot(slot_id=slot.pk, patient=make_patient(), by=admin, visit_type=visit, now=now)

    affected = preview_time_off(doctor, time_off_spec(MONDAY, opens="10:00"), now=now)

    assert [each[0][0] for each in times_and_reasons(affected)] == [f"{MONDAY} 09:00", "2026-03-10 09:00"]
    assert [
        affected_booking.alternatives and affected_booking.alternatives[0].ends_at
        for affected_booking in affected
    ] == [
        instant_at(f"{MONDAY} 10:00"),
        instant_at("2026-03-10 10:00"),
    ]


def test_alternatives_avoid_the_patients_other_bookings(doctor: Doctor, now: datetime) -> None:
    patient, other = make_patient(), make_working_doctor(now=now)
    book_at(other, f"{MONDAY} 09:30", patient, now=now)
    book_at(doctor, f"{MONDAY} 10:00", patient, now=now)

    [affected_booking] = preview_time_off(
        doctor, time_off_spec(MONDAY, opens="10:00", closes="11:00"), now=now
    )

    assert [time for time, _why in times_and_reasons([affected_booking])[0]] == [
        f"{MONDAY} 09:00", f"{MONDAY} 11:00", f"{MONDAY} 11:30",
    ]  # fmt: skip


def test_a_doctor_who_takes_no_new_patients_is_no_alternative_for_them(doctor: Doctor, now: datetime) -> None:
    known, stranger = make_patient(), make_patient()
    other = make_working_doctor(now=now)
    book_at(other, "2026-03-03 09:00", known, now=now)
    Doctor.objects.filter(pk=other.pk).update(accepting_new_patients=False)
    for local_time, patient in (("09:00", known), ("10:00", stranger)):
        book_at(doctor, f"{MONDAY} {local_time}", patient, now=now)

    affected = preview_time_off(doctor, time_off_spec("2026-03-02", None), now=now)

    assert [len(each) for each in times_and_reasons(affected)] == [3, 0]


@pytest.mark.parametrize(("notice", "first"), [(59, "13:00"), (60, "13:00"), (61, "13:30")])
def test_alternatives_respect_the_clinics_booking_notice(
    doctor: Doctor, now: datetime, notice: int, first: str
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=notice)
    for hour in (13, 13.5, 14):  # it is noon
        make_slot(doctor, instant_at("2026-03-02 00:00") + timedelta(hours=hour))
    ClinicSettings.objects.update(booking_notice_minutes=0)
    book_at(doctor, "2026-03-02 14:00", make_patient(), now=now)
    ClinicSettings.objects.update(booking_notice_minutes=notice)

    [affected_booking] = preview_time_off(doctor, time_off_spec("2026-03-02", opens="14:00"), now=now)

    assert min(time for time, _why in times_and_reasons([affected_booking])[0]) == f"2026-03-02 {first}"


def test_a_preview_changes_nothing(doctor: Doctor, now: datetime) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    job_count, event_count = len(queued_jobs()), BookingEvent.objects.count()
    before = list(Slot.objects.values_list("pk", "fits_hours"))

    preview_time_off(doctor, time_off_spec(MONDAY), now=now)

    assert (TimeOff.objects.count(), Booking.objects.get().status) == (0, "CONFIRMED")
    assert (len(queued_jobs()), BookingEvent.objects.count()) == (job_count, event_count)
    assert sorted(Slot.objects.values_list("pk", "fits_hours")) == sorted(before)


def test_each_affected_booking_costs_the_same_number_of_queries(doctor: Doctor, now: datetime) -> None:
    spec: TimeOffSpec = time_off_spec(MONDAY, opens="10:00")
    queries_per_booking = 3  # limits, alternatives, slots

    counts = []
    for local_times in (("10:00",), ("10:30", "11:00")):
        for local_time in local_times:
            book_at(doctor, f"{MONDAY} {local_time}", make_patient(), now=now)
        counts.append(len(queries_of(lambda: preview_time_off(doctor, spec, now=now))))

    assert counts[1] - counts[0] == 2 * queries_per_booking


def test_only_the_first_bookings_of_very_many_get_alternatives(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    patient = make_patient()
    Booking.objects.bulk_create(
        Booking(doctor=doctor, patient=patient, slot=slot, starts_at=slot.starts_at, ends_at=slot.ends_at)
        for slot in Slot.objects.filter(doctor=doctor).order_by("starts_at")[
            : MAX_BOOKINGS_WITH_ALTERNATIVES + 1
        ]
    )

    affected = preview_time_off(doctor, time_off_spec("2026-03-02", None), now=now)

    assert len(affected) == MAX_BOOKINGS_WITH_ALTERNATIVES + 1
    assert [affected_booking.alternatives for affected_booking in affected[-2:]] == [[], None]
