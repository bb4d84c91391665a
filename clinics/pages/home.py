"""The clinic's home page and its legal pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.api.clinic_description import clinic_data
from clinics.home_page_data import home_page_data
from clinics.home_selectors import legal_page
from clinics.structured_data import clinic_structured_data
from tenants.accounts.pages.page_view import page_view
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url


@page_view(public=True)
def home_page(request: HttpRequest) -> HttpResponse:
    """Return the home page."""
    clinic, home = clinic_data(), home_page_data()
    origin = clinic_url(current_clinic(), "")
    context = {
        "home": home,
        "boot": {"home": home},
        "structured_data": clinic_structured_data(clinic, home, origin=origin),
    }
    return render(request, "clinics/home/page.html", context)


@page_view(public=True)
def legal(request: HttpRequest, kind: str) -> HttpResponse:
    """Return a legal page.

    :raises NotFound: there is no such page
    """
    return render(request, "clinics/legal/page.html", {"legal": legal_page(kind)})
