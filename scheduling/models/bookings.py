"""Bookings (FHIR: Appointment), their history, and the answers that a repeated request gets again."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor, Patient
from scheduling.models.places import Place, Room
from scheduling.models.series import Series
from scheduling.models.slots import Slot, period
from scheduling.models.states import TAKING
from scheduling.models.visits import VisitType
from tenants.accounts.models import User
from tenants.base.models import BaseModel

REACH = timedelta(hours=13)
"""No booking reaches further from its start: it lasts up to eight hours, and keeps four free around it."""


def _busy_range() -> Func:
    """The time that a booking keeps its doctor and room: with what is kept free before and after."""
    return Func(Coalesce("busy_from", "starts_at"), Coalesce("busy_until", "ends_at"), function="tstzrange")


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings, in the clinic's words."""

    def taking(self) -> "BookingQuerySet":
        """Those that take their time, so that nobody else gets it."""
        return self.filter(status__in=TAKING)

    def made(self) -> "BookingQuerySet":
        """Those somebody has booked: not what only ever was a hold."""
        return self.filter(only_held=False)

    def making_known(self) -> "BookingQuerySet":
        """Those by which a patient is known at the clinic, and to the doctor: all but what was given up."""
        return self.made().exclude(status="CANCELLED")

    def alive(self, *, now: datetime) -> "BookingQuerySet":
        """Those that take their time at `now`. A hold that has ended does not, cleared away or not."""
        return self.taking().exclude(status="HELD", held_until__lte=now)

    def overlapping(self, starts_at: Any, ends_at: Any) -> "BookingQuerySet":
        """Those that keep their doctor at some time of a half-open period."""
        return self.alias(
            _from=Coalesce("busy_from", "starts_at"), _until=Coalesce("busy_until", "ends_at")
        ).filter(
            _from__lt=ends_at,
            _until__gt=starts_at,
            # The same again, as far as an index can tell.
            starts_at__lt=ends_at + REACH,
            starts_at__gt=starts_at - REACH,
        )

    def upcoming(self, *, now: datetime) -> "BookingQuerySet":
        """Those still to come or going on."""
        return self.taking().filter(ends_at__gt=now)

    def past(self, *, now: datetime) -> "BookingQuerySet":
        """Those that are over, by time or by being cancelled."""
        return self.exclude(status__in=TAKING, ends_at__gt=now)

    def shown(self) -> "BookingQuerySet":
        """With all that is shown of a booking, at a constant number of queries."""
        return self.select_related("doctor", "patient", "visit_type", "place", "room").prefetch_related(
            "doctor__specialties"
        )


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
    answers = models.JSONField(_("answers"), default=list, db_default=[], blank=True)
    """To the questions of the visit type, as asked then: `[{"question", "text", "answer"}]`."""
    visit_type = models.ForeignKey(
        VisitType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("visit type"),
    )
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("room")
    )
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="bookings"
    )
    busy_from = models.DateTimeField(null=True, blank=True, editable=False)
    busy_until = models.DateTimeField(null=True, blank=True, editable=False)
    """What the visit type keeps free around the visit included; None: exactly the visit."""
    overbooked = models.BooleanField(
        _("in addition to another"), default=False, db_default=False, editable=False
    )
    """Made by staff though the time was taken. It stands outside the constraints on the doctor's time."""
    held_until = models.DateTimeField(_("held until"), null=True, blank=True, editable=False)
    only_held = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether it is, or only ever was, a hold: nobody has booked it."""
    offset_minutes = models.SmallIntegerField(null=True, blank=True, editable=False)
    """How far the wall clock is from UTC at the start, as it was told: a later law may move the clock."""
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["patient", "starts_at"], name="booking_by_patient"),
            models.Index(fields=["doctor", "starts_at"], name="booking_by_doctor"),
            models.Index(fields=["starts_at"], name="booking_by_start"),
            models.Index(
                fields=["doctor", "starts_at"], name="booking_overbooked", condition=Q(overbooked=True)
            ),
        ]
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
            models.CheckConstraint(
                condition=(Q(busy_from=None) | Q(busy_from__lte=F("starts_at")))
                & (Q(busy_until=None) | Q(busy_until__gte=F("ends_at"))),
                name="booking_buffers_lie_around_it",
            ),
            models.CheckConstraint(
                condition=~Q(status="HELD") | Q(held_until__isnull=False, only_held=True),
                name="booking_hold_has_an_end",
            ),
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(status__in=TAKING, overbooked=False),
                name="booking_one_live_per_slot",
            ),
            ExclusionConstraint(
                name="booking_doctor_is_in_one_place",
                expressions=[("doctor", RangeOperators.EQUAL), (_busy_range(), RangeOperators.OVERLAPS)],
                condition=Q(status__in=TAKING, overbooked=False),
            ),
            ExclusionConstraint(
                name="booking_room_is_used_once",
                expressions=[("room", RangeOperators.EQUAL), (_busy_range(), RangeOperators.OVERLAPS)],
                condition=Q(status__in=TAKING, room__isnull=False),
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

        HELD = "held", _("held")
        RELEASED = "released", _("hold ended")
        BOOKED = "booked", _("booked")
        CONFIRMED = "confirmed", _("approved")
        RESCHEDULED = "rescheduled", _("moved to another time")
        CANCELLED = "cancelled", _("cancelled")
        CHECKED_IN = "checked_in", _("checked in")
        COMPLETED = "completed", _("completed")
        NO_SHOW = "no_show", _("did not come")

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    note = models.TextField(_("why"), blank=True)
    details = models.JSONField(default=dict, db_default={}, editable=False)
    """What the booking was before: of a moved one `starts_at`, `ends_at` (UTC), `slot` and `doctor`."""

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
