"""The envelope of every answer, in one place: views see neither it nor the errors they let pass."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import DataError, InterfaceError, OperationalError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from tenants.base.errors import DomainError

log = structlog.get_logger(__name__)

UNPARSABLE = (DataError, OverflowError, UnicodeError, RecursionError, ValidationError)
"""What values do that serializers and forms let pass, and JSON too deep to reach them: the sender's mistake.

Django's admin asks for rows by keys as they were typed, and lets the field's own ValidationError pass.
"""
OUTAGES = (OperationalError, InterfaceError)
"""Postgres is away, or does not answer in time."""


def failure(*, message: str, code: str, errors: Any = None, data: Any = None) -> dict[str, Any]:
    """The envelope of a refusal."""
    return {"success": False, "data": data, "message": message, "code": code, "errors": errors or {}}


def unavailable() -> dict[str, Any]:
    """The envelope for when the world is not as it should be."""
    return failure(
        message=_("We cannot do this right now. Please try again in a moment."), code="unavailable"
    )


class EnvelopeRenderer(JSONRenderer):
    """Puts what a view returns into `{success, data, message}`."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """As JSON bytes; failures come enveloped already."""
        response = (renderer_context or {}).get("response")
        if response is None or not response.exception:
            data = {"success": True, "data": data, "message": getattr(response, "message", "")}
        return super().render(data, accepted_media_type, renderer_context)


def failure_of(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal as a failure envelope; None for what nobody foresaw."""
    if isinstance(error, DomainError):
        shown = getattr(context["view"], "show_refusal_data", lambda data: data)
        errors, data = plain(error.errors), shown(error.data)
        body = failure(message=str(error.message), code=error.code, errors=errors, data=data)
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
        return Response(body, status=error.status, headers=headers)
    if isinstance(error, UNPARSABLE):
        return Response(failure(message=_("This cannot be read."), code="invalid"), status=400)
    if isinstance(error, OUTAGES):
        log.exception("database_away")
        return Response(unavailable(), status=503, headers={"Retry-After": "2"})
    response = exception_handler(error, context)
    if response is not None:
        response.data = failure_of_framework(error, response)
    return response


def failure_of_framework(error: Exception, response: Response) -> dict[str, Any]:
    """The envelope for what DRF itself refuses."""
    if isinstance(error, exceptions.ValidationError):
        return failure(
            message=_("Please correct what is marked."), code="invalid", errors=field_errors(error.detail)
        )
    detail = error.detail if isinstance(error, exceptions.APIException) else None
    code = detail.code if isinstance(detail, exceptions.ErrorDetail) else None
    if isinstance(detail, dict):
        code, detail = str(detail.get("code", "not_authenticated")), detail.get("detail")
    if response.status_code == 404:  # noqa: PLR2004
        return failure(message=_("This could not be found."), code="not_found")
    return failure(message=str(detail or _("This cannot be done.")), code=code or "refused")


def field_errors(detail: Any, name: str = "") -> dict[str, list[str]]:
    """DRF's nested error details as `{"field.inner": ["…"]}`."""
    if isinstance(detail, Mapping):
        inside = list(detail.items())
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        inside = list(enumerate(detail))
    else:
        messages = detail if isinstance(detail, list) else [detail]
        return {name or "non_field_errors": [str(message) for message in messages]}
    parts = [field_errors(inner, f"{name}.{key}" if name else str(key)) for key, inner in inside]
    return {field: messages for part in parts for field, messages in part.items()}


def plain(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Lazy texts in the reader's language."""
    return {field: [str(message) for message in messages] for field, messages in errors.items()}
