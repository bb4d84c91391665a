"""A clinic's contact details, colours and booking rules."""

from datetime import time
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.models.doctors import check_language
from clinics.models.public_rows import PublicQuerySet
from clinics.planning import check_colour, check_readable_on_white, text_colour_on
from clinics.public_holidays import RegionUnknown, public_holidays
from clinics.reminder_offsets import check_reminder_offsets, default_reminder_minutes
from tenants.base.clock import now
from tenants.base.email_addresses import EmailAddressField
from tenants.base.models import TimestampedModel


def default_languages() -> list[str]:
    """Return English, the default for a new clinic."""
    return ["en"]


def has_holidays(country: str, region: str) -> bool:
    """Return whether the public holidays of the country, or of its region, are known."""
    try:
        public_holidays(country, region, now().year)
    except RegionUnknown:
        return False
    return True


class ClinicSettings(TimestampedModel):
    """The one row of settings in a clinic's schema."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    email = EmailAddressField(_("email address"), blank=True)
    address = models.TextField(_("address"), blank=True)
    languages = ArrayField(
        models.CharField(max_length=35, validators=[check_language]),
        default=default_languages,
        verbose_name=_("languages"),
        help_text=_("Languages spoken at the clinic: codes separated by commas, for example en, pt-BR."),
    )
    primary_color = models.CharField(
        _("main colour"), max_length=7, default="#0b5c8a", validators=[check_colour, check_readable_on_white]
    )
    accent_color = models.CharField(
        _("second colour"), max_length=7, default="#e8f1f7", validators=[check_colour]
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("how far ahead patients can book (days)"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("standard appointment length (minutes)"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    cancellation_notice_minutes = models.PositiveIntegerField(
        _("minimum notice for cancelling (minutes)"),
        default=0,
        validators=[MaxValueValidator(30 * 24 * 60)],
        help_text=_("How long before the start patients can still cancel. One day is 1440 minutes."),
    )
    reschedule_notice_minutes = models.PositiveIntegerField(
        _("minimum notice for rescheduling (minutes)"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(30 * 24 * 60)],
        help_text=_("How long before the start patients can still reschedule. One day is 1440 minutes."),
    )
    booking_notice_minutes = models.PositiveIntegerField(
        _("minimum notice for booking (minutes)"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(30 * 24 * 60)],
        help_text=_("How long before the start patients can still book. One day is 1440 minutes."),
    )
    upcoming_limit = models.PositiveSmallIntegerField(
        _("maximum upcoming appointments per patient"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty for no limit. Staff can book more."),
    )
    unconfirmed_limit = models.PositiveSmallIntegerField(
        _("upcoming bookings before the email address is confirmed"),
        default=2,
        db_default=2,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "The most upcoming bookings of an account whose email address is not confirmed, "
            "with those of the people it cares for. Holds count too."
        ),
    )
    ask_date_of_birth = models.BooleanField(
        _("ask new patients for their date of birth"),
        default=False,
        db_default=False,
        help_text=_("New patients then enter it when they book for the first time."),
    )
    online_check_in = models.BooleanField(
        _("patients can check in online"),
        default=False,
        db_default=False,
        help_text=_(
            "For appointments in person. Patients then tell the clinic on their phone that they have "
            "arrived, from 60 minutes before the start. Print the sign with the QR code for the door."
        ),
    )
    no_show_limit = models.PositiveSmallIntegerField(
        _("no-shows after which staff must confirm each booking"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Counted over the last 12 months. Leave empty for no limit."),
    )
    hold_minutes = models.PositiveSmallIntegerField(
        _("how long a time is held during booking (minutes)"),
        default=10,
        db_default=10,
        validators=[MinValueValidator(2), MaxValueValidator(60)],
    )
    offer_minutes = models.PositiveSmallIntegerField(
        _("time to answer a waiting list offer (minutes)"),
        default=120,
        db_default=120,
        validators=[MinValueValidator(10), MaxValueValidator(2 * 24 * 60)],
    )
    quiet_from = models.TimeField(
        _("send no reminders or offers from"), default=time(21), db_default=time(21)
    )
    quiet_until = models.TimeField(_("until"), default=time(8), db_default=time(8))
    reminder_minutes = ArrayField(
        models.PositiveIntegerField(),
        default=default_reminder_minutes,
        db_default=default_reminder_minutes(),
        blank=True,
        validators=[check_reminder_offsets],
        verbose_name=_("reminders before each visit"),
    )
    """Minutes before the start of a visit. Visit types can have their own."""
    holiday_country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        db_default="",
        help_text=_(
            "The country code, for example GB. The clinic closes on its public holidays. "
            "Leave empty to stay open on all public holidays."
        ),
    )
    holiday_region = models.CharField(
        _("region"),
        max_length=10,
        blank=True,
        db_default="",
        help_text=_("The region code, for example SCT for Scotland."),
    )
    second_factor_for_doctors = models.BooleanField(_("require two-step sign-in for doctors"), default=False)
    second_factor_for_desk = models.BooleanField(
        _("require two-step sign-in for admins and receptionists"), default=False
    )
    desk_sees_clinical = models.BooleanField(
        _("front desk can see medical details"),
        default=False,
        db_default=False,
        help_text=_(
            "Admins and receptionists then see allergies, conditions, medication and the answers to a visit "
            "type's questions. Doctors always see those of their own patients."
        ),
    )

    objects: ClassVar = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("clinic settings")
        verbose_name_plural = _("clinic settings")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clinicsettings_is_one_row")]

    pictures = models.JSONField(default=dict, db_default={}, editable=False)
    """Digest, width and height of each `ClinicPicture` by kind. Pages need not read the pictures."""
    staff_idle_minutes = models.PositiveSmallIntegerField(
        _("sign staff out after (minutes without activity)"),
        default=30,
        db_default=30,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
        help_text=_("Applies to doctors, receptionists and admins. Patients stay signed in."),
    )

    def __str__(self) -> str:
        return str(_("Clinic settings"))

    def clean(self) -> None:
        """Normalise the codes of country and region, and check that their public holidays are known.

        :raises ValidationError: the country or region is unknown, or a region is given without its country
        """
        self.holiday_country = self.holiday_country.strip().upper()
        self.holiday_region = self.holiday_region.strip()
        if not self.holiday_country:
            if self.holiday_region:
                raise ValidationError({"holiday_country": _("Enter the country of this region.")})
            return
        if not has_holidays(self.holiday_country, ""):
            raise ValidationError(
                {
                    "holiday_country": _(
                        "The public holidays of this country are not known. Check the country code."
                    )
                }
            )
        if not has_holidays(self.holiday_country, self.holiday_region):
            self.holiday_region = self.holiday_region.upper()
        if not has_holidays(self.holiday_country, self.holiday_region):
            raise ValidationError(
                {
                    "holiday_region": _(
                        "The public holidays of this region are not known. Check the region code."
                    )
                }
            )

    @property
    def one_line_address(self) -> str:
        """The address on one line, for maps and texts."""
        return ", ".join(line.strip() for line in self.address.splitlines() if line.strip())

    @property
    def on_primary_color(self) -> str:
        """Text colour on the main colour: white, or black where white has too little contrast."""
        return text_colour_on(self.primary_color)

    @property
    def on_accent_color(self) -> str:
        """Text colour on the second colour: white, or black where white has too little contrast."""
        return text_colour_on(self.accent_color)
