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

from clinics.services.life import close_clinic, drop_clinic, reopen_clinic, resume_clinic, suspend_clinic
from tenants.accounts.audited_admin import staff_of
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.errors import Text
from tenants.models import Clinic

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
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
    take: Callable[[Any, User | None], Any]


def _taken(service: Callable[..., Any]) -> Callable[[Clinic, User | None], Any]:
    return lambda clinic, by: service(clinic=clinic, by=by)


def _close(clinic: Clinic, by: User | None) -> None:
    close_clinic(clinic=clinic, by=by, now=now())


def _drop(clinic: Clinic, by: User | None) -> None:
    drop_clinic(clinic=clinic, by=by, now=now())


SUSPEND = Step(
    action="suspend_selected",
    title=_("Suspend clinics"),
    consequence=_(
        "Nobody gets in: patients and staff are told that the clinic is closed for now. No e-mail goes out. "
        "Nothing is lost: it goes on where it was when the clinic is resumed."
    ),
    button=_("Suspend these clinics"),
    done=_("Suspended: %(clinics)s."),
    take=_taken(suspend_clinic),
)
RESUME = Step(
    action="resume_selected",
    title=_("Resume clinics"),
    consequence=_("Everybody gets in again, and e-mails that waited go out unless it is too late for them."),
    button=_("Resume these clinics"),
    done=_("Open again: %(clinics)s."),
    take=_taken(resume_clinic),
)


CLOSE = Step(
    action="close_selected",
    title=_("Close clinics"),
    consequence=_(
        "For good: nobody gets in, no e-mail goes out, and visitors read until when their data are kept. "
        "Until then a clinic can be reopened; after that everything it has is dropped. Export it first if it "
        "may be needed again."
    ),
    button=_("Close these clinics"),
    done=_("Closed: %(clinics)s."),
    take=_close,
)
REOPEN = Step(
    action="reopen_selected",
    title=_("Reopen clinics"),
    consequence=_("They are live again, with everything they had."),
    button=_("Reopen these clinics"),
    done=_("Open again: %(clinics)s."),
    take=_taken(reopen_clinic),
)
DROP = Step(
    action="drop_selected",
    title=_("Drop clinics"),
    consequence=_(
        "Everything these clinics have is deleted: people, bookings, history. There is no way back but an "
        "exported file. Only closed clinics whose time is over can be dropped; that also happens by itself."
    ),
    button=_("Drop these clinics and all they have"),
    done=_("Gone: %(clinics)s."),
    take=_drop,
)


class TakesSteps(_Base):
    """Steps that are asked for in the list and confirmed on a page that names what they are taken with."""

    def ask_or_take(self, step: Step, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """The page that names them; once that is confirmed, the step itself."""
        rows = list(queryset)
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": step.title,
                "step": step,
                "clinics": rows,
                "opts": self.opts,
                "back": request.path,
            }
            return TemplateResponse(request, "console/confirm_step.html", context)
        names = ", ".join(row.name for row in rows)
        with transaction.atomic():
            for row in rows:
                step.take(row, staff_of(request))
        self.message_user(request, step.done % {"clinics": names}, messages.SUCCESS)
        return None


class LifeActions(TakesSteps):
    """Suspend and resume, close, reopen and drop."""

    actions = ("suspend_selected", "resume_selected", "close_selected", "reopen_selected", "drop_selected")

    @admin.action(description=_("Suspend selected clinics"))
    def suspend_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask, then close all of them or none."""
        return self.ask_or_take(SUSPEND, request, queryset)

    @admin.action(description=_("Resume selected clinics"))
    def resume_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask, then open all of them or none."""
        return self.ask_or_take(RESUME, request, queryset)

    @admin.action(description=_("Close selected clinics"))
    def close_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask, then close all of them for good or none."""
        return self.ask_or_take(CLOSE, request, queryset)

    @admin.action(description=_("Reopen selected clinics that were closed"))
    def reopen_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask, then reopen all of them or none."""
        return self.ask_or_take(REOPEN, request, queryset)

    @admin.action(description=_("Drop selected clinics whose time is over"))
    def drop_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask, then drop all of them or none."""
        return self.ask_or_take(DROP, request, queryset)
