"""Give a demo clinic a month of life: three weeks of past visits, today, and the weeks ahead."""

from datetime import date, datetime, timedelta
from random import Random

from clinics.models import Doctor, Patient
from clinics.services.dependants import add_dependant
from clinics.services.patient_changes import record_patient_change
from console.demo_month.extras import (
    add_overbooking,
    add_series,
    close_days,
    fill_waiting_list,
    hold_emails_of,
    hold_times,
    holiday,
)
from console.demo_month.messages import Ledger
from console.demo_month.people import DemoPatient
from console.demo_month.planning import PAST_DAYS, SlotTime, TypeLength, days_of, plan_visits
from console.demo_month.visits import Staff, Visits
from scheduling.hours.services import set_exception
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import HolidayChoice, Slot, VisitType, WorkingHours
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.batch_cache import batch_cache
from tenants.base.clock import day_start
from tenants.current import current_clinic

_HOUR = 60


def opening_time(now: datetime) -> datetime:
    """Return when the clinic's month begins: some days before its first visits, which are booked then."""
    zone = current_clinic().zone
    first = now.astimezone(zone).date() - timedelta(days=PAST_DAYS + 7)
    return day_start(first, zone) + timedelta(hours=8)


def prepare_days(doctors: list[Doctor], *, now: datetime) -> None:
    """Close the clinic on a holiday, and open it today for the doctors who sign in to the demo.

    Called before the slots are generated.
    """
    HolidayChoice.objects.create(day=holiday(now), is_open=False, name="Founders' Day")
    today = now.astimezone(current_clinic().zone).date()
    for doctor in doctors:
        works = WorkingHours.objects.filter(doctor=doctor, weekday=today.weekday()).exists()
        if doctor.user_id and not works:
            hours = ((9 * _HOUR, 13 * _HOUR), (14 * _HOUR, 17 * _HOUR))
            set_exception(doctor=doctor, day=today, intervals=hours, now=opening_time(now))


def add_patients(
    people: tuple[DemoPatient, ...],
    *,
    accounts: dict[str, Patient],
    phone_prefix: str,
    by: User,
) -> list[Patient]:
    """Register the patients who have no account yet and the families. Return all, in a fixed order.

    :param accounts: the patients with an account, by name
    """
    patients = []
    for number, person in enumerate(people):
        clinical = {
            "allergies": person.allergies,
            "conditions": person.conditions,
            "medication": person.medication,
        }
        patient = accounts.get(person.name)
        if patient is None:
            patient = Patient.objects.create(
                first_name=person.first_name,
                last_name=person.last_name,
                date_of_birth=date.fromisoformat(person.born),
                phone=f"{phone_prefix}{100 + number}",
                **clinical,
            )
            record_patient_change(patient)
            write_audit_entries(what=AuditAction.ADDED, by=by, about=[patient])
        elif any(clinical.values()):
            Patient.objects.filter(pk=patient.pk).update(**clinical)
        patients.append(patient)
        for name, born in person.family:
            first_name, _space, last_name = name.partition(" ")
            assert patient.user is not None  # noqa: S101  only patients with an account have a family
            details = {
                "first_name": first_name,
                "last_name": last_name,
                "date_of_birth": date.fromisoformat(born),
            }
            patients.append(add_dependant(user=patient.user, details=details))
    return patients


def make_month(
    *,
    doctors: list[Doctor],
    patients: list[Patient],
    receptionist: User,
    visits_a_day: float,
    now: datetime,
) -> None:
    """Book the month's visits and let the past ones happen, then add what else a clinic has.

    Everything is relative to `now`, and stays as it is at the first start of the demo. The slots have been
    generated from `opening_time` on.
    """
    opened_at, zone = opening_time(now), current_clinic().zone
    rng = Random(f"{current_clinic().slug}")  # noqa: S311  not a secret: every demo has the same visits
    close_days(doctors, by=receptionist, now=opened_at + timedelta(days=20))
    for doctor in doctors:
        generate_slots(doctor=doctor, now=opened_at + timedelta(days=20))
    visit_types = list(VisitType.objects.prefetch_related("doctors").order_by("position"))
    plan = plan_visits(
        _slot_times(now),
        [_length(visit_type) for visit_type in visit_types],
        patients=len(patients),
        visits_a_day=visits_a_day,
        zone=zone,
        now=now,
        opened_at=opened_at,
        rng=rng,
    )
    ledger = Ledger(now=now)
    visits = Visits(
        patients=patients,
        visit_types={visit_type.name: visit_type for visit_type in visit_types},
        staff=Staff(receptionist, {doctor.name: doctor.user for doctor in doctors if doctor.user}),
        ledger=ledger,
        now=now,
    )
    online = [patient for patient in patients if patient.user_id]
    # Emails to one patient were returned from last week on, so the later ones wait for staff.
    hold_emails_of(online[3], now=now - timedelta(days=9))
    with batch_cache():
        for number, visit in enumerate(plan):
            visits.carry_out(number, visit)
    _add_extras(doctors, patients, online, by=receptionist, now=now)
    ledger.finish()
    for doctor in doctors:
        generate_slots(doctor=doctor, now=now)


def _add_extras(
    doctors: list[Doctor], patients: list[Patient], online: list[Patient], *, by: User, now: datetime
) -> None:
    add_series(doctors[1], patients[-1], by=by, now=now)
    add_overbooking(patients[-3:], by=by, now=now)
    hold_times(doctors[:2], online[-2:], now=now)
    fill_waiting_list(doctors[:3], [*online[:4], *patients[-2:]], by=by, now=now)


def _slot_times(now: datetime) -> list[SlotTime]:
    zone = current_clinic().zone
    days = list(days_of(now, zone))
    rows = (
        Slot.objects.offered()
        .filter(
            starts_at__gte=day_start(days[0], zone),
            starts_at__lt=day_start(days[-1] + timedelta(days=1), zone),
        )
        .order_by("doctor__name", "starts_at")
    )
    return [SlotTime(*row) for row in rows.values_list("pk", "doctor__name", "starts_at", "ends_at")]


def _length(visit_type: VisitType) -> TypeLength:
    doctors = frozenset(doctor.name for doctor in visit_type.doctors.all())
    return TypeLength(visit_type.name, visit_type.duration_minutes, doctors)
