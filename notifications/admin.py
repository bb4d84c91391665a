"""What was said to whom, for the clinic to look up."""

from django.contrib import admin

from notifications.models import Message
from tenants.base.admin import ReadOnly


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin[Message]):
    """Messages: sent, waiting, or not sent and why."""

    list_display = ("kind", "recipient", "due_at", "sent_at", "dropped_because")
    list_filter = ("kind", "dropped_because")
    list_select_related = ("recipient",)
    search_fields = ("recipient__email",)
    date_hierarchy = "due_at"
    fields = ("kind", "recipient", "due_at", "not_after", "sent_at", "dropped_at", "dropped_because")
