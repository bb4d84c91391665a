"""What a time off would hit, and what could be had instead: looked at, and nothing changes."""

from datetime import datetime, timedelta

import pytest

from clinics.models import ClinicSettings, Doctor
from scheduling.bookings.book import book_slot
from scheduling.clock.time_off import TimeOffSpec
from scheduling.models import Booking, BookingEvent, Slot, TimeOff, VisitType
from scheduling.time_off.alternatives import MAX_BOOKINGS_WITH_ALTERNATIVES, AffectedBooking, preview_time_off
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.people import make_patient
from tests.factories.queries import queries_of
from tests.factories.queue import waiting
from tests.factories.schedule import make_slot
from tests.factories.time_off import at, book_at, make_working_doctor, off, slot_at, wall_of

pytestmark = pytest.mark.usefixtures("clinic")
MONDAY = "2026-03-09"


@pytest.fixture
def doctor(clinic: Clinic, now: datetime) -> Doctor:
    """A doctor who works from nine to noon every day."""
    return make_working_doctor(now=now)


def shown(hits: list[AffectedBooking]) -> list[list[tuple[str, str]]]:
    """When each booking could be instead, and why."""
    return [
        [(wall_of(each.slot.starts_at), each.why.value) for each in hit.alternatives or []] for hit in hits
    ]


def test_the_nearest_times_with_the_same_doctor_come_first(doctor: Doctor, now: datetime) -> None:
    make_working_doctor(now=now)
    booking = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    hits = preview_time_off(doctor, off(MONDAY, opens="10:00", closes="11:00"), now=now)

    assert [hit.booking for hit in hits] == [booking]
    assert shown(hits) == [
        [
            (f"{MONDAY} 09:30", "same_doctor"),
            (f"{MONDAY} 09:00", "same_doctor"),
            (f"{MONDAY} 11:00", "same_doctor"),
        ]
    ]


def test_where_the_doctor_has_no_time_others_of_the_specialty_have(doctor: Doctor, now: datetime) -> None:
    other = make_working_doctor(now=now)
    make_working_doctor(now=now, specialties=["dermatology"])
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)

    hits = preview_time_off(doctor, off("2026-03-02", None), now=now)

    assert shown(hits) == [
        [
            (f"{MONDAY} 10:00", "same_specialty"),
            (f"{MONDAY} 09:30", "same_specialty"),
            (f"{MONDAY} 10:30", "same_specialty"),
        ]
    ]
    assert {each.slot.doctor for hit in hits for each in hit.alternatives or []} == {other}


def test_the_same_doctor_comes_first_however_far(doctor: Doctor, now: datetime) -> None:
    make_working_doctor(now=now)
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    Slot.objects.filter(doctor=doctor, starts_at__gt=at("2026-05-20 11:00")).delete()

    # The last slots lie more than a fortnight away: only with the same doctor they count.
    hits = preview_time_off(doctor, off("2026-03-02", "2026-05-19"), now=now)

    assert [why for each in shown(hits) for _when, why in each] == ["same_doctor"] * 3
    Slot.objects.filter(doctor=doctor, starts_at__gt=at("2026-05-20 09:00")).delete()
    [hit] = preview_time_off(doctor, off("2026-03-02", "2026-05-19"), now=now)
    assert [why.why.value for why in hit.alternatives or []] == [
        "same_doctor", "same_specialty", "same_specialty",
    ]  # fmt: skip


def test_for_the_whole_clinic_nobodys_time_in_it_is_an_alternative(doctor: Doctor, now: datetime) -> None:
    make_working_doctor(now=now)
    book_at(doctor, f"{MONDAY} 09:00", make_patient(), now=now)

    hits = preview_time_off(None, off(MONDAY), now=now)

    assert shown(hits) == [
        [
            ("2026-03-08 11:30", "same_doctor"),
            ("2026-03-08 11:00", "same_doctor"),
            ("2026-03-08 10:30", "same_doctor"),
        ]
    ]


def test_what_is_promised_to_one_booking_is_not_shown_for_the_next(doctor: Doctor, now: datetime) -> None:
    for wall in ("10:00", "10:30"):
        book_at(doctor, f"{MONDAY} {wall}", make_patient(), now=now)

    hits = preview_time_off(doctor, off(MONDAY, opens="10:00", closes="11:00"), now=now)

    assert [each[0][0][-5:] for each in shown(hits)] == ["09:30", "11:00"]
    assert "09:30" not in [when[-5:] for when, _why in shown(hits)[1]]


