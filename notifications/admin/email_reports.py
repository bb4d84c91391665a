"""Returned emails in Django Admin."""

from django.contrib import admin
from django.db.models import Model

from notifications.models import EmailReport
from tenants.accounts.audit.admin_mixins import AuditLists, AuditViews
from tenants.base.admin import ReadOnly


@admin.register(EmailReport)
class EmailReportAdmin(ReadOnly, AuditViews, AuditLists, admin.ModelAdmin[EmailReport]):
    """What mail services reported about emails to patients and staff."""

    list_display = ("happened_at", "email", "kind", "message", "answer")
    list_filter = ("kind",)
    list_select_related = ("user", "message")
    search_fields = ("email", "user__first_name", "user__last_name")
    date_hierarchy = "happened_at"
    fields = ("happened_at", "user", "email", "kind", "message", "answer")

    def subjects(self, obj: EmailReport) -> list[Model]:
        """Return the records that are shown on the page: the recipient."""
        return [obj.user]

    def audited_record(self, obj: EmailReport) -> Model:
        """Return the recipient, whose address is in each row of the list."""
        return obj.user
