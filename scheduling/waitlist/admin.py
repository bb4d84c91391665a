"""The waiting list in Django Admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from scheduling.hours.admin.weekdays import format_weekdays
from scheduling.models import WaitlistEntry, WaitlistOffer
from scheduling.waitlist.offers import withdraw_offer
from scheduling.waitlist.services import leave_waitlist
from tenants.accounts.audit.admin_mixins import AuditLists, AuditViews, admin_user
from tenants.base.admin import ReadOnly, ShowRefusals
from tenants.base.clock import now


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(ReadOnly, AuditViews, AuditLists, ShowRefusals, admin.ModelAdmin[WaitlistEntry]):
    """Waiting list entries. Deleting one ends it; the row stays as history.

    The service writes the audit log.
    """

    list_display = ("patient", "doctor", "specialty", "visit_type", "first_on", "last_on", "status")
    list_filter = ("status", "doctor", "specialty", "visit_type")
    list_select_related = ("patient", "doctor", "specialty", "visit_type")
    date_hierarchy = "first_on"
    actions = ("withdraw_offers",)
    search_fields = (
        "patient__last_name",
        "patient__first_name",
        "patient__phone__written",
        "patient__user__email",
    )
    fields = (
        *("patient", "doctor", "specialty", "visit_type", "first_on", "last_on", "days"),
        *("status", "offers_missed", "created_at"),
    )

    @admin.display(description=_("weekdays"))
    def days(self, entry: WaitlistEntry) -> str:
        """Return the weekdays that suit the patient."""
        return format_weekdays(entry.weekdays)

    def subjects(self, obj: WaitlistEntry) -> list[Model]:
        """Return the records that are shown on the page: the entry and its patient."""
        return [obj, obj.patient]

    def audited_record(self, obj: WaitlistEntry) -> Model:
        """Return the patient, whose name is in each row of the list."""
        return obj.patient

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow it by permission: ending an entry is the only change made here."""
        return request.user.has_perm("scheduling.delete_waitlistentry")

    @admin.action(description=_("Withdraw the offers of selected entries"), permissions=["delete"])
    def withdraw_offers(self, request: HttpRequest, queryset: QuerySet[WaitlistEntry]) -> None:
        """Withdraw the open offers of all entries, or none. Patients are notified and keep their place."""
        by, withdrawn = admin_user(request), 0
        if by is None:
            return
        for offer in WaitlistOffer.objects.filter(
            entry__in=queryset, outcome=WaitlistOffer.Outcome.OPEN
        ).select_related("entry__patient"):
            withdraw_offer(offer=offer, by=by, now=now())
            withdrawn += 1
        message = ngettext("%(count)d offer withdrawn.", "%(count)d offers withdrawn.", withdrawn)
        self.message_user(request, message % {"count": withdrawn}, messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: WaitlistEntry) -> None:
        """End the entry."""
        by = admin_user(request)
        if by is not None:
            leave_waitlist(entry=obj, by=by, now=now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WaitlistEntry]) -> None:
        """End all entries, or none."""
        for entry in queryset.select_related("patient"):
            self.delete_model(request, entry)
