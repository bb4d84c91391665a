"""The page that carries the web app, and the clinic's colours."""

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

from clinics.api.describing import describe_clinic
from clinics.selectors import clinic_settings


@cache
def web_app_files() -> dict[str, Any]:
    """The built web app's entry, from Vite's manifest: its script and its styles."""
    manifest = json.loads((Path(settings.WEB_DIST) / ".vite" / "manifest.json").read_text())
    entry = next(item for item in manifest.values() if item.get("isEntry"))
    return {
        "script": static(f"app/{entry['file']}"),
        "styles": [static(f"app/{name}") for name in entry.get("css", [])],
    }


@require_safe
def web_app(request: HttpRequest) -> HttpResponse:
    """Whatever a patient's address is, the same page: the app reads the address itself."""
    return render(
        request, "clinics/app.html", {"boot": {"clinic": describe_clinic()}, "files": web_app_files()}
    )


@require_safe
@cache_control(max_age=60)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The clinic's colours as custom properties, for the app, the admin and every other page."""
    return render(request, "clinics/brand.css", {"brand": clinic_settings()}, content_type="text/css")
