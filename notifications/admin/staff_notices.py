"""Notices to staff in Django Admin: everybody's for clinic admins, and a page for one's own."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from notifications.models import StaffNotices
from notifications.services.staff_notices import save_notices
from notifications.staff_topics import notices_of
from tenants.accounts.audit.admin_mixins import AuditChanges, admin_user
from tenants.base.admin import ShowRefusals
from tenants.base.clock import now

FIELDS = (
    "booked",
    "cancelled",
    "rescheduled",
    "offer_taken",
    "attendance",
    "not_delivered",
    "digest_hour",
    "day_schedule",
    "day_hour",
)


class _OwnNoticesForm(forms.ModelForm[StaffNotices]):
    """The notices of one member of staff at the front desk."""

    class Meta:
        model = StaffNotices
        fields = FIELDS[:-2]


@admin.register(StaffNotices)
class StaffNoticesAdmin(ShowRefusals, AuditChanges, admin.ModelAdmin[StaffNotices]):
    """The notices of all staff who do not have the defaults of their role. Deleting a row restores these."""

    list_display = ("user", *FIELDS)
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    fields = ("user", *FIELDS)
    audit_values = FIELDS
    change_list_template = "notifications/staff_notices_list.html"

    def get_readonly_fields(self, request: HttpRequest, obj: StaffNotices | None = None) -> tuple[str, ...]:
        """Make the user of an existing row read-only."""
        return ("user",) if obj else ()

    def get_urls(self) -> list[URLPattern]:
        """Add the page for one's own notices."""
        own = self.admin_site.admin_view(self.own_view)
        return [path("own/", own, name="notifications_staffnotices_own"), *super().get_urls()]

    def own_view(self, request: HttpRequest) -> HttpResponse:
        """Show and change the notices of the signed-in user.

        :raises PermissionDenied: the user does not work at the front desk
        """
        user = admin_user(request)
        if user is None or not user.is_front_desk:
            raise PermissionDenied
        form = _OwnNoticesForm(request.POST or None, instance=notices_of(user))
        if request.method == "POST" and form.is_valid():
            changes: dict[str, Any] = {name: form.cleaned_data[name] for name in form.changed_data}
            save_notices(user=user, changes=changes, by=user, now=now())
            self.message_user(request, _("Your notices were changed."), messages.SUCCESS)
            return redirect("admin:notifications_staffnotices_own")
        context = {
            **self.admin_site.each_context(request),
            "title": _("My notices"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "notifications/own_notices.html", context)
