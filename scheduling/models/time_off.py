"""Time off: leave, breaks and holidays (FHIR: Schedule, PractitionerRole.notAvailable)."""

from collections.abc import Collection
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor
from scheduling.models.bookings import Booking
from scheduling.models.clock_field import ClockField
from scheduling.models.hours import MIDNIGHT
from scheduling.models.slots import Slot
from tenants.accounts.models import User
from tenants.base.clock import format_date_with_weekday
from tenants.base.models import BaseModel, BaseQuerySet, TimestampedModel
from tenants.base.weekdays import Weekday


def every_day() -> list[int]:
    """Monday to Sunday."""
    return list(range(7))


class TimeOffQuerySet(BaseQuerySet["TimeOff"]):
    """Filters for time off."""

    def standing(self) -> "TimeOffQuerySet":
        """Time off that has not been revoked."""
        return self.filter(undone_at=None)

    def applying_to(self, doctor: Doctor) -> "TimeOffQuerySet":
        """The doctor's own time off and the whole clinic's."""
        return self.filter(Q(doctor=doctor) | Q(doctor=None))


class TimeOff(BaseModel):
    """Time off from `opens` to `closes` on some weekdays of a range of dates.

    Dates and times are those of the place where the doctor works. A holiday lasts from 00:00 to 24:00 on
    consecutive days; a lunch break lasts an hour on every weekday.
    """

    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="time_off",
        verbose_name=_("doctor"),
        help_text=_("Leave empty to close the whole clinic."),
    )
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Leave empty if it has no end.")
    )
    opens = ClockField(_("from"), default=0)
    closes = ClockField(_("until"), default=MIDNIGHT, help_text=_("Enter 24:00 for the end of the day."))
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday.choices), default=every_day, verbose_name=_("on")
    )
    note = models.CharField(_("reason"), max_length=120, blank=True)
    by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    undone_at = models.DateTimeField(_("removed at"), null=True, blank=True, editable=False)

    objects: ClassVar = TimeOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("period of time off")
        verbose_name_plural = _("periods of time off")
        ordering = ["first_on", "opens", "id"]
        indexes = [models.Index(fields=["doctor", "first_on"], name="timeoff_by_doctor")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes"), closes__lte=MIDNIGHT), name="timeoff_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")), name="timeoff_last_is_after_first"
            ),
            models.CheckConstraint(condition=Q(weekdays__len__gte=1), name="timeoff_is_on_some_day"),
        ]

    def __str__(self) -> str:
        owner = self.doctor or _("the whole clinic")
        first = date_format(self.first_on)
        if self.last_on is None:
            return _("%(owner)s, from %(first)s") % {"owner": owner, "first": first}
        if self.first_on == self.last_on:
            return f"{owner}, {first}"
        values = {"owner": owner, "first": first, "last": date_format(self.last_on)}
        return _("%(owner)s, %(first)s to %(last)s") % values

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Do nothing: the planner checks it with better messages, and Postgres enforces the rules."""


class TimeOffEffect(TimestampedModel):
    """How a time off changed a booking, stored so that the change can be reverted."""

    class Done(models.TextChoices):
        """The change of the booking."""

        CANCELLED = "cancelled", _("cancelled")
        MOVED = "moved", _("rescheduled")

    time_off = models.ForeignKey(TimeOff, on_delete=models.CASCADE, related_name="effects")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="+")
    done = models.CharField(max_length=12, choices=Done.choices)
    old_slot = models.ForeignKey(Slot, on_delete=models.SET_NULL, null=True, related_name="+")
    old_starts_at = models.DateTimeField()
    old_ends_at = models.DateTimeField()

    class Meta:
        ordering = ["old_starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["time_off", "booking"], name="timeoffeffect_one_per_booking")
        ]

    def __str__(self) -> str:
        return self.done


class HolidayChoice(BaseModel):
    """A date on which the clinic differs from its public-holiday calendar."""

    day = models.DateField(_("day"), unique=True)
    is_open = models.BooleanField(
        _("open"),
        default=True,
        help_text=_("Tick to open on a public holiday. Leave unticked to close on a day that is not one."),
    )
    name = models.CharField(_("name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("holiday exception")
        verbose_name_plural = _("holiday exceptions")
        ordering = ["day"]

    def __str__(self) -> str:
        return format_date_with_weekday(self.day)
