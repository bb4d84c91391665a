"""Actions of the console's lists. Each asks for confirmation on a page that names the rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from clinics.services.lifecycle import close_clinic, drop_clinic, reopen_clinic, resume_clinic, suspend_clinic
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.errors import Text
from tenants.models import Clinic

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = object


@dataclass(frozen=True, slots=True)
class ConfirmedAction:
    """An action with its texts, and the service that carries it out."""

    action: str
    title: Text
    consequence: Text
    button: Text
    done: Text
    run: Callable[[Any, User | None], Any]


def _service_call(service: Callable[..., Any]) -> Callable[[Clinic, User | None], Any]:
    return lambda clinic, by: service(clinic=clinic, by=by)


def _close(clinic: Clinic, by: User | None) -> None:
    close_clinic(clinic=clinic, by=by, now=now())


def _drop(clinic: Clinic, by: User | None) -> None:
    drop_clinic(clinic=clinic, by=by, now=now())


SUSPEND = ConfirmedAction(
    action="suspend_selected",
    title=_("Suspend clinics"),
    consequence=_(
        "Patients and staff cannot sign in, and see that they cannot book online at the moment. "
        "No emails are sent. All data is kept, and you can resume the clinics at any time."
    ),
    button=_("Suspend these clinics"),
    done=_("Suspended: %(clinics)s."),
    run=_service_call(suspend_clinic),
)
RESUME = ConfirmedAction(
    action="resume_selected",
    title=_("Resume clinics"),
    consequence=_(
        "Patients and staff can sign in again. Waiting emails are sent, unless they are out of date."
    ),
    button=_("Resume these clinics"),
    done=_("Resumed: %(clinics)s."),
    run=_service_call(resume_clinic),
)
CLOSE = ConfirmedAction(
    action="close_selected",
    title=_("Close clinics"),
    consequence=_(
        "Patients and staff can no longer sign in, and no emails are sent. Visitors see until when their "
        "data is kept. Until then you can reopen the clinics. After that, all their data is deleted. "
        "Export a clinic first if you may need its data again."
    ),
    button=_("Close these clinics"),
    done=_("Closed: %(clinics)s."),
    run=_close,
)
REOPEN = ConfirmedAction(
    action="reopen_selected",
    title=_("Reopen clinics"),
    consequence=_("The clinics are live again, with all their data."),
    button=_("Reopen these clinics"),
    done=_("Reopened: %(clinics)s."),
    run=_service_call(reopen_clinic),
)
DROP = ConfirmedAction(
    action="drop_selected",
    title=_("Delete clinics"),
    consequence=_(
        "All data of these clinics is deleted: people, bookings and history. You can get it back only from "
        "an exported file. Only closed clinics whose grace period has ended can be deleted. This also "
        "happens automatically every night."
    ),
    button=_("Delete these clinics and all their data"),
    done=_("Deleted: %(clinics)s."),
    run=_drop,
)


class ConfirmedActions(_Base):
    """Adds actions that ask for confirmation."""

    def confirm_or_run(
        self, step: ConfirmedAction, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        """Return the confirmation page, or carry out the action for all rows once it is confirmed."""
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
                step.run(row, admin_user(request))
        self.message_user(request, step.done % {"clinics": names}, messages.SUCCESS)
        return None


class LifecycleActions(ConfirmedActions):
    """The actions suspend, resume, close, reopen and delete."""

    actions = ("suspend_selected", "resume_selected", "close_selected", "reopen_selected", "drop_selected")

    @admin.action(description=_("Suspend selected clinics"))
    def suspend_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask for confirmation, then suspend all selected clinics or none."""
        return self.confirm_or_run(SUSPEND, request, queryset)

    @admin.action(description=_("Resume selected clinics"))
    def resume_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask for confirmation, then resume all selected clinics or none."""
        return self.confirm_or_run(RESUME, request, queryset)

    @admin.action(description=_("Close selected clinics"))
    def close_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask for confirmation, then close all selected clinics or none."""
        return self.confirm_or_run(CLOSE, request, queryset)

    @admin.action(description=_("Reopen selected closed clinics"))
    def reopen_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask for confirmation, then reopen all selected clinics or none."""
        return self.confirm_or_run(REOPEN, request, queryset)

    @admin.action(description=_("Delete selected clinics whose grace period has ended"))
    def drop_selected(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """Ask for confirmation, then delete all selected clinics or none."""
        return self.confirm_or_run(DROP, request, queryset)
