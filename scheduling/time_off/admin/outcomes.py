"""Report to staff what was done with the appointments that a change affected."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scheduling.calendar.admin_filters import ALL_DATES
from scheduling.models import Booking
from scheduling.time_off.decisions import Action, AppliedAction, Outcome

ACTION_CHOICES = [
    (Action.KEEP.value, gettext_lazy("Keep them. Staff will contact the patients.")),
    (Action.MOVE.value, gettext_lazy("Move each one to the nearest available time, if there is one.")),
    (Action.CANCEL.value, gettext_lazy("Cancel them.")),
]
_MAX_LINKED_BOOKINGS = 100
"""How many booking ids a link may carry."""


def report_outcomes(page: ModelAdmin[Any], request: HttpRequest, outcomes: list[Outcome]) -> None:
    """Show a message that counts the affected appointments and links to them."""
    if not outcomes:
        page.message_user(request, _("There are no appointments during this time."), messages.SUCCESS)
        return
    count = len(outcomes)
    summary = ngettext("%(count)d appointment was affected:", "%(count)d appointments were affected:", count)
    labels = {
        AppliedAction.KEPT: _("kept"),
        AppliedAction.MOVED: _("rescheduled"),
        AppliedAction.CANCELLED: _("cancelled"),
    }
    counts = Counter(outcome.done for outcome in outcomes)
    parts = ", ".join(f"{counts[action]} {label}" for action, label in labels.items() if counts[action])
    text = f"{summary % {'count': count}} {parts}."
    url = bookings_url([outcome.booking for outcome in outcomes])
    level = messages.WARNING if counts[AppliedAction.KEPT] else messages.SUCCESS
    page.message_user(request, with_link(text, url, _("View these appointments")), level)


def with_link(text: str, url: str, link: str) -> str:
    return format_html('{} <a href="{}">{}</a>', text, url, link)


def bookings_url(bookings: list[Booking]) -> str:
    """Return the URL of the list of these bookings."""
    ids = ",".join(str(booking.pk) for booking in bookings[:_MAX_LINKED_BOOKINGS])
    query = urlencode({"id__in": ids, **ALL_DATES})
    return f"{reverse('admin:scheduling_booking_changelist')}?{query}"
