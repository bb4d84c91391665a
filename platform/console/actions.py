"""What operators do with clinics from the list, each behind a page that names them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from clinics.services.life import resume_clinic, suspend_clinic
from tenants.accounts.audited_admin import staff_of
from tenants.base.errors import Text
from tenants.models import Clinic

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Clinic]
else:
    _Base = object


@dataclass(frozen=True, slots=True)
class Step:
    """A step in clinics' lives: the words around it, and the service that takes it."""

    action: str
    title: Text
    consequence: Text
    button: Text
    done: Text
    take: Callable[..., Any]


SUSPEND = Step(
    action="suspend_selected",
    title=_("Suspend clinics"),
    consequence=_(
        "Nobody gets in: patients and staff are told that the clinic is closed for now. No e-mail goes out. "
        "Nothing is lost: it goes on where it was when the clinic is resumed."
    ),
    button=_("Suspend these clinics"),
    done=_("Suspended: %(clinics)s."),
    take=suspend_clinic,
)
RESUME = Step(
    action="resume_selected",
    title=_("Resume clinics"),
    consequence=_("Everybody gets in again, and e-mails that waited go out unless it is too late for them."),
    button=_("Resume these clinics"),
    done=_("Open again: %(clinics)s."),
    take=resume_clinic,
)


class LifeActions(_Base):
    """Suspend and resume."""

    actions = ("suspend_selected", "resume_selected")

    @admin.action(description=_("Suspend selected clinics"))
    def suspend_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask, then close all of them or none."""
        return self.ask_or_take(SUSPEND, request, queryset)

    @admin.action(description=_("Resume selected clinics"))
    def resume_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask, then open all of them or none."""
        return self.ask_or_take(RESUME, request, queryset)

    def ask_or_take(
        self, step: Step, request: HttpRequest, queryset: QuerySet[Clinic]
    ) -> HttpResponse | None:
        """The page that names the clinics; once that is confirmed, the step itself."""
        clinics = list(queryset)
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": step.title,
                "step": step,
                "clinics": clinics,
                "opts": self.model._meta,
            }
            return TemplateResponse(request, "console/confirm_step.html", context)
        with transaction.atomic():
            for clinic in clinics:
                step.take(clinic=clinic, by=staff_of(request))
        names = ", ".join(clinic.name for clinic in clinics)
        self.message_user(request, step.done % {"clinics": names}, messages.SUCCESS)
        return None
