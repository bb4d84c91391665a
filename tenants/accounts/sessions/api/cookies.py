"""Refresh tokens: an HttpOnly cookie for browsers, part of the body for other programs.

A browser asks for the cookie with `X-Session: cookie`. A page of another origin cannot send that header (the
API does not answer preflight requests), so the header also protects the cookie against cross-site requests.
`Origin` is checked as well: hosts of other clinics are the same site to a browser, so `SameSite` does not
stop them.
"""

import uuid
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.settings import api_settings

from tenants.accounts.errors import ForeignOrigin, SessionEnded
from tenants.accounts.sessions.after_sign_in import run_after_sign_in
from tenants.accounts.sessions.api.serializers import RefreshInput, SessionOutput, TokensOutput
from tenants.accounts.sessions.services import Session
from tenants.accounts.sessions.tokens import SESSION
from tenants.base.requests import validate

R = TypeVar("R", bound=HttpResponse)

SESSION_HEADER = OpenApiParameter(
    "X-Session",
    location=OpenApiParameter.HEADER,
    enum=["cookie"],
    description="For web pages: the refresh token is sent as an HttpOnly cookie instead of in the body.",
)


class TokenView(APIView):
    """Base of views that issue or accept refresh tokens. They refuse pages of another origin."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the origin before the request is handled.

        :raises ForeignOrigin: the request comes from a page of another origin
        """
        super().initial(request, *args, **kwargs)
        uses_cookie(request)


def uses_cookie(request: Request) -> bool:
    """Return whether this request and its response carry the refresh token as a cookie.

    :raises ForeignOrigin: the request comes from a page of another origin
    """
    if request.headers.get("X-Session") != "cookie":
        return False
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.get_host()}":
        raise ForeignOrigin
    return True


def requested_refresh_token(request: Request) -> str:
    """Return the refresh token of the request, from the cookie or the body.

    :raises SessionEnded: the cookie is missing
    :raises ValidationError: the field in the body is missing
    """
    if not uses_cookie(request):
        refresh: str = validate(RefreshInput, request.data)["refresh"]
        return refresh
    if not (cookie := request.COOKIES.get(settings.REFRESH_COOKIE)):
        raise SessionEnded
    return cookie


def current_session_id(request: Request) -> uuid.UUID:
    """Return the id of the session that this request's access token belongs to."""
    return uuid.UUID(request.auth[SESSION])  # type: ignore[index]  # set by authentication


def session_response(
    request: Request,
    session: Session,
    *,
    status: int = 200,
    serializer_class: type[Any] = SessionOutput,
    **extra_fields: Any,
) -> Response:
    """Return the response with the tokens of `session`. The refresh token is a cookie if requested.

    Unless the session was only renewed, `run_after_sign_in` is called.

    :param extra_fields: further fields of the response
    """
    as_cookie = uses_cookie(request)
    response = Response(status=status)
    if serializer_class is not TokensOutput:
        run_after_sign_in(request, response, user=session.user)
    # Afterwards, so that it has the language that was stored with the user.
    data = {**serializer_class(session).data, **extra_fields}
    response.data = {**data, "refresh": None} if as_cookie else data
    if as_cookie:
        set_refresh_cookie(response, data["refresh"])
    return response


def set_refresh_cookie(response: HttpResponse, refresh: str) -> None:
    """Store a refresh token in the browser."""
    response.set_cookie(
        settings.REFRESH_COOKIE,
        refresh,
        max_age=api_settings.REFRESH_TOKEN_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def delete_cookie(response: R) -> R:
    """Delete the browser's refresh-token cookie."""
    response.delete_cookie(settings.REFRESH_COOKIE, samesite="Strict")
    return response
