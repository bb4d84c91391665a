"""The page for a clinic's own domains, in the clinic's admin and in the console."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.services.domains import (
    claim_domain,
    make_domain_primary,
    remove_claim,
    remove_domain,
    verify_domain,
)
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.base.clock import now
from tenants.base.errors import DomainError, NotFound
from tenants.current import enter_public
from tenants.domains.domain_verification import DNS_RECORD_PREFIX, WELL_KNOWN_PATH
from tenants.domains.services import is_platform_domain
from tenants.models import Clinic, Domain, DomainClaim

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = object


def _claim_id(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError as error:
        raise NotFound from error


def _domain_id(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 18):  # noqa: PLR2004  a bigint holds it
        raise NotFound
    return int(value)


_ACTIONS: dict[str, Callable[[HttpRequest, Clinic, str], object]] = {
    "claim": lambda request, clinic, value: claim_domain(clinic=clinic, domain=value, by=admin_user(request)),
    "prove": lambda request, clinic, value: verify_domain(
        clinic=clinic, claim_id=_claim_id(value), by=admin_user(request), now=now()
    ),
    "primary": lambda request, clinic, value: make_domain_primary(
        clinic=clinic, domain_id=_domain_id(value), by=admin_user(request)
    ),
    "remove": lambda request, clinic, value: remove_domain(
        clinic=clinic, domain_id=_domain_id(value), by=admin_user(request)
    ),
    "forget": lambda request, clinic, value: remove_claim(
        clinic=clinic, claim_id=_claim_id(value), by=admin_user(request)
    ),
}
_DONE = {
    "claim": gettext_lazy("The domain was added. Verify it to use it."),
    "prove": gettext_lazy("The domain is verified. The clinic can now be reached at it."),
    "primary": gettext_lazy("The primary domain was changed."),
    "remove": gettext_lazy("The domain was removed."),
    "forget": gettext_lazy("The domain was removed."),
}


class DomainsPage(_Base):
    """Adds the page for a clinic's own domains to a model admin."""

    def domains_page(self, request: HttpRequest, clinic: Clinic) -> HttpResponse:
        """Show the domains, or carry out the action of a button and show them again."""
        name, value = request.POST.get("do", ""), request.POST.get("which", "")
        action = _ACTIONS.get(name)
        if request.method != "POST" or action is None:
            return self._show(request, clinic, "", "")
        try:
            action(request, clinic, value)
        except DomainError as error:
            entered = value if name == "claim" else ""
            return self._show(request, clinic, error.message_with_details, entered)
        self.message_user(request, _DONE[name], messages.SUCCESS)
        return redirect(request.path)

    def _show(self, request: HttpRequest, clinic: Clinic, error: str, entered: str) -> HttpResponse:
        with enter_public():
            domains = list(Domain.objects.filter(tenant=clinic).order_by("-is_primary", "domain"))
            claims = list(DomainClaim.objects.filter(clinic=clinic).order_by("domain"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Domains of %(clinic)s") % {"clinic": clinic.name},
            "domains": [(domain, is_platform_domain(domain)) for domain in domains],
            "claims": claims,
            "error": error,
            "entered": entered,
            "platform_address": f"{clinic.slug}.{settings.BASE_DOMAIN}",
            "record": DNS_RECORD_PREFIX,
            "file": WELL_KNOWN_PATH,
            "opts": self.opts,
        }
        return TemplateResponse(request, "clinics/domains.html", context)
