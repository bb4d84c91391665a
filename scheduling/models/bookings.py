"""Bookings (FHIR: Appointment), their history, and the answers that a repeated request gets again."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor, Patient
from scheduling.models.slots import Slot, period
from scheduling.models.states import TAKING
from tenants.accounts.models import User
from tenants.base.models import BaseModel


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings, in the clinic's words."""

    def taking(self) -> "BookingQuerySet":
        """Those that take their time, so that nobody else gets it."""
        return self.filter(status__in=TAKING)

    def upcoming(self, *, now: datetime) -> "BookingQuerySet":
        """Those still to come or going on."""
        return self.taking().filter(ends_at__gt=now)

    def past(self, *, now: datetime) -> "BookingQuerySet":
        """Those that are over, by time or by being cancelled."""
        return self.exclude(status__in=TAKING, ends_at__gt=now)

    def shown(self) -> "BookingQuerySet":
        """With all that is shown of a booking, at a constant number of queries."""
        return self.select_related("doctor", "patient").prefetch_related("doctor__specialties")


class Booking(BaseModel):
    """A patient's claim on a doctor's time. Never deleted; every change of it is an event."""

    class Status(models.TextChoices):
        """Where a booking is in its life."""

        HELD = "HELD", _("held")
        PENDING = "PENDING", _("awaiting approval")
        CONFIRMED = "CONFIRMED", _("confirmed")
        CHECKED_IN = "CHECKED_IN", _("checked in")
        COMPLETED = "COMPLETED", _("completed")
        CANCELLED = "CANCELLED", _("cancelled")
        NO_SHOW = "NO_SHOW", _("did not come")

    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("slot")
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("doctor")
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("patient")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.CONFIRMED)
    reason = models.TextField(_("reason for the visit"), blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["patient", "starts_at"], name="booking_by_patient")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="booking_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(slot__isnull=False) | ~Q(status__in=TAKING),
                name="booking_that_takes_time_has_a_slot",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) ^ Q(status="CANCELLED"), name="booking_cancelled_has_a_time"
            ),
            models.UniqueConstraint(
                fields=["slot"], condition=Q(status__in=TAKING), name="booking_one_live_per_slot"
            ),
            ExclusionConstraint(
                name="booking_doctor_is_in_one_place",
                expressions=[("doctor", RangeOperators.EQUAL), (period(), RangeOperators.OVERLAPS)],
                condition=Q(status__in=TAKING),
            ),
            ExclusionConstraint(
                name="booking_patient_is_in_one_place",
                expressions=[("patient", RangeOperators.EQUAL), (period(), RangeOperators.OVERLAPS)],
                condition=Q(status__in=TAKING),
            ),
        ]

    def __str__(self) -> str:
        return f"{localtime(self.starts_at):%a %d %b %Y %H:%M} {self.get_status_display()}"


class BookingEvent(BaseModel):
    """What happened to a booking, who did it and why: its history, and the fact that others read, in one."""

    class Kind(models.TextChoices):
        """What happened."""

        BOOKED = "booked", _("booked")
        CANCELLED = "cancelled", _("cancelled")

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    note = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class IdempotentAnswer(models.Model):
    """The first answer to a request that carried an `Idempotency-Key`, given again to its repeats.

    Committed with the booking it answers for, so there is never one without the other.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotentanswer_one_per_key")]

    def __str__(self) -> str:
        return self.key
