"""The home page of the base domain."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tenants.base.views import public_data
from tenants.models import Domain
from tenants.routing.public_urls import origin_url


@public_data
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Show the live clinics with links to them."""
    live = (
        Domain.objects.filter(is_primary=True, tenant__status="live")
        .select_related("tenant")
        .order_by("tenant__name")
    )
    clinics = [{"name": domain.tenant.name, "url": origin_url(domain.domain)} for domain in live]
    return render(
        request, "console/directory.html", {"clinics": clinics, "sign_up": settings.SIGN_UP != "off"}
    )
