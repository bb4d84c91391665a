"""Bookings (FHIR: Appointment), their history, and the stored responses of idempotent requests."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor, Patient
from scheduling.models.booking_states import TIME_TAKING_STATES
from scheduling.models.places import Place, Room
from scheduling.models.series import Series
from scheduling.models.slots import Slot, time_range
from scheduling.models.visit_types import VisitType
from tenants.accounts.models import User
from tenants.base.clock import format_staff_time
from tenants.base.models import BaseModel, BaseQuerySet, TimestampedModel, TimestampField

MAX_BOOKING_SPAN = timedelta(hours=13)
"""Longer than any booking: a visit lasts up to eight hours, with a buffer of up to four hours at one end."""


def _busy_range() -> Func:
    """The period a booking keeps its doctor and room busy: the visit with its buffers."""
    return Func(Coalesce("busy_from", "starts_at"), Coalesce("busy_until", "ends_at"), function="tstzrange")


class BookingQuerySet(BaseQuerySet["Booking"]):
    """Filters for bookings."""

    def taking_time(self) -> "BookingQuerySet":
        """Bookings in a state that takes their time, so that it cannot be booked again."""
        return self.filter(status__in=TIME_TAKING_STATES)

    def booked(self) -> "BookingQuerySet":
        """Bookings, without holds that never became a booking."""
        return self.filter(only_held=False)

    def not_cancelled(self) -> "BookingQuerySet":
        """Bookings that were not cancelled, without holds. They make their patient a known patient."""
        return self.booked().exclude(status="CANCELLED")

    def active(self, *, now: datetime) -> "BookingQuerySet":
        """Bookings that take their time at `now`. An expired hold does not, even before it is released."""
        return self.taking_time().exclude(status="HELD", held_until__lte=now)

    def overlapping(self, starts_at: Any, ends_at: Any) -> "BookingQuerySet":
        """Bookings that keep their doctor busy during any part of a half-open period."""
        return self.alias(
            _from=Coalesce("busy_from", "starts_at"), _until=Coalesce("busy_until", "ends_at")
        ).filter(
            _from__lt=ends_at,
            _until__gt=starts_at,
            # Implied by the conditions above, but these can use an index.
            starts_at__lt=ends_at + MAX_BOOKING_SPAN,
            starts_at__gt=starts_at - MAX_BOOKING_SPAN,
        )

    def upcoming(self, *, now: datetime) -> "BookingQuerySet":
        """Bookings that take their time and have not ended."""
        return self.taking_time().filter(ends_at__gt=now)

    def past(self, *, now: datetime) -> "BookingQuerySet":
        """Bookings that have ended or no longer take their time, such as cancelled ones."""
        return self.exclude(status__in=TIME_TAKING_STATES, ends_at__gt=now)

    def shown(self) -> "BookingQuerySet":
        """Fetch the related rows that pages and the API show, in a constant number of queries."""
        return self.select_related("doctor", "patient", "visit_type", "place", "room").prefetch_related(
            "doctor__specialties"
        )


class Booking(BaseModel):
    """A patient's appointment with a doctor. Never deleted; every change is recorded as a `BookingEvent`."""

    class Status(models.TextChoices):
        """The state of a booking."""

        HELD = "HELD", _("held")
        PENDING = "PENDING", _("awaiting approval")
        CONFIRMED = "CONFIRMED", _("confirmed")
        CHECKED_IN = "CHECKED_IN", _("checked in")
        IN_PROGRESS = "IN_PROGRESS", _("in progress")
        COMPLETED = "COMPLETED", _("completed")
        CANCELLED = "CANCELLED", _("cancelled")
        NO_SHOW = "NO_SHOW", _("no-show")

    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("slot")
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("doctor")
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("patient")
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.CONFIRMED)
    reason = models.TextField(_("reason for the visit"), blank=True)
    answers = models.JSONField(_("answers"), default=list, db_default=[], blank=True)
    """Answers to the visit type's questions as they were then: `[{"question", "text", "answer"}]`."""
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
    """`busy_from` to `busy_until` is the visit with its buffers; None: the visit has no buffer there."""
    overbooked = models.BooleanField(_("double booking"), default=False, db_default=False, editable=False)
    """Booked by staff in addition to another booking, and exempt from the doctor's exclusion constraint."""
    past_overlap = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether it had ended when its patient's record was merged with one that had a booking at the same time.
    Then it is exempt from the patient's exclusion constraint."""
    hand_placed = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether staff placed it at a time where no slot starts. Then it has no slot."""
    undo_until = models.DateTimeField(null=True, blank=True, editable=False)
    """Until when staff can undo their last move. While it is set, no message about the booking is sent.
    None: the move was announced, or there is nothing to undo."""
    held_until = models.DateTimeField(_("held until"), null=True, blank=True, editable=False)
    only_held = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether it is a hold, or was one that was never confirmed."""
    offset_minutes = models.SmallIntegerField(null=True, blank=True, editable=False)
    """The UTC offset of the local start that the patient was given. Later time zone data may differ."""
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    attendance_confirmed_at = models.DateTimeField(
        _("patient will come, said at"), null=True, blank=True, editable=False
    )
    """When the patient or a carer confirmed that they will come at this time. A reschedule clears it."""
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """Incremented when the time, doctor, place or visit type changes. Every message is about one version."""

    objects: ClassVar = BookingQuerySet.as_manager()

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
                condition=Q(slot__isnull=False) | Q(hand_placed=True) | ~Q(status__in=TIME_TAKING_STATES),
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
                condition=Q(status__in=TIME_TAKING_STATES, overbooked=False),
                name="booking_one_live_per_slot",
            ),
            ExclusionConstraint(
                name="booking_doctor_is_in_one_place",
                expressions=[("doctor", RangeOperators.EQUAL), (_busy_range(), RangeOperators.OVERLAPS)],
                condition=Q(status__in=TIME_TAKING_STATES, overbooked=False),
            ),
            ExclusionConstraint(
                name="booking_room_is_used_once",
                expressions=[("room", RangeOperators.EQUAL), (_busy_range(), RangeOperators.OVERLAPS)],
                condition=Q(status__in=TIME_TAKING_STATES, room__isnull=False),
            ),
            ExclusionConstraint(
                name="booking_patient_is_in_one_place",
                expressions=[("patient", RangeOperators.EQUAL), (time_range(), RangeOperators.OVERLAPS)],
                condition=Q(status__in=TIME_TAKING_STATES, past_overlap=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{format_staff_time(self.starts_at)}, {self.get_status_display()}"


class BookingEventQuerySet(BaseQuerySet["BookingEvent"]):
    """Filters for events."""

    def effective(self) -> "BookingEventQuerySet":
        """Events about which messages are sent: without moves that were undone, and without their undoing."""
        return self.exclude(details__has_key="undone").exclude(details__has_key="undoes")


class BookingEvent(BaseModel):
    """A change of a booking, who made it and why. Messages to patients are sent for these events."""

    class Kind(models.TextChoices):
        """The kind of change."""

        HELD = "held", _("held")
        RELEASED = "released", _("hold released")
        BOOKED = "booked", _("booked")
        CONFIRMED = "confirmed", _("confirmed")
        RESCHEDULED = "rescheduled", _("rescheduled")
        DETAILS_CHANGED = "details_changed", _("details changed")
        CANCELLED = "cancelled", _("cancelled")
        CHECKED_IN = "checked_in", _("checked in")
        STARTED = "started", _("started")
        COMPLETED = "completed", _("completed")
        REOPENED = "reopened", _("last step undone")
        NO_SHOW = "no_show", _("no-show")
        ATTENDANCE_CONFIRMED = "attendance_confirmed", _("patient will come")
        ANSWERED = "answered", _("questions answered")
        WRITTEN_TO = "written_to", _("message sent to the patient")

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("event"), max_length=24, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    note = models.TextField(_("note"), blank=True)
    """A reason for the others: what staff write here is emailed to the patient, and the reverse."""
    private_note = models.TextField(_("private note"), blank=True, db_default="")
    """A reason that only staff read: it is in no message, webhook or export of the patient's data."""
    details = models.JSONField(default=dict, db_default={}, editable=False)
    """For a new booking and a reschedule, the `status` that the booking got. For a reschedule also the new
    `version` and the previous `starts_at` and `ends_at` (UTC), `slot`, `doctor`, `place`, `visit_type` and
    `visit_type_name`; if staff moved it, also what `moving/records.py` adds. For changed details, the new
    `version` and what changed (`address`, `doctor`). For a cancellation before a move was announced, the
    `announced` time."""

    objects: ClassVar = BookingEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class IdempotentAnswer(TimestampedModel):
    """The response to a request with an `Idempotency-Key`, returned again when the request is repeated.

    It is committed together with the booking, so neither exists without the other.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = TimestampField(db_index=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotentanswer_one_per_key")]

    def __str__(self) -> str:
        return self.key
