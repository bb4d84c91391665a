"""The page that loads the web app, and the style sheet with the clinic's colours."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics.api.clinic_description import clinic_data
from clinics.selectors import clinic_settings
from tenants.base.views import public_data


@cache
def web_app_files() -> dict[str, Any]:
    """Return the URLs of the web app's script and style sheets, from Vite's manifest."""
    manifest = json.loads((Path(settings.WEB_DIST) / ".vite" / "manifest.json").read_text())
    entry = next(item for item in manifest.values() if item.get("isEntry"))
    return {
        "script": static(f"app/{entry['file']}"),
        "styles": [static(f"app/{name}") for name in entry.get("css", [])],
    }


@public_data
@require_safe
def web_app(request: HttpRequest) -> HttpResponse:
    """Return the page that loads the web app. It is the same for all paths: the app has its own router."""
    return render(request, "clinics/app.html", {"boot": {"clinic": clinic_data()}, "files": web_app_files()})


@public_data
@require_safe
@cache_control(max_age=60)
def brand_css(request: HttpRequest) -> HttpResponse:
    """Return the clinic's colours as CSS custom properties, for the web app and Django Admin."""
    return render(request, "clinics/brand.css", {"brand": clinic_settings()}, content_type="text/css")
