"""Sign-ups in the console."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from console.admin_site import console
from console.clinic_actions import ConfirmedAction, ConfirmedActions
from console.models import SignUp
from console.sign_up import approve_sign_up, change_slug, refuse_sign_up
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.accounts.models import User
from tenants.base.admin import ShowRefusals
from tenants.base.clock import now


def _approve(sign_up: SignUp, by: User | None) -> None:
    approve_sign_up(sign_up=sign_up, by=by, now=now())


def _refuse(sign_up: SignUp, by: User | None) -> None:
    refuse_sign_up(sign_up=sign_up, by=by, now=now())


APPROVE = ConfirmedAction(
    action="approve_selected",
    title=_("Approve sign-ups"),
    consequence=_(
        "The clinics are opened now. This may take a few seconds. We will email the people who signed up."
    ),
    button=_("Open these clinics"),
    done=_("Opened: %(clinics)s."),
    run=_approve,
)
REFUSE = ConfirmedAction(
    action="refuse_selected",
    title=_("Refuse sign-ups"),
    consequence=_("The clinics are not opened. We will email the people who signed up."),
    button=_("Refuse these sign-ups"),
    done=_("Refused: %(clinics)s."),
    run=_refuse,
)


@admin.register(SignUp, site=console)
class SignUpAdmin(AuditChanges, ConfirmedActions, ShowRefusals, admin.ModelAdmin[SignUp]):
    """Requests for new clinics."""

    actions = ("approve_selected", "refuse_selected")
    list_display = ("name", "slug", "time_zone", "email", "status", "created_at")
    list_filter = ("status",)
    search_fields = ("name", "slug", "email")
    fields = ("name", "slug", "time_zone", "first_name", "last_name", "email", "status", "created_at")

    @admin.action(description=_("Approve selected sign-ups"))
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[SignUp]) -> HttpResponse | None:
        """Ask for confirmation, then open all clinics or none."""
        return self.confirm_or_run(APPROVE, request, queryset)

    @admin.action(description=_("Refuse selected sign-ups"))
    def refuse_selected(self, request: HttpRequest, queryset: QuerySet[SignUp]) -> HttpResponse | None:
        """Ask for confirmation, then refuse all sign-ups or none."""
        return self.confirm_or_run(REFUSE, request, queryset)

    def get_readonly_fields(self, request: HttpRequest, obj: SignUp | None = None) -> tuple[str, ...]:
        """Allow changes of the web address of a waiting sign-up, because it may have been taken meanwhile."""
        is_waiting = obj is not None and obj.status == SignUp.Status.WAITING
        return tuple(field for field in self.fields if not (is_waiting and field == "slug"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the save buttons only if the web address can be changed."""
        can_save = len(self.get_readonly_fields(request, context.get("original"))) < len(self.fields)
        context |= {"show_save": can_save, "show_save_and_continue": can_save}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: SignUp, form: Any, change: bool) -> None:
        """Save the web address. The other fields are read-only."""
        if "slug" in form.changed_data:
            change_slug(sign_up=obj, slug=obj.slug)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid adding: people sign up themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SignUp | None = None) -> bool:
        """Forbid deleting: old sign-ups are deleted automatically."""
        return False
