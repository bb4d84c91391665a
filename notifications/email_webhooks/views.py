"""The address at which a mail service reports bounces and complaints, on the platform's host.

It is outside any clinic. Each email carries the id of its clinic as metadata, which comes back in the report.
"""

import structlog
from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailWebhookValidationFailure,
)
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.email_webhooks.reading import clinic_id_of, report_of
from notifications.services.email_reports import record_report
from tenants.accounts.errors import TooManyRequests
from tenants.accounts.rate_limits import count_request
from tenants.base.clock import now
from tenants.base.requests import rate_limit_address
from tenants.current import clinic_by_id, enter_clinic
from tenants.domains.outbound import FetchError
from tenants.models import Clinic
from tenants.routing.middleware import error_response

_VIEWS = {
    "amazon_ses": "notifications.email_webhooks.amazon.SignedSnsView",
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "mailjet": "anymail.webhooks.mailjet.MailjetTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "sparkpost": "anymail.webhooks.sparkpost.SparkPostTrackingWebhookView",
}
"""The views that check and read the reports of each mail service."""
_UNREADABLE = (
    AnymailError,
    AnymailConfigurationError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What django-anymail raises if the content is not what the service sends."""
_LIMIT = "refused email reports by address"

log = structlog.get_logger(__name__)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def email_reports(request: HttpRequest, service: str) -> HttpResponse:
    """Record the reports of the mail service in use. Without its signature or our secret, nothing is changed.

    Some services send a HEAD request when the address is configured.
    """
    view = _view(service)
    if request.method == "HEAD":
        return HttpResponse()
    if view.basic_auth and not request.headers.get("Authorization"):
        # Amazon SNS sends the secret only after this answer.
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="email reports"'})
    try:
        view.run_validators(request)
        events = view.parse_events(request)
    except FetchError:
        return error_response("Try again later.", "unavailable", status=503)
    except AnymailWebhookValidationFailure:
        return _refused(request)
    except _UNREADABLE:
        return error_response("These reports cannot be read.", "invalid_input", status=400)
    for event in events:
        _record(event, service=service)
    return HttpResponse()


def _view(service: str) -> object:
    """Return the view that checks and reads reports of a mail service.

    :raises Http404: it is not the one in use, or nothing is configured to recognise its reports
    """
    if service != settings.EMAIL_REPORTS_FROM or service not in _VIEWS:
        raise Http404
    view_class = import_string(_VIEWS[service])
    if view_class.warn_if_no_basic_auth and not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        log.error("email_reports_without_secret", service=service)
        raise Http404
    try:
        return view_class()
    except AnymailConfigurationError as error:
        log.error("email_reports_without_key", service=service)
        raise Http404 from error


def _refused(request: HttpRequest) -> HttpResponse:
    """Return the answer to a request without a valid signature or secret."""
    try:
        count_request(_LIMIT, address=rate_limit_address(request), now=now())
    except TooManyRequests as error:
        response = error_response(str(error.message), error.code, status=error.status)
        response["Retry-After"] = str(error.retry_after)
        return response
    return error_response("The signature or secret is wrong.", "invalid_signature", status=400)


def _record(event: object, *, service: str) -> None:
    """Record one report at the clinic that sent the email."""
    report = report_of(event, service=service, now=now())
    clinic_id = clinic_id_of(event)
    if report is None or clinic_id is None:
        return
    try:
        clinic = clinic_by_id(clinic_id)
    except Clinic.DoesNotExist:
        log.warning("email_report_of_unknown_clinic", clinic=str(clinic_id))
        return
    with enter_clinic(clinic):
        record_report(report)
