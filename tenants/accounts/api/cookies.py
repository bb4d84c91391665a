"""The session of a browser: its refresh token is a cookie that no script reads. Programs have it in the body.

A browser says so with `X-Session: cookie`. A page of another origin cannot send that header (the API answers
no preflight), so it is also what keeps others from using the cookie; `Origin` is looked at besides, because
a sibling clinic's host is the same site to a browser, and `SameSite` does not stop it.
"""

import uuid
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.settings import api_settings

from tenants.accounts.api.serializers import RefreshInput, SessionOutput
from tenants.accounts.errors import ForeignOrigin, SessionOver
from tenants.accounts.services import Session
from tenants.accounts.tokens import SESSION
from tenants.base.requests import read

AS_COOKIE = OpenApiParameter(
    "X-Session",
    location=OpenApiParameter.HEADER,
    enum=["cookie"],
    description="A browser's page: the refresh token comes and goes as a cookie instead of in the body.",
)


class GivesSession(APIView):
    """A view that gives or takes refresh tokens; nothing is done for a page of another host."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look at where the request comes from before anything is done.

        :raises ForeignOrigin: a page of another host asks
        """
        super().initial(request, *args, **kwargs)
        in_cookie(request)


def in_cookie(request: Request) -> bool:
    """Whether the refresh token of this request and its answer is a cookie.

    :raises ForeignOrigin: a page of another host asks
    """
    if request.headers.get("X-Session") != "cookie":
        return False
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.get_host()}":
        raise ForeignOrigin
    return True


def refresh_of(request: Request) -> str:
    """The refresh token that was sent.

    :raises SessionOver: it should be in the cookie, and there is none
    :raises ValidationError: it should be in the body, and there is none
    """
    if not in_cookie(request):
        refresh: str = read(RefreshInput, request.data)["refresh"]
        return refresh
    if not (cookie := request.COOKIES.get(settings.REFRESH_COOKIE)):
        raise SessionOver
    return cookie


def session_id_of(request: Request) -> uuid.UUID:
    """The session that the access token of this request belongs to."""
    return uuid.UUID(request.auth[SESSION])  # type: ignore[index]  # authentication has read it


def session_answer(
    request: Request, session: Session, *, status: int = 200, form: type[Any] = SessionOutput, **more: Any
) -> Response:
    """The answer that gives `session`: its refresh token as a cookie where the request asks for one.

    :param more: what else stands in the answer
    """
    as_cookie = in_cookie(request)
    data = {**form(session).data, **more}
    if not as_cookie:
        return Response(data, status=status)
    response = Response({**data, "refresh": None}, status=status)
    response.set_cookie(
        settings.REFRESH_COOKIE,
        data["refresh"],
        max_age=api_settings.REFRESH_TOKEN_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def without_cookie(response: Response) -> Response:
    """Have the browser forget its refresh token."""
    response.delete_cookie(settings.REFRESH_COOKIE, samesite="Strict")
    return response
