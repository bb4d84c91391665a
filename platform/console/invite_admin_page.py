"""The console's page on which an operator invites an admin for a clinic."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from clinics.services.staff import invite_staff
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.accounts.audit.services import AuditAction, write_clinic_audit_entry
from tenants.accounts.models import Invitation, User
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.current import enter_clinic
from tenants.models import Clinic

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Clinic]
else:
    _Base = object


@transaction.atomic
def invite_admin(*, clinic: Clinic, by: User | None, **person: Any) -> Invitation:
    """Email an invitation to become an admin of `clinic`. Both audit logs get an entry.

    The link leads to the clinic's host. If the clinic is suspended, the email is sent when it is resumed.

    :param by: the operator
    :param person: email, first and last name
    :raises EmailTaken: an account at this clinic has this email address
    :raises AlreadyInvited: there is an open invitation for this address
    """
    with enter_clinic(clinic):
        # Operators have no account at the clinic, so its own log and the invitation name nobody.
        invitation = invite_staff(**person, role=User.Role.ADMIN, by=None, now=now())
    write_clinic_audit_entry(what=AuditAction.INVITED, clinic=clinic, by=by, note=str(User.Role.ADMIN))
    return invitation


class InviteAdminForm(forms.Form):
    """The person to invite."""

    first_name = Invitation._meta.get_field("first_name").formfield()
    last_name = Invitation._meta.get_field("last_name").formfield()
    email = Invitation._meta.get_field("email").formfield()


class InviteAdminPage(_Base):
    """Adds the page to a clinic's page."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page before Django's own, whose patterns would match as well."""
        view = self.admin_site.admin_view(self.invite_admin_view)
        return [
            path("<path:object_id>/invite-admin/", view, name="tenants_clinic_invite_admin"),
            *super().get_urls(),
        ]

    def invite_admin_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the person, then send the invitation."""
        clinic = self.get_object(request, object_id)
        if clinic is None:
            return cast(HttpResponse, self._get_obj_does_not_exist_redirect(request, self.opts, object_id))  # type: ignore[attr-defined]
        form = InviteAdminForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                invite_admin(clinic=clinic, by=admin_user(request), **form.cleaned_data)
            except DomainError as error:
                add_service_errors(form, error)
            else:
                message = _("%(email)s is invited to become an admin of %(clinic)s.")
                names = {"email": form.cleaned_data["email"], "clinic": clinic.name}
                self.message_user(request, message % names, messages.SUCCESS)
                return redirect("console:tenants_clinic_change", clinic.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Invite an admin for %(clinic)s") % {"clinic": clinic.name},
            "form": form,
            "clinic": clinic,
            "opts": self.opts,
        }
        return TemplateResponse(request, "console/invite_admin.html", context)
