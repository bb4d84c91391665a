"""Patients (FHIR: Patient) and their carers."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.models.patient_words import PatientWords
from tenants.accounts.models import User
from tenants.base.clock import validate_time_zone
from tenants.base.models import BaseModel, BaseQuerySet
from tenants.phone_numbers import PhoneField, parse_phone


class PatientQuerySet(BaseQuerySet["Patient"]):
    """Filters for patients."""

    def known(self) -> "PatientQuerySet":
        """Return the patients whose data has not been erased and who were not merged into another record.

        Records of newcomers are left out: nobody has booked with them.
        """
        return self.filter(erased_at=None, merged_into=None, is_newcomer=False)

    def containing(self, text: str) -> "PatientQuerySet":
        """Return the patients whose name, telephone number or email address contains every word.

        It reads every row. `clinics.patient_lookup` uses an index, but only finds the beginnings of names.
        """
        found = self
        for word in text.split():
            found = found.filter(
                models.Q(first_name__icontains=word)
                | models.Q(last_name__icontains=word)
                | models.Q(phone__written=word)
                | models.Q(user__email__icontains=word)
            )
        return found

    def of_user(self, user: User) -> "PatientQuerySet":
        """Return the patient who signs in as `user` and the dependants of that patient."""
        cared_for = Care.objects.filter(dependant=models.OuterRef("pk"), carer__user=user)
        return self.known().filter(models.Q(user=user) | models.Exists(cared_for))


class Patient(BaseModel):
    """A patient. `user` is the account with which the patient signs in, if any."""

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
    phone = PhoneField(_("telephone"), max_length=32, blank=True)
    undeliverable_phone = models.CharField(max_length=32, blank=True, db_default="", editable=False)
    """A number to which a text message could not be delivered. It counts while it is the patient's number."""
    sms_consent_at = models.DateTimeField(_("agreed to text messages at"), null=True, editable=False)
    """When the patient agreed to get text messages; None if they did not, or have stopped them."""
    address = models.TextField(_("address"), blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        db_default="",
        validators=[validate_time_zone],
        help_text=_(
            "If the patient lives in another time zone, for example Europe/Paris. Reminders then respect the "
            "night there."
        ),
    )
    """The zone in which the quiet hours count for the patient; empty: where the visit takes place."""
    allergies = models.TextField(_("allergies"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    medication = models.TextField(_("medication"), blank=True)
    emergency_contact_name = models.CharField(_("emergency contact"), max_length=160, blank=True)
    emergency_contact_phone = PhoneField(_("emergency contact's telephone"), max_length=32, blank=True)
    insurance_provider = models.CharField(_("insurer"), max_length=120, blank=True)
    insurance_number = models.CharField(_("insurance number"), max_length=60, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    """When the personal data was erased. The row stays, because bookings refer to it."""
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged_records"
    )
    """The record of the same person that is used instead. This row is not deleted: links have its id."""
    is_newcomer = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether it only stands for a visitor who holds a time without an account. It contains nothing about
    them, and no member of staff sees it."""

    objects: ClassVar = PatientQuerySet.as_manager()

    CLINICAL_FIELDS: ClassVar[tuple[str, ...]] = ("allergies", "conditions", "medication")
    """The fields that only `may_see_clinical` opens to the front desk."""

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ["last_name", "first_name", "id"]
        indexes = [
            GinIndex(PatientWords("first_name", "last_name", "phone"), name="patient_by_words"),
            models.Index(fields=["date_of_birth"], name="patient_by_date_of_birth"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(pk=models.F("merged_into")), name="patient_is_merged_into_another"
            ),
            models.CheckConstraint(
                condition=models.Q(is_newcomer=False)
                | models.Q(user=None, first_name="", last_name="", phone="", date_of_birth=None),
                name="patient_newcomer_has_no_details",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def phone_problem(self) -> str:
        """What staff should know of the telephone number; empty if it is valid and messages arrive."""
        if self.phone and parse_phone(self.phone) is None:
            return str(_("This is not a valid telephone number. Text messages are not sent to it."))
        if self.phone and self.phone == self.undeliverable_phone:
            return str(_("A text message to this number could not be delivered."))
        return ""

    @property
    def full_name(self) -> str:
        """First and last name, or “Former patient” if the personal data was erased."""
        if self.erased_at:
            return str(_("Former patient"))
        return f"{self.first_name} {self.last_name}".strip()


class Care(BaseModel):
    """One patient (the carer) books for another (the dependant), for example a parent for a child.

    A dependant may have several carers, and a carer may be somebody's dependant.
    """

    carer = models.ForeignKey(
        Patient,
        on_delete=models.CASCADE,
        related_name="cares",
        verbose_name=_("carer"),
        limit_choices_to={"user__isnull": False},
    )
    dependant = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="cared_for_by", verbose_name=_("dependant")
    )

    class Meta:
        verbose_name = _("carer")
        verbose_name_plural = _("carers")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["carer", "dependant"], name="care_is_said_once"),
            models.CheckConstraint(
                condition=~models.Q(carer=models.F("dependant")), name="care_is_for_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        # Without a name: Django stores this text in the history of a record.
        return str(self._meta.verbose_name)


class PatientMerge(BaseModel):
    """A merge of two records of one person, with the changes it made, so that it can be undone for a day."""

    survivor = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    """The record that now points to `survivor`."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    """The changes to undo (`scheduling.merging.changes.Changes`). Emptied after a day."""
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=models.Q(undone_at=None),
                name="patientmerge_one_in_force_per_record",
            )
        ]

    def __str__(self) -> str:
        # Without a name: Django stores this text in the history of a record.
        return f"{self.created_at:%Y-%m-%d}"
