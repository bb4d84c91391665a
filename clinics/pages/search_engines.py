"""Files that programs request from a clinic's host.

`robots.txt`, `sitemap.xml`, the browser tab's icon, and the manifest with which a phone installs the web app.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics.api.clinic_description import clinic_data
from clinics.home_selectors import LEGAL_TITLES, team
from clinics.picture_files import installed_icons
from clinics.selectors import clinic_settings
from tenants.base.locales import tag_of
from tenants.base.views import public_data
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url

_DRAWN_ICON = {"src": "/favicon.ico", "sizes": "any", "type": "image/svg+xml"}
"""The icon of a clinic that has uploaded none."""
_PERSONAL = (
    "/admin/",
    "/api/",
    "/appointments",
    "/booking/",
    "/check-in",
    "/portal",
    "/profile",
    "/visit/",
    "/waiting-list",
)
"""Paths that search engines should not list. Access to them is restricted elsewhere."""


@public_data
@require_safe
@cache_control(max_age=3600)
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Return what search engines may read, with the address of the sitemap."""
    # The photos and pictures on the pages are below /api/.
    allowed = ["/api/users/doctors/*/photo/", "/api/clinic/pictures/"]
    lines = [
        "User-agent: *",
        *(f"Allow: {path}" for path in allowed),
        *(f"Disallow: {path}" for path in _PERSONAL),
        "",
        f"Sitemap: {clinic_url(current_clinic(), '/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public_data
@require_safe
@cache_control(max_age=3600)
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Return the addresses of the public pages, at the clinic's primary domain."""
    origin = clinic_url(current_clinic(), "")
    fixed = [(f"{origin}{path}", None) for path in ("/", "/doctors", *(f"/{kind}" for kind in LEGAL_TITLES))]
    doctors = [(f"{origin}/doctors/{pk}", changed) for pk, changed in team().values_list("pk", "updated_at")]
    return render(
        request, "clinics/sitemap.xml", {"pages": [*fixed, *doctors]}, content_type="application/xml"
    )


@public_data
@require_safe
@cache_control(max_age=3600)
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect to the clinic's icon, or return its first letter in its colour.

    Browsers ask for this address without a link to it, for example when they show a picture.
    """
    branding = clinic_data()["branding"]
    if branding["icon"]:
        return HttpResponseRedirect(branding["icon"]["small"])
    context = {"letter": current_clinic().name[:1].upper(), "branding": branding}
    return render(request, "clinics/icon.svg", context, content_type="image/svg+xml")


@public_data
@require_safe
@cache_control(max_age=3600)
def web_manifest(request: HttpRequest) -> HttpResponse:
    """Return the web app manifest, with which a phone puts the clinic on its home screen.

    The installed app opens at the appointments, because mostly people who already have one install it.
    """
    clinic, settings = current_clinic(), clinic_settings()
    manifest = {
        "id": "/",
        "name": clinic.name,
        "lang": tag_of(clinic.language_code),
        "start_url": "/appointments",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": settings.primary_color,
        "icons": installed_icons(settings.pictures.get("icon")) or [_DRAWN_ICON],
    }
    return JsonResponse(manifest, content_type="application/manifest+json")
