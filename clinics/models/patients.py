"""Patients (FHIR: Patient) and what the clinic must know to care for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.base.models import BaseModel


class Patient(BaseModel):
    """Someone who is cared for. Their user is who signs in for them; the name is the patient's own."""

    user = models.OneToOneField(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="patient",
        verbose_name=_("signs in as"),
        limit_choices_to={"role": User.Role.PATIENT},
    )
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    address = models.TextField(_("address"), blank=True)
    allergies = models.TextField(_("allergies"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    medication = models.TextField(_("medication"), blank=True)
    emergency_contact_name = models.CharField(_("emergency contact"), max_length=160, blank=True)
    emergency_contact_phone = models.CharField(_("emergency contact's telephone"), max_length=32, blank=True)
    insurance_provider = models.CharField(_("insurer"), max_length=120, blank=True)
    insurance_number = models.CharField(_("insurance number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ["last_name", "first_name", "id"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()
