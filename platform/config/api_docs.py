"""`/api/`, `/api/schema/` and `/api/docs/`, on clinic hosts and on the base domain."""

from collections.abc import Hashable
from typing import Any

from cachetools import LRUCache
from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class ApiIndexView(APIView):
    """The entry point of the API."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The URLs of the documentation, the OpenAPI document and the health checks."""
        paths = {
            "docs": reverse("docs"),
            "schema": reverse("schema"),
            "health": "/health/live",
            "readiness": "/health/ready",
        }
        return Response({name: request.build_absolute_uri(path) for name, path in paths.items()})


class SchemaView(SpectacularAPIView):
    """The OpenAPI document. It takes far longer to write than other answers, so it has its own limit.

    It depends only on the code, so each process writes it once for each language and format.
    """

    rate_limit = "documents by address"
    public_data = True

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The document, written by this or an earlier request."""
        key = (self.urlconf, get_language(), request.GET.urlencode(), request.accepted_media_type)
        if written := _documents.get(key):
            content, headers = written
            return HttpResponse(content, headers=headers)
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response.add_post_render_callback(
            lambda rendered: _documents.update({key: (rendered.content, _copied_headers(rendered))})
        )
        return response


_documents: LRUCache[Hashable, tuple[bytes, dict[str, str]]] = LRUCache(maxsize=16)


def _copied_headers(response: HttpResponse) -> dict[str, str]:
    """The headers that describe the document."""
    return {name: response[name] for name in ("Content-Type", "Content-Disposition")}


# Swagger UI sets `style` attributes. Its scripts and style sheets are static files of ours.
# OPTIONS is not allowed: the view's HTML renderer has no template for it.
_page = SpectacularSwaggerSplitView.as_view(http_method_names=["get", "head"])
_docs = csp_update({"style-src-attr": [UNSAFE_INLINE]})(_page)

clinic_documentation: list[URLPattern] = [
    path("", ApiIndexView.as_view(), name="api-index"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", _docs, name="docs"),
]

# The base domain documents the API of the clinics' hosts, which it does not serve itself.
_port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
_servers = [
    {
        "url": f"{settings.PUBLIC_SCHEME}://{{clinic}}.{settings.BASE_DOMAIN}{_port}",
        "description": "The host of a clinic.",
        "variables": {"clinic": {"default": "clinic", "description": "The clinic's slug."}},
    }
]
_schema = SchemaView.as_view(urlconf=settings.ROOT_URLCONF, custom_settings={"SERVERS": _servers})
platform_documentation: list[URLPattern] = [
    path("", ApiIndexView.as_view(), name="api-index"),
    path("schema/", _schema, name="schema"),
    path("docs/", _docs, name="docs"),
]
