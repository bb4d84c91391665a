"""Patients (FHIR: Patient) and what the clinic must know to care for them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.base.models import BaseModel


class PatientQuerySet(models.QuerySet["Patient"]):
    """Patients, in the clinic's words."""

    def known(self) -> "PatientQuerySet":
        """Those whose personal data is still here."""
        return self.filter(erased_at=None)

    def of_user(self, user: User) -> "PatientQuerySet":
        """The patient who signs in as `user`, and those they care for."""
        cared_for = Care.objects.filter(dependant=models.OuterRef("pk"), carer__user=user)
        return self.known().filter(models.Q(user=user) | models.Exists(cared_for))


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
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    """When their personal data went. What is left stands for them in the history of bookings."""

    objects: ClassVar = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ["last_name", "first_name", "id"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name; of somebody whose data was erased, that they were here."""
        if self.erased_at:
            return str(_("Former patient"))
        return f"{self.first_name} {self.last_name}".strip()


class Care(BaseModel):
    """That one patient cares for another: a parent for a child, somebody for their old father.

    Several may care for the same patient, and who cares may be cared for in turn.
    """

    carer = models.ForeignKey(
        Patient,
        on_delete=models.CASCADE,
        related_name="cares",
        verbose_name=_("who cares"),
        limit_choices_to={"user__isnull": False},
    )
    dependant = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="cared_for_by", verbose_name=_("who is cared for")
    )

    class Meta:
        verbose_name = _("person who cares")
        verbose_name_plural = _("people who care")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["carer", "dependant"], name="care_is_said_once"),
            models.CheckConstraint(
                condition=~models.Q(carer=models.F("dependant")), name="care_is_for_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        # Nobody's name: Django's own history of a record keeps this text.
        return str(self._meta.verbose_name)
