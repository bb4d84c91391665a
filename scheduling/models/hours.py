"""Working hours of a doctor: weekly hours, and exceptions for single dates."""

from collections.abc import Collection

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor
from scheduling.clock.planning import LONGEST_SLOT, SHORTEST_SLOT
from scheduling.models.clock_field import ClockField, clock_range
from scheduling.models.places import Place
from tenants.base.clock import format_date_with_weekday
from tenants.base.models import BaseModel, TimestampedModel
from tenants.base.weekdays import Weekday

MIDNIGHT = 24 * 60

_SLOT_LENGTH_VALIDATORS = [MinValueValidator(SHORTEST_SLOT), MaxValueValidator(LONGEST_SLOT)]


def _minutes_range() -> Func:
    """Opening to closing time as a half-open range of minutes."""
    return Func(F("opens"), F("closes"), function="int4range")


class Weeks(models.IntegerChoices):
    """The weeks in which hours apply."""

    EVERY = 0, _("every week")
    A = 1, _("A weeks")
    B = 2, _("B weeks")


def _weeks_range() -> Func:
    """The weeks in which hours apply, as a half-open range: 1 is an A week, 2 a B week."""
    return Func(
        Case(When(weeks=Weeks.B, then=Value(2)), default=Value(1)),
        Case(When(weeks=Weeks.A, then=Value(2)), default=Value(3)),
        function="int4range",
    )


def _place_or_clinic() -> Func:
    """The place; the nil UUID stands for the clinic's own address, since NULL would equal nothing."""
    return Func(
        F("place"), template="coalesce(%(expressions)s, '00000000-0000-0000-0000-000000000000'::uuid)"
    )


class WorkingHours(BaseModel):
    """One interval of a doctor's weekly hours, in the local time of its place."""

    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="working_hours", verbose_name=_("doctor")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = ClockField(_("opens"))
    closes = ClockField(_("closes"), help_text=_("Enter 24:00 for the end of the day."))
    slot_minutes = models.PositiveSmallIntegerField(
        _("appointment length (minutes)"), validators=_SLOT_LENGTH_VALIDATORS
    )
    weeks = models.PositiveSmallIntegerField(
        _("weeks"), choices=Weeks.choices, default=Weeks.EVERY, db_default=Weeks.EVERY
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place"),
        help_text=_("Leave empty for the clinic's main address."),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("working period")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "opens", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes"), closes__lte=MIDNIGHT),
                name="workinghours_close_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=SHORTEST_SLOT, slot_minutes__lte=LONGEST_SLOT),
                name="workinghours_slot_length_is_sensible",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="workinghours_end_after_they_begin",
            ),
            ExclusionConstraint(
                name="workinghours_of_a_day_do_not_overlap",
                expressions=[
                    ("doctor", RangeOperators.EQUAL),
                    # Hours at two places may be in two time zones, which the planner compares in real time.
                    (_place_or_clinic(), RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (_weeks_range(), RangeOperators.OVERLAPS),
                    (_minutes_range(), RangeOperators.OVERLAPS),
                    (
                        Func(F("valid_from"), F("valid_until"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("These hours overlap other hours on the same day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label}, {clock_range(self.opens, self.closes)}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Do nothing: the planner checks the week with better messages, and Postgres enforces the rules."""


class DatedException(BaseModel):
    """The hours of a doctor on one date instead of the weekly hours. No intervals: the doctor is off."""

    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="exceptions", verbose_name=_("doctor")
    )
    day = models.DateField(_("day"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("appointment length (minutes)"), validators=_SLOT_LENGTH_VALIDATORS
    )
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )

    class Meta:
        verbose_name = _("exception to working hours")
        verbose_name_plural = _("exceptions to working hours")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["doctor", "day"], name="datedexception_one_per_day")]

    def __str__(self) -> str:
        return format_date_with_weekday(self.day)


class ExceptionInterval(TimestampedModel):
    """An interval of a dated exception, in the local time of its place."""

    exception = models.ForeignKey(DatedException, on_delete=models.CASCADE, related_name="intervals")
    opens = ClockField(_("opens"))
    closes = ClockField(_("closes"), help_text=_("Enter 24:00 for the end of the day."))

    class Meta:
        verbose_name = _("working period")
        verbose_name_plural = _("working hours on that day")
        ordering = ["opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes"), closes__lte=MIDNIGHT),
                name="exceptioninterval_closes_after_opening",
            ),
            ExclusionConstraint(
                name="exceptioninterval_do_not_overlap",
                expressions=[
                    ("exception", RangeOperators.EQUAL),
                    (_minutes_range(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("These hours overlap other hours on the same day."),
            ),
        ]

    def __str__(self) -> str:
        return clock_range(self.opens, self.closes)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Do nothing: the planner checks the day with better messages, and Postgres enforces the rules."""
