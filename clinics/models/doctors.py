"""Doctors (FHIR: Practitioner) and their specialties."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.models.public_rows import PublicQuerySet
from tenants.accounts.models import User
from tenants.base.models import BaseModel

check_language = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", _("Enter a language code, for example en or pt-BR.")
)
"""A language tag (BCP 47). Clients show it as a name in the reader's language."""


class Specialty(BaseModel):
    """A field of care that a clinic offers. The code is used in the API and in URLs, the name on pages."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)

    objects: ClassVar = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DoctorQuerySet(PublicQuerySet["Doctor"]):
    """Filters for doctors."""

    def bookable(self) -> "DoctorQuerySet":
        """Return the doctors whom patients can find."""
        return self.filter(is_active=True)


class Doctor(BaseModel):
    """A doctor whom patients can book. The front desk manages the schedule of a doctor without a user."""

    invitation = models.OneToOneField(
        "accounts.Invitation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="doctor",
    )
    """An open invitation; the person who accepts it becomes this doctor's user."""
    user = models.OneToOneField(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="doctor",
        verbose_name=_("signs in as"),
        limit_choices_to={"role": User.Role.DOCTOR},
    )

    class Sex(models.TextChoices):
        """The sex that patients can search for (FHIR: gender). Empty: the doctor does not state it."""

        FEMALE = "female", _("female")
        MALE = "male", _("male")

    title = models.CharField(_("title"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=160)
    specialties = models.ManyToManyField(
        Specialty, related_name="doctors", verbose_name=_("specialties"), blank=True
    )
    qualification = models.CharField(
        _("qualifications"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_("Shown after the name, for example MBBS, MRCGP."),
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
        help_text=_("Language codes separated by commas, for example en, pt-BR."),
    )
    sex = models.CharField(
        _("sex"),
        max_length=8,
        choices=Sex.choices,
        blank=True,
        db_default="",
        help_text=_("Patients can search by it. Leave empty if the doctor does not want to state it."),
    )
    licence_number = models.CharField(_("licence number"), max_length=60, blank=True)
    accepting_new_patients = models.BooleanField(_("accepts new patients"), default=True)
    is_active = models.BooleanField(_("can be booked"), default=True)
    day_limit = models.PositiveSmallIntegerField(
        _("bookings per day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    day_limit_minutes = models.PositiveSmallIntegerField(
        _("booked minutes per day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    week_limit = models.PositiveSmallIntegerField(
        _("bookings per week"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    week_limit_minutes = models.PositiveSmallIntegerField(
        _("booked minutes per week"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    photo_digest = models.CharField(max_length=32, blank=True, db_default="", default="", editable=False)
    """The digest of the `DoctorPhoto`; empty without one. Lists need not read the photos."""
    schedule_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """Incremented with every change of the working hours. A change based on an older version is rejected."""

    objects: ClassVar = DoctorQuerySet.as_manager()

    class Meta:
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """Title and name."""
        return f"{self.title} {self.name}".strip()
