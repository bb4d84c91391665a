"""Recurring visits."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor, Patient
from scheduling.models.clock_field import ClockField
from tenants.accounts.models import User
from tenants.base.clock import format_date_with_weekday
from tenants.base.models import BaseModel

MAX_VISITS = 52


class Series(BaseModel):
    """Recurring visits at the same local time. Each visit is a booking."""

    class Unit(models.TextChoices):
        """The unit of the interval between visits."""

        WEEK = "week", _("weeks")
        MONTH_DAY = "month_day", _("months, on the same day of the month")
        MONTH_WEEKDAY = "month_weekday", _("months, on the same weekday of the month")

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="series", verbose_name=_("patient")
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="series", verbose_name=_("doctor")
    )
    first_on = models.DateField(_("first day"))
    clock = ClockField(_("time"))
    unit = models.CharField(_("repeats by"), max_length=16, choices=Unit.choices)
    every = models.PositiveSmallIntegerField(
        _("weeks or months between visits"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    count = models.PositiveSmallIntegerField(
        _("number of visits"), validators=[MinValueValidator(2), MaxValueValidator(MAX_VISITS)]
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by"))

    class Meta:
        verbose_name = _("recurring visit")
        verbose_name_plural = _("recurring visits")
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return format_date_with_weekday(self.first_on)
