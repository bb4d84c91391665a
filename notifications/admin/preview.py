"""The pages in Django Admin on which staff see every message with sample data."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, dumps, loads
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from notifications.models import MessageWording
from notifications.services.previews import Preview, preview_choices, preview_of
from notifications.services.samples import SCENARIOS
from tenants.base.clock import now

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object

_SALT = "notifications.draft"
_DRAFT_FIELDS = ("kind", "channel", "language", "subject", "body")
_DRAFT_SECONDS = 60 * 60
# Emails have styles of their own. In the frame they run no scripts, send no forms and open no pages.
_email_policy = csp(
    {
        "default-src": [NONE],
        "img-src": ["*", "data:"],
        "style-src": [UNSAFE_INLINE],
        "form-action": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": [""],
    }
)


class PreviewPages(_Base):
    """Adds the pages of previews to the pages of a model."""

    def preview_urls(self) -> list[URLPattern]:
        """Return the URLs of the page, and of the HTML in its frames."""
        page = self.admin_site.admin_view(self.preview_view)
        html = self.admin_site.admin_view(xframe_options_sameorigin(_email_policy(self.preview_html_view)))
        return [
            path("preview/", page, name="notifications_message_preview"),
            path("preview/html/", html, name="notifications_message_preview_html"),
        ]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """Show a message with sample data: subject, HTML at two widths, plain text, the linter's findings."""
        name, scenario, preview = self._requested(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview messages"),
            "opts": self.opts,
            "choices": preview_choices(),
            "scenarios": SCENARIOS.values(),
            "name": name,
            "scenario": scenario,
            "preview": preview,
            "html_url": preview_html_url(name, scenario=scenario),
        }
        return TemplateResponse(request, "notifications/preview.html", context)

    def preview_html_view(self, request: HttpRequest) -> HttpResponse:
        """Return the HTML of a message with sample data, for a frame."""
        return HttpResponse(self._requested(request)[2].html)

    def _requested(self, request: HttpRequest) -> tuple[str, str, Preview]:
        """Return the message and scenario of the query string, with the preview.

        :raises PermissionDenied: the user may not see messages
        :raises Http404: there is no such message or scenario, or the draft was changed by somebody
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        name = request.GET.get("kind") or preview_choices()[0][0]
        scenario = request.GET.get("scenario") or "in_person"
        try:
            draft = _draft(request.GET.get("draft", ""))
            return name, scenario, preview_of(name, scenario=scenario, draft=draft, now=now())
        except (KeyError, BadSignature) as error:
            raise Http404 from error


def preview_html_url(name: str, *, scenario: str, draft: MessageWording | None = None) -> str:
    """Return the URL of the HTML of a preview.

    :param draft: a wording that is not saved. It is signed, so that nobody can make staff see another one
    """
    query = {"kind": name, "scenario": scenario}
    if draft is not None:
        fields = {field: getattr(draft, field) for field in _DRAFT_FIELDS}
        query["draft"] = dumps(fields, salt=_SALT, compress=True)
    return f"{reverse('admin:notifications_message_preview_html')}?{urlencode(query)}"


def _draft(signed: str) -> MessageWording | None:
    """Return the unsaved wording of a URL; None without one.

    :raises BadSignature: the value was changed, or is too old
    """
    return MessageWording(**loads(signed, salt=_SALT, max_age=_DRAFT_SECONDS)) if signed else None
