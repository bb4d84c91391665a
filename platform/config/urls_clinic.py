"""The URLs of a clinic's host."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from clinics.pages import brand_css, web_app

handler400 = "config.failures.bad_request"
handler403 = "config.failures.forbidden"
handler404 = "config.failures.not_found"
handler500 = "config.failures.broken"

# Swagger UI sets `style` attributes; its scripts and style sheets are served as static files.
# The view's renderer fails on OPTIONS, so only GET and HEAD are allowed.
_page = SpectacularSwaggerSplitView.as_view(http_method_names=["get", "head"])
docs = csp_update({"style-src-attr": [UNSAFE_INLINE]})(_page)

api: list[URLPattern | URLResolver] = [
    path("", include("scheduling.urls")),  # first, because most requests are for these
    path("", include("tenants.accounts.urls")),
    path("", include("clinics.urls")),
    path("", include("notifications.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
]

urlpatterns = [
    path("api/", include(api)),
    path("admin/", admin.site.urls),
    path("brand.css", brand_css, name="brand-css"),
    # All other paths belong to the web app, which shows its own “not found” page.
    re_path(r"^(?!api/|admin/|static/|book/|health/|metrics).*$", web_app, name="web-app"),
]
