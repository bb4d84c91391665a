"""Patients in Django Admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BooleanField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinics.models import Care, Patient
from clinics.selectors import email_problems, is_number_stopped, is_own_record, may_see_clinical
from clinics.services.patient_changes import record_patient_change
from clinics.services.text_messages import set_sms_consent
from tenants.accounts.audit.admin_mixins import AuditChanges, AuditLists, AuditViews, admin_user
from tenants.accounts.models import User
from tenants.base.clock import format_staff_time, now
from tenants.phone_numbers import format_phone


class CareForm(ModelForm[Care]):
    """A carer. Nobody may make themselves one, because carers read the patient's medical details."""

    by: User | None = None

    def clean_carer(self) -> Patient:
        """Refuse the record of the user who adds it.

        :raises ValidationError: it is, or seems to be, the user's own record
        """
        carer: Patient = self.cleaned_data["carer"]
        if "carer" in self.changed_data and (self.by is None or is_own_record(carer, user=self.by)):
            raise ValidationError(
                gettext("You cannot make yourself a carer. Ask a colleague to do it."), code="own_record"
            )
        return carer


class CarersInline(admin.TabularInline[Care, Patient]):
    """The patient's carers, who can book for the patient."""

    model = Care
    fk_name = "dependant"
    form = CareForm
    fields = ("carer",)
    autocomplete_fields = ("carer",)
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Patient | None = None, **kwargs: Any) -> Any:
        """Return the formset, whose forms know the user."""
        form = type("CareForm", (CareForm,), {"by": admin_user(request)})
        return super().get_formset(request, obj, **{**kwargs, "form": form})

    def has_view_permission(self, request: HttpRequest, obj: Patient | None = None) -> bool:
        """Allow users who may change patients."""
        return request.user.has_perm("clinics.change_patient")

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


def email_problems_in_words(patient: Patient) -> str:
    """Return who gets no emails about a patient, why, and since when."""
    return "\n".join(
        _("%(email)s: %(problem)s. Emails are held since %(since)s. Ask for another address.")
        % {"email": user.email, "problem": problem, "since": format_staff_time(user.email_undeliverable_at)}
        for user, problem in email_problems(patient)
        if user.email_undeliverable_at is not None
    )


_SMS_FIELDS = ("sms_consent", "phone_works")


class PatientForm(ModelForm[Patient]):
    """A patient, with the consent to text messages."""

    sms_consent = BooleanField(
        label=_("agrees to text messages"),
        required=False,
        help_text=_(
            "Tick it only if the patient has agreed. They can stop them with STOP or in the profile."
        ),
    )
    phone_works = BooleanField(
        label=_("try text messages to this number again"),
        required=False,
        help_text=_("Tick it after a message was not delivered, once the patient has checked the number."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("sms_consent", self.instance.sms_consent_at is not None)

    def clean(self) -> dict[str, Any]:
        """Refuse consent for a number whose owner has answered STOP."""
        data = super().clean() or {}
        is_new = data.get("sms_consent") and self.instance.sms_consent_at is None
        if is_new and is_number_stopped(data.get("phone") or ""):
            self.add_error(
                "sms_consent",
                gettext("The owner of this number has answered STOP, and has to send START first."),
            )
        return data


class PatientAdmin(AuditChanges, AuditViews, AuditLists, admin.ModelAdmin[Patient]):
    """The clinic's patients, without their bookings. The scheduling app registers it."""

    form = PatientForm
    list_display = ("last_name", "first_name", "date_of_birth", "readable_phone", "user")
    list_display_links = ("last_name", "first_name")
    list_select_related = ("user",)
    search_fields = ("last_name", "first_name", "phone__written", "user__email", "insurance_number")
    autocomplete_fields = ("user",)
    inlines = (CarersInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("first_name", "last_name"),
                    "date_of_birth",
                    "phone",
                    "phone_problem",
                    "address",
                    "time_zone",
                    "user",
                )
            },
        ),
        (_("Text messages"), {"fields": _SMS_FIELDS}),
        (_("Medical"), {"fields": Patient.CLINICAL_FIELDS}),
        (_("Emergency contact"), {"fields": ("emergency_contact_name", "emergency_contact_phone")}),
        (_("Insurance"), {"fields": ("insurance_provider", "insurance_number")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Patient | None = None) -> Any:
        """Add a problem with emails, and leave out medical details that the front desk may not see."""
        by = admin_user(request)
        problem = [(_("Emails"), {"fields": ("email_problem",)})] if obj and email_problems(obj) else []
        hidden: list[Any] = [] if by and may_see_clinical(by) else [Patient.CLINICAL_FIELDS]
        if not self._shows_consent(request, obj):
            hidden.append(_SMS_FIELDS)
        return problem + [row for row in self.fieldsets if row[1]["fields"] not in hidden]

    @admin.display(description=_("emails"))
    def email_problem(self, patient: Patient) -> str:
        """Return why emails about the patient are held."""
        return email_problems_in_words(patient)

    def _shows_consent(self, request: HttpRequest, obj: Patient | None) -> bool:
        """Return whether the page asks for the consent to text messages, which only accounts get."""
        return obj is not None and obj.user_id is not None and self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Patient, form: Any, change: bool) -> None:
        """Store the patient and record the change."""
        shows_consent = self._shows_consent(request, obj) and change
        if shows_consent and form.cleaned_data["phone_works"]:
            obj.undeliverable_phone = ""
        super().save_model(request, obj, form, change)
        if shows_consent:
            wanted = form.cleaned_data["sms_consent"]
            set_sms_consent(patient=obj, wanted=wanted, by=admin_user(request), now=now())
        record_patient_change(obj)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Refuse to filter by medical details, which would reveal them."""
        is_clinical = lookup.startswith(Patient.CLINICAL_FIELDS)
        return not is_clinical and super().lookup_allowed(lookup, value, request)

    def get_inlines(self, request: HttpRequest, obj: Patient | None) -> Any:
        """Show carers of existing patients only."""
        return self.inlines if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Patient]:
        """Leave out the records that were merged into others, and those of newcomers."""
        return super().get_queryset(request).filter(merged_into=None, is_newcomer=False)

    def get_readonly_fields(self, request: HttpRequest, obj: Patient | None = None) -> tuple[str, ...]:
        """Make the account read-only for staff who may not view users."""
        own = () if request.user.has_perm("accounts.view_user") else ("user",)
        return ("phone_problem", "email_problem", *own)

    @admin.display(description=_("telephone"), ordering="phone")
    def readable_phone(self, patient: Patient) -> str:
        """Return the number as people read it, marked if it cannot be used."""
        number = format_phone(patient.phone)
        return gettext("%(number)s (check it)") % {"number": number} if patient.phone_problem else number

    @admin.display(description=_("note about the telephone"))
    def phone_problem(self, patient: Patient) -> str:
        """Return what is wrong with the number."""
        return patient.phone_problem

    def has_change_permission(self, request: HttpRequest, obj: Patient | None = None) -> bool:
        """Forbid changing an erased patient: a page opened before would store the erased details again."""
        return (obj is None or obj.erased_at is None) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Patient | None = None) -> bool:
        """Forbid deleting: bookings refer to the patient."""
        return False
