"""How a clinic looks, where it is reached, and what its booking rules are."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.models.doctors import check_language
from clinics.planning import check_colour, check_readable_on_white, text_colour_on
from clinics.public_holidays import RegionUnknown, public_holidays
from tenants.base.clock import now


def default_languages() -> list[str]:
    """English, until a clinic says otherwise."""
    return ["en"]


def has_holidays(country: str, region: str) -> bool:
    """Whether it is known which days the country, or the region of it, keeps."""
    try:
        public_holidays(country, region, now().year)
    except RegionUnknown:
        return False
    return True


class ClinicSettings(models.Model):
    """The one row of settings in a clinic's schema."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    address = models.TextField(_("address"), blank=True)
    languages = ArrayField(
        models.CharField(max_length=35, validators=[check_language]),
        default=default_languages,
        verbose_name=_("languages"),
        help_text=_("Codes with commas between them, such as en, pt-BR."),
    )
    primary_color = models.CharField(
        _("main colour"), max_length=7, default="#0b5c8a", validators=[check_colour, check_readable_on_white]
    )
    accent_color = models.CharField(
        _("second colour"), max_length=7, default="#e8f1f7", validators=[check_colour]
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("days ahead that can be booked"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("usual length of an appointment in minutes"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    cancellation_notice_minutes = models.PositiveIntegerField(
        _("minutes before the start until which patients may cancel"),
        default=0,
        validators=[MaxValueValidator(30 * 24 * 60)],
    )
    reschedule_notice_minutes = models.PositiveIntegerField(
        _("minutes before the start until which patients may move their appointment"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(30 * 24 * 60)],
    )
    booking_notice_minutes = models.PositiveIntegerField(
        _("minutes of notice that patients give when they book"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(30 * 24 * 60)],
    )
    upcoming_limit = models.PositiveSmallIntegerField(
        _("upcoming appointments that a patient may have"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as they like. The clinic's people may book more."),
    )
    no_show_limit = models.PositiveSmallIntegerField(
        _("missed appointments after which the clinic confirms each booking"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Counted over a year. Empty: however many."),
    )
    hold_minutes = models.PositiveSmallIntegerField(
        _("minutes for which a time is held while the form is filled in"),
        default=10,
        db_default=10,
        validators=[MinValueValidator(2), MaxValueValidator(60)],
    )
    offer_minutes = models.PositiveSmallIntegerField(
        _("minutes that somebody on the waiting list has to take an offered time"),
        default=120,
        db_default=120,
        validators=[MinValueValidator(10), MaxValueValidator(2 * 24 * 60)],
    )
    quiet_from = models.TimeField(_("no offers at night from"), default=time(21), db_default=time(21))
    quiet_until = models.TimeField(_("until"), default=time(8), db_default=time(8))
    holiday_country = models.CharField(
        _("holidays of the country"),
        max_length=2,
        blank=True,
        db_default="",
        help_text=_("Its code, such as GB. Empty: the clinic keeps no holidays."),
    )
    holiday_region = models.CharField(
        _("and of the region"), max_length=10, blank=True, db_default="", help_text=_("Such as SCT.")
    )
    second_factor_for_doctors = models.BooleanField(_("doctors need a second step to sign in"), default=False)
    second_factor_for_desk = models.BooleanField(
        _("admins and receptionists need a second step to sign in"), default=False
    )

    class Meta:
        verbose_name = _("clinic settings")
        verbose_name_plural = _("clinic settings")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clinicsettings_is_one_row")]

    def __str__(self) -> str:
        return str(_("Clinic settings"))

    def clean(self) -> None:
        """Codes as they are known, and only those whose holidays are.

        :raises ValidationError: there is no such country, no such region of it, or a region without one
        """
        self.holiday_country = self.holiday_country.strip().upper()
        self.holiday_region = self.holiday_region.strip()
        if not self.holiday_country:
            if self.holiday_region:
                raise ValidationError({"holiday_country": _("Say of which country the region is.")})
            return
        if not has_holidays(self.holiday_country, ""):
            raise ValidationError({"holiday_country": _("The holidays of this country are not known.")})
        if not has_holidays(self.holiday_country, self.holiday_region):
            self.holiday_region = self.holiday_region.upper()
        if not has_holidays(self.holiday_country, self.holiday_region):
            raise ValidationError({"holiday_region": _("The holidays of this region are not known.")})

    @property
    def on_primary_color(self) -> str:
        """Black or white, whichever reads better on the main colour."""
        return text_colour_on(self.primary_color)

    @property
    def on_accent_color(self) -> str:
        """Black or white, whichever reads better on the second colour."""
        return text_colour_on(self.accent_color)
