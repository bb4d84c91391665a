"""The style sheet with the clinic's colours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics.planning import dark_shades
from clinics.selectors import clinic_settings
from tenants.base.views import public_data


@public_data
@require_safe
@cache_control(max_age=60)
def brand_css(request: HttpRequest) -> HttpResponse:
    """Return the clinic's colours as CSS custom properties, for the web app and Django Admin."""
    brand = clinic_settings()
    context = {"brand": brand, "dark": dark_shades(brand.primary_color)}
    return render(request, "clinics/brand.css", context, content_type="text/css")
