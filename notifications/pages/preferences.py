"""The page where a recipient of emails chooses which messages they get, without a sign-in or JavaScript."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinics.selectors import clinic_settings
from notifications.models import MessagePreference
from notifications.pages.link_page import HEADERS, SeeOther, clinic_context
from notifications.preference_links import user_of_link
from notifications.preferences import Choice, channels_offered, choices_of
from notifications.services.preferences import save_choices, unsubscribe
from tenants.accounts.errors import LinkInvalid, TooManyRequests
from tenants.accounts.models import User
from tenants.accounts.rate_limits import count_request
from tenants.base.clock import now
from tenants.base.requests import rate_limit_address

_LIMIT = "message preferences by address"
Topic = MessagePreference.Topic
HINTS = {
    Topic.REMINDERS: gettext_lazy("Before each appointment."),
    Topic.QUESTIONNAIRES: gettext_lazy("If your clinic needs to know something before your visit."),
    Topic.FOLLOW_UPS: gettext_lazy("Some days after a visit."),
    Topic.OFFERS: gettext_lazy("If you are on the waiting list and a time becomes free."),
}
"""When messages of a topic are sent."""

_Page = Callable[[HttpRequest, str], HttpResponse]


def _limited(page: _Page) -> _Page:
    """Limit the requests of a client address to the page."""

    @wraps(page)
    def count_and_serve(request: HttpRequest, token: str) -> HttpResponse:
        try:
            count_request(_LIMIT, address=rate_limit_address(request), now=now())
        except TooManyRequests as error:
            response = _message_page(request, _("Too many requests"), str(error.message), status=429)
            response["Retry-After"] = str(error.retry_after)
            return response
        return page(request, token)

    return count_and_serve


@csrf_exempt  # the token in the URL is the permission; mail programs send neither cookies nor another token
@require_http_methods(["GET", "HEAD", "POST"])
@_limited
def message_preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show the choices of the user of a link, or store them. A GET changes nothing: mail scanners open links.

    A mail program that unsubscribes sends `List-Unsubscribe=One-Click` (RFC 8058) with the topic in the URL.
    """
    try:
        user = user_of_link(token)
    except LinkInvalid:
        text = _("Sign in to choose which messages you get.")
        return _message_page(request, _("This link no longer works"), text, status=404)
    if request.method == "POST":
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return _one_click(request, user)
        save_choices(user=user, choices=_submitted(request))
        return SeeOther(f"{request.path}?saved")
    rows = [
        (topic, topic.label, HINTS[topic], [choice for choice in choices_of(user) if choice.topic == topic])
        for topic in Topic
    ]
    context = {
        "rows": rows,
        "channels": channels_offered(),
        "saved": "saved" in request.GET,
        "topic": request.GET.get("topic", ""),
    }
    return _render(request, "notifications/preferences_page.html", context)


def _one_click(request: HttpRequest, user: User) -> HttpResponse:
    topic = request.GET.get("topic", "")
    if topic not in Topic.values:
        return HttpResponse(status=400)
    unsubscribe(user=user, topic=topic)
    return HttpResponse()


def _submitted(request: HttpRequest) -> list[Choice]:
    """Return the choices of the form: a box that is not ticked is not sent."""
    return [
        Choice(topic, channel, f"{topic}.{channel}" in request.POST)
        for topic in Topic
        for channel in channels_offered()
    ]


def _message_page(request: HttpRequest, heading: str, text: str, *, status: int) -> HttpResponse:
    context: dict[str, object] = {"heading": heading, "text": text}
    return _render(request, "notifications/preferences_message.html", context, status=status)


def _render(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    context = {**clinic_context(clinic_settings()), **context}
    response = render(request, template, context, status=status)
    for name, value in HEADERS.items():
        response[name] = value
    return response
