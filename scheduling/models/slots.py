"""Slots (FHIR: Slot): the bookable periods of a doctor."""

from datetime import datetime
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor
from scheduling.models.places import Place
from tenants.base.clock import format_staff_time
from tenants.base.models import BaseModel, BaseQuerySet


def time_range() -> Func:
    """Start to end as a half-open range: periods that only touch do not overlap."""
    return Func(F("starts_at"), F("ends_at"), function="tstzrange")


def bookings_taking_slot(now: datetime) -> QuerySet[Any]:
    """The bookings that take any part of the slot of the outer query at `now`."""
    bookings = apps.get_model("scheduling", "Booking").objects
    return (
        bookings.active(now=now)
        .overlapping(OuterRef("starts_at"), OuterRef("ends_at"))
        .filter(doctor=OuterRef("doctor"))
    )


class SlotQuerySet(BaseQuerySet["Slot"]):
    """Filters for slots."""

    def live(self) -> "SlotQuerySet":
        """Slots that have not been withdrawn, open or not."""
        return self.exclude(status=Slot.Status.WITHDRAWN)

    def offered(self) -> "SlotQuerySet":
        """Slots that patients may book unless they are taken."""
        return self.filter(status=Slot.Status.FREE, fits_hours=True)

    def untaken(self, *, now: datetime) -> "SlotQuerySet":
        """Slots of which no part is booked or held at `now`."""
        return self.filter(~Exists(bookings_taking_slot(now)))

    def starting_after(self, instant: datetime) -> "SlotQuerySet":
        """Slots that start after `instant`."""
        return self.filter(starts_at__gt=instant)


class Slot(BaseModel):
    """A bookable period of a doctor, half-open, in UTC. Only the bookings determine whether it is taken."""

    taken_by: "list[Any]"
    """The bookings that take any part of it; set by `with_bookings`."""

    class Status(models.TextChoices):
        """Whether the slot is offered."""

        FREE = "free", _("available")
        BLOCKED = "blocked", _("blocked")
        # Removed by staff. The row stays, so that the slot generator does not add the slot again.
        WITHDRAWN = "withdrawn", _("removed")

    class Origin(models.TextChoices):
        """How the slot was created. The slot generator changes only the slots it created."""

        HOURS = "hours", _("working hours")
        HAND = "hand", _("added by hand")

    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="slots", verbose_name=_("doctor")
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.FREE)
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place"),
        help_text=_("Leave empty for the clinic's main address."),
    )
    origin = models.CharField(_("source"), max_length=8, choices=Origin.choices, default=Origin.HAND)
    fits_hours = models.BooleanField(
        _("within working hours"),
        default=True,
        help_text=_("Off when a slot is booked but no longer within the doctor's working hours."),
    )

    objects: ClassVar = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["starts_at"], name="slot_by_start")]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="slot_ends_after_it_starts"),
            ExclusionConstraint(
                name="slot_doctor_is_in_one_place",
                expressions=[("doctor", RangeOperators.EQUAL), (time_range(), RangeOperators.OVERLAPS)],
                condition=~Q(status="withdrawn"),
                violation_error_message=_("This time overlaps another slot of this doctor."),
            ),
            models.UniqueConstraint(fields=["doctor", "starts_at", "ends_at"], name="slot_is_there_once"),
        ]

    @property
    def is_offered(self) -> bool:
        """Whether patients may book it unless it is taken: the same condition as `SlotQuerySet.offered`."""
        return self.status == Slot.Status.FREE and self.fits_hours

    def __str__(self) -> str:
        return f"{self.doctor}, {format_staff_time(self.starts_at)}"
