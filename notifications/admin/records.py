"""The messages of a booking and of a patient, on their pages in Django Admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinics.models import Patient
from notifications.admin.messages import message_result
from notifications.models import Message
from scheduling.bookings.admin import BookingAdmin
from scheduling.models import Booking
from scheduling.patients_admin import ErasablePatientAdmin
from tenants.base.admin import ReadOnly
from tenants.base.clock import format_staff_time

_LATEST = 20


class MessagesInline(ReadOnly, admin.TabularInline[Message, Booking]):
    """The messages about a booking."""

    model = Message
    fields = ("link", "channel", "recipient", "due_at", "result")
    readonly_fields = fields
    extra = 0
    verbose_name_plural = _("messages")
    ordering = ("due_at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Read the recipients in the same query, and leave the texts out."""
        return super().get_queryset(request).select_related("recipient").defer("text")

    @admin.display(description=_("message"))
    def link(self, message: Message) -> SafeString:
        """Return the kind of message as a link to its page."""
        return _message_link(message)

    @admin.display(description=_("status"))
    def result(self, message: Message) -> str:
        """Return the status in words."""
        return message_result(message)


admin.site.unregister(Booking)
admin.site.unregister(Patient)


@admin.register(Booking)
class BookingWithMessagesAdmin(BookingAdmin):
    """Bookings, with the messages about each."""

    inlines = (*BookingAdmin.inlines, MessagesInline)

    def subjects(self, obj: Booking) -> list[Model]:
        """Return the records that are shown on the page, with the recipients of messages."""
        recipients = {message.recipient for message in obj.messages.select_related("recipient")}
        return [*super().subjects(obj), *sorted(recipients, key=lambda user: str(user.pk))]


@admin.register(Patient)
class PatientWithMessagesAdmin(ErasablePatientAdmin):
    """Patients, with the latest messages to or about each."""

    def get_fieldsets(self, request: HttpRequest, obj: Patient | None = None) -> Any:
        """Add the messages of an existing patient."""
        rows = super().get_fieldsets(request, obj)
        return [*rows, (_("Messages"), {"fields": ("latest_messages",)})] if obj else rows

    def get_readonly_fields(self, request: HttpRequest, obj: Patient | None = None) -> tuple[str, ...]:
        """Add the messages."""
        return (*super().get_readonly_fields(request, obj), "latest_messages")

    @admin.display(description=_("latest messages"))
    def latest_messages(self, patient: Patient) -> str | SafeString:
        """Return the latest messages to the patient, or about a booking of theirs, each with a link."""
        about = Q(booking__patient=patient)
        if patient.user_id is not None:
            about |= Q(recipient=patient.user_id)
        found = Message.objects.filter(about).defer("text").order_by("-due_at", "id")[:_LATEST]
        lines = [
            (
                format_staff_time(message.due_at),
                _message_link(message),
                message.get_channel_display(),
                message_result(message),
            )
            for message in found
        ]
        if not lines:
            return gettext("None yet.")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {} ({}), {}</li>", lines))


def _message_link(message: Message) -> SafeString:
    """Return the kind of message as a link to its page."""
    url = reverse("admin:notifications_message_change", args=[message.pk])
    return format_html('<a href="{}">{}</a>', url, message.get_kind_display())
