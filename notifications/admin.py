"""Messages and webhooks in Django Admin."""

from django.contrib import admin
from django.db.models import Model

from notifications import email_reports_admin, senders_admin, webhooks_admin
from notifications.models import Message
from tenants.accounts.audit.admin_mixins import AuditLists, AuditViews
from tenants.base.admin import ReadOnly

__all__ = ["MessageAdmin", "email_reports_admin", "senders_admin", "webhooks_admin"]


@admin.register(Message)
class MessageAdmin(ReadOnly, AuditViews, AuditLists, admin.ModelAdmin[Message]):
    """Emails that were sent, are waiting, or were not sent."""

    list_display = ("kind", "recipient", "due_at", "sent_at", "dropped_because")
    list_filter = ("kind", "dropped_because")
    list_select_related = ("recipient",)
    search_fields = ("recipient__email",)
    date_hierarchy = "due_at"
    fields = ("kind", "recipient", "due_at", "not_after", "sent_at", "dropped_at", "dropped_because")

    def subjects(self, obj: Message) -> list[Model]:
        """Return the records that are shown on the page: the message and its recipient."""
        return [obj, obj.recipient]

    def audited_record(self, obj: Message) -> Model:
        """Return the recipient, whose name is in each row of the list."""
        return obj.recipient
