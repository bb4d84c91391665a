"""Names bookings and other records of the schedule in the audit log, and finds those of a patient."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinics.audit_records import patients_matching
from scheduling.models import Booking, DatedException, Series, Slot, TimeOff, WaitlistEntry
from tenants.accounts.audit.records import describes, patient_records
from tenants.base.clock import format_date_with_weekday, format_staff_time


@describes("scheduling.booking")
def _bookings(ids: Collection[str]) -> Mapping[str, str]:
    text = _("Booking of %(patient)s, %(time)s")
    rows = Booking.objects.filter(pk__in=ids).select_related("patient")
    return {
        str(row.pk): text % {"patient": row.patient, "time": format_staff_time(row.starts_at)} for row in rows
    }


@describes("scheduling.waitlistentry")
def _waitlist_entries(ids: Collection[str]) -> Mapping[str, str]:
    rows = WaitlistEntry.objects.filter(pk__in=ids).select_related("patient")
    return {str(row.pk): f"{row.patient}, {row}" for row in rows}


@describes("scheduling.series")
def _series(ids: Collection[str]) -> Mapping[str, str]:
    rows = Series.objects.filter(pk__in=ids).select_related("patient")
    return {str(row.pk): f"{row.patient}, {row}" for row in rows}


@describes("scheduling.slot")
def _slots(ids: Collection[str]) -> Mapping[str, str]:
    return {str(row.pk): str(row) for row in Slot.objects.filter(pk__in=ids).select_related("doctor")}


@describes("scheduling.timeoff")
def _time_off(ids: Collection[str]) -> Mapping[str, str]:
    return {str(row.pk): str(row) for row in TimeOff.objects.filter(pk__in=ids).select_related("doctor")}


@describes("scheduling.datedexception")
def _exceptions(ids: Collection[str]) -> Mapping[str, str]:
    rows = DatedException.objects.filter(pk__in=ids).select_related("doctor")
    return {str(row.pk): f"{row.doctor}, {format_date_with_weekday(row.day)}" for row in rows}


@patient_records
def _records_of_patients(text: str) -> Iterable[tuple[str, QuerySet[Any]]]:
    patients = patients_matching(text)
    yield "scheduling.booking", Booking.objects.filter(patient__in=patients)
    yield "scheduling.waitlistentry", WaitlistEntry.objects.filter(patient__in=patients)
    yield "scheduling.series", Series.objects.filter(patient__in=patients)
