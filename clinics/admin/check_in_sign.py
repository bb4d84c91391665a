"""The sign for the clinic's door: a QR code that leads patients to the page on which they check in."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from clinics.check_in_sign import check_in_url, sign_texts
from clinics.selectors import clinic_settings
from tenants.accounts.second_factor.qr import qr_svg
from tenants.current import current_clinic


def check_in_sign(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Return the sign, in all languages of the clinic's patients, to print."""
    url = check_in_url()
    context = {
        **site.each_context(request),
        "title": _("Check-in sign"),
        "clinic_name": current_clinic().name,
        "url": url,
        "code": mark_safe(qr_svg(url, is_scalable=True)),  # noqa: S308  it is made of squares
        "texts": sign_texts(),
        "is_on": clinic_settings().online_check_in,
    }
    return TemplateResponse(request, "clinics/check_in_sign.html", context)