def test_a_longer_visit_is_promised_all_the_time_it_takes(doctor: Doctor, admin: User, now: datetime) -> None:
    visit = VisitType.objects.create(name="Long", duration_minutes=60)
    for wall in ("10:00", "11:00"):
        slot = slot_at(doctor, f"{MONDAY} {wall}")
        book_slot(slot_id=slot.pk, patient=make_patient(), by=admin, visit_type=visit, now=now)

    hits = preview_time_off(doctor, off(MONDAY, opens="10:00"), now=now)

    assert [each[0][0] for each in shown(hits)] == [f"{MONDAY} 09:00", "2026-03-10 09:00"]
    assert [hit.alternatives and hit.alternatives[0].ends_at for hit in hits] == [
        at(f"{MONDAY} 10:00"),
        at("2026-03-10 10:00"),
    ]


def test_no_alternative_is_while_the_patient_is_elsewhere(doctor: Doctor, now: datetime) -> None:
    patient, other = make_patient(), make_working_doctor(now=now)
    book_at(other, f"{MONDAY} 09:30", patient, now=now)
    book_at(doctor, f"{MONDAY} 10:00", patient, now=now)

    [hit] = preview_time_off(doctor, off(MONDAY, opens="10:00", closes="11:00"), now=now)

    assert [when for when, _why in shown([hit])[0]] == [
        f"{MONDAY} 09:00", f"{MONDAY} 11:00", f"{MONDAY} 11:30",
    ]  # fmt: skip


def test_who_takes_no_new_patients_is_no_alternative(doctor: Doctor, now: datetime) -> None:
    known, stranger = make_patient(), make_patient()
    other = make_working_doctor(now=now)
    book_at(other, "2026-03-03 09:00", known, now=now)
    Doctor.objects.filter(pk=other.pk).update(accepting_new_patients=False)
    for wall, patient in (("09:00", known), ("10:00", stranger)):
        book_at(doctor, f"{MONDAY} {wall}", patient, now=now)

    hits = preview_time_off(doctor, off("2026-03-02", None), now=now)

    assert [len(each) for each in shown(hits)] == [3, 0]


@pytest.mark.parametrize(("notice", "first"), [(59, "13:00"), (60, "13:00"), (61, "13:30")])
def test_alternatives_leave_the_notice_that_the_clinic_asks_for(
    doctor: Doctor, now: datetime, notice: int, first: str
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=notice)
    for hour in (13, 13.5, 14):  # it is noon
        make_slot(doctor, at("2026-03-02 00:00") + timedelta(hours=hour))
    ClinicSettings.objects.update(booking_notice_minutes=0)
    book_at(doctor, "2026-03-02 14:00", make_patient(), now=now)
    ClinicSettings.objects.update(booking_notice_minutes=notice)

    [hit] = preview_time_off(doctor, off("2026-03-02", opens="14:00"), now=now)

    assert min(when for when, _why in shown([hit])[0]) == f"2026-03-02 {first}"


def test_a_preview_changes_nothing(doctor: Doctor, now: datetime) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    lines, events = len(waiting()), BookingEvent.objects.count()
    before = list(Slot.objects.values_list("pk", "fits_hours"))

    preview_time_off(doctor, off(MONDAY), now=now)

    assert (TimeOff.objects.count(), Booking.objects.get().status) == (0, "CONFIRMED")
    assert (len(waiting()), BookingEvent.objects.count()) == (lines, events)
    assert sorted(Slot.objects.values_list("pk", "fits_hours")) == sorted(before)


def test_whom_it_hits_costs_the_same_queries_however_many(doctor: Doctor, now: datetime) -> None:
    when: TimeOffSpec = off(MONDAY, opens="10:00")
    looked_for = 3  # what is limited, the statement, the slots

    counts = []
    for walls in (("10:00",), ("10:30", "11:00")):
        for wall in walls:
            book_at(doctor, f"{MONDAY} {wall}", make_patient(), now=now)
        counts.append(len(queries_of(lambda: preview_time_off(doctor, when, now=now))))

    assert counts[1] - counts[0] == 2 * looked_for


def test_of_very_many_bookings_alternatives_are_looked_for_of_the_first(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    patient = make_patient()
    Booking.objects.bulk_create(
        Booking(doctor=doctor, patient=patient, slot=slot, starts_at=slot.starts_at, ends_at=slot.ends_at)
        for slot in Slot.objects.filter(doctor=doctor).order_by("starts_at")[
            : MAX_BOOKINGS_WITH_ALTERNATIVES + 1
        ]
    )

    hits = preview_time_off(doctor, off("2026-03-02", None), now=now)

    assert len(hits) == MAX_BOOKINGS_WITH_ALTERNATIVES + 1
    assert [hit.alternatives for hit in hits[-2:]] == [[], None]
