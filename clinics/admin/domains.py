"""The page on which a clinic's own domains are kept: in its admin, and in the console."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from clinics.services.domains import (
    claim_domain,
    make_domain_primary,
    prove_domain,
    remove_claim,
    remove_domain,
)
from tenants.accounts.audited_admin import staff_of
from tenants.base.clock import now
from tenants.base.errors import DomainError, NotFound
from tenants.door import enter_public
from tenants.models import Clinic, Domain, DomainClaim
from tenants.proofs import FILE, RECORD
from tenants.services.domains import stays

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = object


def _claim_id(given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError as error:
        raise NotFound from error


def _domain_id(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= 18):  # noqa: PLR2004  a bigint holds it
        raise NotFound
    return int(given)


ACTS: dict[str, Callable[[HttpRequest, Clinic, str], object]] = {
    "claim": lambda request, clinic, which: claim_domain(clinic=clinic, domain=which, by=staff_of(request)),
    "prove": lambda request, clinic, which: prove_domain(
        clinic=clinic, claim_id=_claim_id(which), by=staff_of(request), now=now()
    ),
    "primary": lambda request, clinic, which: make_domain_primary(
        clinic=clinic, domain_id=_domain_id(which), by=staff_of(request)
    ),
    "remove": lambda request, clinic, which: remove_domain(
        clinic=clinic, domain_id=_domain_id(which), by=staff_of(request)
    ),
    "forget": lambda request, clinic, which: remove_claim(
        clinic=clinic, claim_id=_claim_id(which), by=staff_of(request)
    ),
}


class KeepsDomains(_Base):
    """The page and what can be done on it."""

    def domains_page(self, request: HttpRequest, clinic: Clinic) -> HttpResponse:
        """Show the domains, or do what a button says and show them again."""
        act = ACTS.get(request.POST.get("do", ""))
        if request.method != "POST" or act is None:
            return self._show(request, clinic, "", "")
        which = request.POST.get("which", "")
        try:
            act(request, clinic, which)
        except DomainError as refused:
            typed = which if request.POST["do"] == "claim" else ""
            return self._show(request, clinic, refused.in_words, typed)
        self.message_user(request, _("Done."), messages.SUCCESS)
        return redirect(request.path)

    def _show(self, request: HttpRequest, clinic: Clinic, refused: str, typed: str) -> HttpResponse:
        with enter_public():
            own = list(Domain.objects.filter(tenant=clinic).order_by("-is_primary", "domain"))
            claims = list(DomainClaim.objects.filter(clinic=clinic).order_by("domain"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Domains of %(clinic)s") % {"clinic": clinic.name},
            "own": [(domain, stays(domain)) for domain in own],
            "claims": claims,
            "refused": refused,
            "typed": typed,
            "address_here": f"{clinic.slug}.{settings.BASE_DOMAIN}",
            "record": RECORD,
            "file": FILE,
            "opts": self.opts,
        }
        return TemplateResponse(request, "clinics/domains.html", context)
