"""Doctors (FHIR: Practitioner) and what they practise."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.base.models import BaseModel

check_language = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", _("Write a language as its code, such as en or pt-BR.")
)
"""A language tag (BCP 47), which every client can show in its reader's own words."""


class Specialty(BaseModel):
    """A field of care a clinic offers. Its code is for programs and addresses, its name for people."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DoctorQuerySet(models.QuerySet["Doctor"]):
    """Doctors, in the clinic's words."""

    def bookable(self) -> "DoctorQuerySet":
        """Those whom patients can find."""
        return self.filter(is_active=True)


class Doctor(BaseModel):
    """Someone patients book time with. One without a user keeps no schedule of their own: the clinic does."""

    invitation = models.OneToOneField(
        "accounts.Invitation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="doctor",
    )
    """Through which somebody is about to become this doctor's user."""
    user = models.OneToOneField(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="doctor",
        verbose_name=_("signs in as"),
        limit_choices_to={"role": User.Role.DOCTOR},
    )
    title = models.CharField(_("title"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=160)
    specialties = models.ManyToManyField(
        Specialty, related_name="doctors", verbose_name=_("specialties"), blank=True
    )
    bio = models.TextField(_("about"), blank=True)
    years_of_experience = models.PositiveSmallIntegerField(
        _("years of experience"), default=0, validators=[MaxValueValidator(80)]
    )
    languages = ArrayField(
        models.CharField(max_length=35, validators=[check_language]),
        default=list,
        blank=True,
        verbose_name=_("languages"),
        help_text=_("Codes with commas between them, such as en, pt-BR."),
    )
    licence_number = models.CharField(_("licence number"), max_length=60, blank=True)
    accepting_new_patients = models.BooleanField(_("accepts new patients"), default=True)
    is_active = models.BooleanField(_("takes bookings"), default=True)
    day_limit = models.PositiveSmallIntegerField(
        _("bookings a day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    day_limit_minutes = models.PositiveSmallIntegerField(
        _("booked minutes a day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    week_limit = models.PositiveSmallIntegerField(
        _("bookings a week"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    week_limit_minutes = models.PositiveSmallIntegerField(
        _("booked minutes a week"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    schedule_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """One more with every change of the doctor's hours: a change made on an older version is refused."""

    objects: ClassVar = DoctorQuerySet.as_manager()

    class Meta:
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """Title and name, as on the door."""
        return f"{self.title} {self.name}".strip()
