"""Patients in Django Admin, with the page on which an admin erases a patient."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from clinics.admin.patients import PatientAdmin
from clinics.models import Patient
from scheduling.account_closure import erase_patient, preview_erasure
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.errors import NotFound


@admin.register(Patient)
class ErasablePatientAdmin(PatientAdmin):
    """The clinic's patients. Admins can erase them on request."""

    change_form_template = "scheduling/patient.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a patient is erased."""
        erase = self.admin_site.admin_view(self.erase_view)
        return [path("<path:object_id>/erase/", erase, name="clinics_patient_erase"), *super().get_urls()]

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may erase patients: clinic admins only."""
        by = admin_user(request)
        return by is not None and by.role == User.Role.ADMIN

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the links to the pages on which the patient is erased or merged to users who may use them."""
        obj = kwargs.get("obj")
        by = admin_user(request)
        context["can_merge"] = (
            obj is not None and obj.erased_at is None and by is not None and by.is_front_desk
        )
        context["can_erase"] = (
            obj is not None and obj.erased_at is None and self.has_erase_permission(request)
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what is erased and what stays, and erase the patient once the user has confirmed it.

        :raises PermissionDenied: the user is not an admin
        """
        by = admin_user(request)
        if by is None or not self.has_erase_permission(request):
            raise PermissionDenied
        patient: Patient | None = self.get_object(request, object_id)
        if patient is None or patient.erased_at:
            return redirect("admin:clinics_patient_changelist")
        is_confirmed = request.POST.get("confirmed") == "yes"
        if request.method == "POST" and is_confirmed:
            try:
                erase_patient(patient=patient, by=by, now=now())
            except NotFound as error:  # another admin was faster
                self.message_user(request, error.message_with_details, messages.ERROR)
                return redirect("admin:clinics_patient_changelist")
            self.message_user(request, _("The patient is erased."), messages.SUCCESS)
            return redirect("admin:clinics_patient_changelist")
        write_audit_entries(what=AuditAction.READ, by=by, about=[patient])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase this patient"),
            "opts": self.opts,
            "patient": patient,
            "preview": preview_erasure(patient=patient, now=now()),
            "is_unconfirmed": request.method == "POST",
        }
        return TemplateResponse(request, "scheduling/erase_patient.html", context)
