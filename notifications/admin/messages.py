"""The list of all messages in Django Admin, with what staff can do with them."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from notifications.admin.preview import PreviewPages
from notifications.models import Message
from notifications.services.message_actions import (
    cancel_messages,
    release_messages,
    resend,
    shown_text,
)
from scheduling.calendar.local_times import clinic_day
from tenants.accounts.audit.admin_mixins import AuditLists, AuditViews, admin_user
from tenants.base.admin import ReadOnly, ShowRefusals
from tenants.base.clock import day_start, format_staff_time, now
from tenants.current import current_clinic

_Status = Message.Status
_RESEND = ("resend_selected", _("Send again"))
_CANCEL = ("cancel_selected", _("Cancel message"))
_RELEASE = ("release_selected", _("Try again now"))
_ACTIONS_BY_STATUS = {
    _Status.SENT: (_RESEND,),
    _Status.PLANNED: (_CANCEL,),
    _Status.PARKED: (_RELEASE, _CANCEL),
}
"""The buttons on the page of a message, by its status: the name of an admin action, and the label."""
_APPLIES_TO = {
    "resend_selected": (_Status.SENT,),
    "cancel_selected": (_Status.PLANNED, _Status.PARKED),
    "release_selected": (_Status.PARKED,),
}
"""The statuses of messages to which an action applies. Others that are selected stay as they are."""
_SHOWN = 50
"""How many messages the confirmation page lists."""


class DayFilter(admin.SimpleListFilter):
    """By the day on which messages are due, in the clinic's time zone."""

    title = _("day")
    parameter_name = "day"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("later", _("Later")),
            ("yesterday", _("Yesterday")),
            ("week", _("The last 7 days")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter by due time."""
        days = {
            "today": (0, 1),
            "tomorrow": (1, 2),
            "later": (2, None),
            "yesterday": (-1, 0),
            "week": (-7, 1),
        }
        if self.value() not in days:
            return queryset
        first, end = days[str(self.value())]
        today, zone = clinic_day(now()), current_clinic().zone
        queryset = queryset.filter(due_at__gte=day_start(today + timedelta(days=first), zone))
        if end is None:
            return queryset
        return queryset.filter(due_at__lt=day_start(today + timedelta(days=end), zone))


@admin.register(Message)
class MessageAdmin(PreviewPages, ReadOnly, AuditViews, AuditLists, ShowRefusals, admin.ModelAdmin[Message]):
    """Messages that were sent, are waiting, or were not sent. The services write the audit log of actions."""

    list_display = ("kind", "result", "recipient", "about", "due_at", "channel")
    list_filter = ("status", "kind", "channel", DayFilter)
    list_select_related = ("recipient", "booking")
    list_per_page = 50
    show_full_result_count = False
    search_fields = (
        *("recipient__email", "recipient__last_name", "recipient__first_name"),
        *("booking__patient__last_name", "booking__patient__first_name"),
    )
    date_hierarchy = "due_at"
    actions = ("resend_selected", "cancel_selected", "release_selected")
    change_form_template = "notifications/message.html"
    change_list_template = "notifications/messages.html"
    fieldsets = (
        (None, {"fields": ("kind", "channel", "recipient", "about", "about_on")}),
        (_("Delivery"), {"fields": ("result", "due_at", "not_after", "sent_at", "attempts", "last_error")}),
        (_("Text"), {"fields": ("content",)}),
    )
    readonly_fields = ("about", "result", "content")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Leave the texts out of the list."""
        return super().get_queryset(request).defer("text")

    def subjects(self, obj: Message) -> list[Model]:
        """Return the records that are shown on the page: the message, its recipient and patient."""
        return [obj, obj.recipient, *([obj.booking.patient] if obj.booking else [])]

    def audited_record(self, obj: Message) -> Model:
        """Return the recipient, whose name is in each row of the list."""
        return obj.recipient

    @admin.display(description=_("booking"), ordering="booking__starts_at")
    def about(self, message: Message) -> str | SafeString:
        """Return a link to the booking that the message is about."""
        return booking_link(message)

    @admin.display(description=_("status"), ordering="status")
    def result(self, message: Message) -> str:
        """Return the status with its time, or with the reason and the last error."""
        return message_result(message)

    @admin.display(description=_("text"))
    def content(self, message: Message) -> str | SafeString:
        """Return subject and text as they were sent, or as they would be now, and which of both it is."""
        shown = shown_text(message)
        if shown is None:
            return gettext("The text cannot be shown.")
        if shown.is_as_sent:
            note = gettext("As it was sent. The ends of links are left out.")
        elif message.status == _Status.SENT:
            note = gettext("The text that was sent is not stored any more. Today it would be as follows.")
        else:
            note = gettext("As it would be sent now.")
        template = (
            '<p class="message-note">{}</p><p><strong>{}</strong></p><pre class="message-text">{}</pre>'
        )
        return format_html(template, note, shown.subject, shown.text.strip())

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may send, cancel and release messages: admins and receptionists."""
        by = admin_user(request)
        return by is not None and by.is_front_desk

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of previews."""
        return [*self.preview_urls(), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, with a link to the wording for users who may change it."""
        extra = {"can_change_wording": request.user.has_perm("notifications.view_messagewording")}
        return super().changelist_view(request, *args, **{**kwargs, "extra_context": extra})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show buttons for what can be done with the message."""
        obj = kwargs.get("obj")
        if obj is not None and self.has_handle_permission(request):
            context["steps"] = _ACTIONS_BY_STATUS.get(_Status(obj.status), ())
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=_("Send selected messages again"), permissions=["handle"])
    def resend_selected(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        """Ask for confirmation, then send the messages again that were sent and are still true."""
        if page := self._confirmation_page(request, queryset, action="resend_selected"):
            return page
        related = ("recipient", "event", "booking")
        result = resend(messages=queryset.select_related(*related), by=_by(request), now=now())
        text = ngettext(
            "%(count)d message will be sent again.", "%(count)d messages will be sent again.", result.planned
        )
        if result.planned:
            self.message_user(request, text % {"count": result.planned}, messages.SUCCESS)
        for reason in sorted(set(result.refused)):
            count = result.refused.count(reason)
            text = ngettext(
                "%(count)d message was not sent again: %(reason)s.",
                "%(count)d messages were not sent again: %(reason)s.",
                count,
            )
            values = {"count": count, "reason": Message.NotSent(reason).label}
            self.message_user(request, text % values, messages.WARNING)
        return None

    @admin.action(description=_("Cancel selected messages"), permissions=["handle"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        """Ask for confirmation, then cancel the messages that are planned or failed."""
        if page := self._confirmation_page(request, queryset, action="cancel_selected"):
            return page
        count = cancel_messages(messages=queryset, by=_by(request), now=now())
        text = ngettext("%(count)d message cancelled.", "%(count)d messages cancelled.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
        return None

    @admin.action(description=_("Try failed messages again now"), permissions=["handle"])
    def release_selected(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        """Ask for confirmation, then plan the failed messages again, to be sent now."""
        if page := self._confirmation_page(request, queryset, action="release_selected"):
            return page
        count = release_messages(messages=queryset, by=_by(request), now=now())
        text = ngettext(
            "%(count)d message will be tried again.", "%(count)d messages will be tried again.", count
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
        return None

    def _confirmation_page(
        self, request: HttpRequest, queryset: QuerySet[Message], *, action: str
    ) -> HttpResponse | None:
        """Return the page that says how many messages the action changes; None once that number is confirmed.

        If the number has changed since, the page is shown again.
        """
        chosen = queryset.filter(status__in=_APPLIES_TO[action])
        count = chosen.count()
        if count == 0:
            self.message_user(
                request, gettext("This does not apply to the selected messages."), messages.WARNING
            )
            return redirect(request.get_full_path())
        if request.POST.get("confirmed") == str(count):
            return None
        shown = list(chosen.select_related("recipient", "booking")[:_SHOWN])
        self.audit_listed(request, shown)
        question, button = _question(action, count)
        context = {
            **self.admin_site.each_context(request),
            "title": _TITLES[action],
            "question": question,
            "button": button,
            "count": count,
            "others": queryset.count() - count,
            "shown": [(message, message_result(message)) for message in shown],
            "more": count - len(shown),
            "action": action,
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "notifications/confirm_action.html", context)


_TITLES = {
    "resend_selected": _("Send messages again"),
    "cancel_selected": _("Cancel messages"),
    "release_selected": _("Try failed messages again"),
}


def _question(action: str, count: int) -> tuple[str, str]:
    """Return what the action will do, and the label of its button, with the number of messages."""
    values = {"count": count}
    texts = {
        "resend_selected": (
            ngettext(
                "%(count)d message will be sent again to its recipient.",
                "%(count)d messages will be sent again to their recipients.",
                count,
            ),
            ngettext("Send %(count)d message again", "Send %(count)d messages again", count),
        ),
        "cancel_selected": (
            ngettext(
                "%(count)d message will be cancelled. It will not be sent.",
                "%(count)d messages will be cancelled. They will not be sent.",
                count,
            ),
            ngettext("Cancel %(count)d message", "Cancel %(count)d messages", count),
        ),
        "release_selected": (
            ngettext(
                "%(count)d failed message will be tried again now.",
                "%(count)d failed messages will be tried again now.",
                count,
            ),
            ngettext("Try %(count)d message again", "Try %(count)d messages again", count),
        ),
    }
    question, button = texts[action]
    return question % values, button % values


def booking_link(message: Message) -> str | SafeString:
    """Return a link to the page of a message's booking; the day of a message without a booking."""
    if message.booking is None:
        return str(message.about_on or "-")
    url = reverse("admin:scheduling_booking_change", args=[message.booking_id])
    return format_html('<a href="{}">{}</a>', url, format_staff_time(message.booking.starts_at))


def message_result(message: Message) -> str:
    """Return the status of a message in words, with the reason and the last error if it was not sent."""
    reason = message.get_dropped_because_display() or message.get_parked_because_display()
    error = Truncator(message.last_error).chars(80)
    return ": ".join(filter(None, [message.get_status_display(), reason])) + (f" ({error})" if error else "")


def _by(request: HttpRequest) -> Any:
    """Return the signed-in user. Actions are allowed for users only."""
    return admin_user(request)
