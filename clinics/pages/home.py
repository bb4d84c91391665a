"""The clinic's home page and its legal pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.home_page_data import home_page_data
from clinics.home_selectors import legal_page
from clinics.pages.frame import frame_of
from clinics.public_cache import PUBLIC_PAGES
from clinics.structured_data import clinic_structured_data
from tenants.accounts.pages.page_view import page_view
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url


@page_view(public=True, cache=PUBLIC_PAGES)
def home_page(request: HttpRequest) -> HttpResponse:
    """Return the home page."""
    home, frame = home_page_data(), frame_of(request)
    origin = clinic_url(current_clinic(), "")
    frame.about = clinic_structured_data(frame.clinic, home, origin=origin)
    return render(request, "clinics/home/page.html", {"home": home, "boot": {"home": home}})


@page_view(public=True)
def legal(request: HttpRequest, kind: str) -> HttpResponse:
    """Return a legal page.

    :raises NotFound: there is no such page
    """
    return render(request, "clinics/legal/page.html", {"legal": legal_page(kind)})
