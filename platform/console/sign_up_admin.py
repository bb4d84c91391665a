"""Sign-ups in the console: looked at, approved or refused."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from console.actions import Step, TakesSteps
from console.models import SignUp
from console.sign_up import approve_sign_up, change_slug, refuse_sign_up
from console.sites import console
from tenants.accounts.audited_admin import WritesAudited
from tenants.accounts.models import User
from tenants.base.admin import RefusalsAsMessages
from tenants.base.clock import now


def _approve(sign_up: SignUp, by: User | None) -> None:
    approve_sign_up(sign_up=sign_up, by=by, now=now())


def _refuse(sign_up: SignUp, by: User | None) -> None:
    refuse_sign_up(sign_up=sign_up, by=by, now=now())


APPROVE = Step(
    action="approve_selected",
    title=_("Approve sign-ups"),
    consequence=_(
        "The clinics are opened now, which may take a few seconds, and who asked is told by e-mail."
    ),
    button=_("Open these clinics"),
    done=_("Opened: %(clinics)s."),
    take=_approve,
)
REFUSE = Step(
    action="refuse_selected",
    title=_("Refuse sign-ups"),
    consequence=_("The clinics are not opened, and who asked is told by e-mail."),
    button=_("Refuse these sign-ups"),
    done=_("Refused: %(clinics)s."),
    take=_refuse,
)


@admin.register(SignUp, site=console)
class SignUpAdmin(WritesAudited, TakesSteps, RefusalsAsMessages, admin.ModelAdmin[SignUp]):
    """Who would like a clinic here."""

    actions = ("approve_selected", "refuse_selected")
    list_display = ("name", "slug", "time_zone", "email", "status", "created_at")
    list_filter = ("status",)
    search_fields = ("name", "slug", "email")
    fields = ("name", "slug", "time_zone", "first_name", "last_name", "email", "status", "created_at")

    @admin.action(description=_("Approve selected sign-ups"))
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[SignUp]) -> HttpResponse | None:
        """Ask, then open all of them or none."""
        return self.ask_or_take(APPROVE, request, queryset)

    @admin.action(description=_("Refuse selected sign-ups"))
    def refuse_selected(self, request: HttpRequest, queryset: QuerySet[SignUp]) -> HttpResponse | None:
        """Ask, then refuse all of them or none."""
        return self.ask_or_take(REFUSE, request, queryset)

    def get_readonly_fields(self, request: HttpRequest, obj: SignUp | None = None) -> tuple[str, ...]:
        """All but the address, which may be taken by the time somebody decides."""
        waits = obj is not None and obj.status == SignUp.Status.WAITING
        return tuple(field for field in self.fields if not (waits and field == "slug"))

    def save_model(self, request: HttpRequest, obj: SignUp, form: Any, change: bool) -> None:
        """Give it another address."""
        if "slug" in form.changed_data:
            change_slug(sign_up=obj, slug=obj.slug)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SignUp | None = None) -> bool:
        """They are forgotten when their time is over."""
        return False
