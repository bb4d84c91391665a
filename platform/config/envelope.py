"""The envelope of every API response. Views return plain data and let errors propagate."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import DataError, InterfaceError, OperationalError
from django.http import UnreadablePostError
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from tenants.base.errors import DomainError, InvalidInput, NotFound, Text, Unavailable
from tenants.base.operations import operation_of

log = structlog.get_logger(__name__)

UNPARSABLE = (
    DataError,
    OverflowError,
    UnicodeError,
    RecursionError,
    ValidationError,
    UnreadablePostError,
)
"""Errors caused by input that serializers and forms do not catch, by JSON that is nested too deeply, or by a
client that stops sending a body.

Django's admin looks rows up by the key in the URL and lets the field's own ValidationError propagate.
"""
OUTAGES = (OperationalError, InterfaceError)
"""Postgres is unreachable or does not answer in time."""
UNREADABLE = gettext_lazy("The request contains a value that cannot be read. Check it and send it again.")
REFUSED = gettext_lazy("This request was refused. Check it and try again.")
FRAMEWORK_MESSAGES: dict[str, Text] = {
    "not_authenticated": gettext_lazy("You are not signed in. Sign in to continue."),
    "token_not_valid": gettext_lazy("Your access token is not valid or has expired. Sign in again."),
    "bad_authorization_header": gettext_lazy(
        "The Authorization header cannot be read. Send it as: Bearer, a space, the access token."
    ),
    "session_ended": gettext_lazy("Your session has ended. Sign in again."),
    "permission_denied": gettext_lazy(
        "Your account does not have permission to do this. Use another account, or ask the clinic."
    ),
    "parse_error": gettext_lazy("The request body is not valid JSON. Correct it and send it again."),
}
"""Code -> message, in place of those of Django REST framework and Simple JWT."""


def failure(*, message: str, code: str, errors: Any = None, data: Any = None) -> dict[str, Any]:
    """Return the body of a failure."""
    return {"success": False, "data": data, "message": message, "code": code, "errors": errors or {}}


def unavailable() -> dict[str, Any]:
    """Return the body of a 503 response."""
    return failure(message=str(Unavailable.message), code=Unavailable.code)


class EnvelopeRenderer(JSONRenderer):
    """Puts the data that a view returns into `{success, data, message}`."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return JSON bytes. `envelope_exception_handler` has enveloped failures already."""
        context = renderer_context or {}
        if "response" not in context or not context["response"].exception:
            data = {"success": True, "data": data, "message": _success_message(context, data)}
        return super().render(data, accepted_media_type, renderer_context)


def _success_message(context: Mapping[str, Any], data: Any) -> str:
    view, request = context.get("view"), context.get("request")
    return operation_of(view, request.method).message_for(data) if view and request else ""


def envelope_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the failure response for an error. DRF calls this.

    :return: None for an unexpected error, which becomes a 500
    """
    if isinstance(error, DomainError):
        filter_data = getattr(context["view"], "show_refusal_data", lambda data: data)
        errors, data = plain_errors(error.errors), filter_data(error.data)
        body = failure(message=str(error.user_message), code=error.code, errors=errors, data=data)
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
        return Response(body, status=error.status, headers=headers)
    if isinstance(error, UNPARSABLE):
        return Response(failure(message=str(UNREADABLE), code="invalid"), status=400)
    if isinstance(error, OUTAGES):
        log.exception("database_away")
        return Response(unavailable(), status=503, headers={"Retry-After": "2"})
    response = exception_handler(error, context)
    if response is not None:
        response.data = framework_failure(error, response)
    return response


def framework_failure(error: Exception, response: Response) -> dict[str, Any]:
    """Return the body for an error that Django REST framework or Simple JWT raised."""
    if isinstance(error, exceptions.ValidationError):
        return failure(
            message=str(InvalidInput.message), code=InvalidInput.code, errors=field_errors(error.detail)
        )
    if response.status_code == NotFound.status:
        return failure(message=str(NotFound.message), code=NotFound.code)
    detail = error.detail if isinstance(error, exceptions.APIException) else None
    code = detail.code if isinstance(detail, exceptions.ErrorDetail) else None
    if isinstance(detail, dict):
        code, detail = str(detail.get("code", "not_authenticated")), detail.get("detail")
    message = FRAMEWORK_MESSAGES.get(code or "", detail or REFUSED)
    return failure(message=str(message), code=code or "refused")


def field_errors(detail: Any, name: str = "") -> dict[str, list[str]]:
    """Return DRF's nested error details as `{"field.inner": ["…"]}`."""
    if isinstance(detail, Mapping):
        items = list(detail.items())
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        items = list(enumerate(detail))
    else:
        messages = detail if isinstance(detail, list) else [detail]
        return {name or "non_field_errors": [str(message) for message in messages]}
    parts = [field_errors(inner, f"{name}.{key}" if name else str(key)) for key, inner in items]
    return {field: messages for part in parts for field, messages in part.items()}


def plain_errors(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the errors as plain strings, in the active language."""
    return {field: [str(message) for message in messages] for field, messages in errors.items()}
