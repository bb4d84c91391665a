"""Inviting staff."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clinics.models import Doctor
from clinics.services.staff import invite_staff
from tenants.accounts.invitations import send_again, withdraw
from tenants.accounts.models import Invitation, User
from tenants.base.admin import RefusalsAsMessages
from tenants.base.clock import now


class InvitationForm(forms.ModelForm[Invitation]):
    """Who, and as what."""

    doctor = forms.ModelChoiceField(
        Doctor.objects.filter(user=None),
        required=False,
        label=_("Whose calendar"),
        help_text=_("For a doctor who is in the list of doctors already. Otherwise a new one is made."),
    )

    class Meta:
        model = Invitation
        fields = ("first_name", "last_name", "email", "role")

    def clean_email(self) -> str:
        """In the form in which it is compared."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any] | None:
        """Only doctors have a calendar.

        :raises ValidationError: somebody else is to get one
        """
        cleaned = super().clean()
        if self.cleaned_data.get("doctor") and self.cleaned_data.get("role") != User.Role.DOCTOR:
            self.add_error("doctor", _("Only a doctor has a calendar."))
        return cleaned


class StateFilter(admin.SimpleListFilter):
    """Waiting, too old, used or withdrawn."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The states."""
        return [
            ("open", _("waiting")),
            ("expired", _("too old")),
            ("accepted", _("accepted")),
            ("withdrawn", _("withdrawn")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> QuerySet[Invitation]:
        """Those of the chosen state."""
        waiting = Q(accepted_at=None, withdrawn_at=None)
        states = {
            "open": waiting & Q(expires_at__gt=now()),
            "expired": waiting & Q(expires_at__lte=now()),
            "accepted": Q(accepted_at__isnull=False),
            "withdrawn": Q(withdrawn_at__isnull=False),
        }
        return queryset.filter(states.get(self.value() or "", Q()))


@admin.register(Invitation)
class InvitationAdmin(RefusalsAsMessages, admin.ModelAdmin[Invitation]):
    """Who was invited to the staff. Everything done here is put in the audit log by its service."""

    form = InvitationForm
    list_display = ("email", "full_name", "role", "state", "expires_at", "invited_by")
    list_filter = (StateFilter, "role")
    list_select_related = ("invited_by",)
    search_fields = ("email", "first_name", "last_name")
    actions = ("send_selected_again", "withdraw_selected")

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, invitation: Invitation) -> str:
        """First and last name."""
        return invitation.full_name

    @admin.display(description=_("state"))
    def state(self, invitation: Invitation) -> Any:
        """In a word."""
        if invitation.accepted_at:
            return _("accepted")
        if invitation.withdrawn_at:
            return _("withdrawn")
        if not invitation.is_good(now=now()):
            return _("too old")
        return _("waiting") if invitation.sent_at else _("about to be sent")

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> tuple[str, ...]:
        """Five to invite, all to look at."""
        asked = ("first_name", "last_name", "email", "role")
        if obj is None:
            return (*asked, "doctor")
        return (*asked, "state", "invited_by", "sent_at", "expires_at", "accepted_at", "withdrawn_at")

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """A link that is out stays as it was sent: withdraw it and invite anew."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """They are withdrawn."""
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: InvitationForm, change: bool) -> None:
        """Invite, through the service."""
        if change or not isinstance(request.user, User):
            return
        made = invite_staff(**form.cleaned_data, by=request.user, now=now())
        obj.pk, obj.invited_by, obj.expires_at = made.pk, made.invited_by, made.expires_at

    @admin.action(description=_("Send selected invitations again"))
    def send_selected_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """All of them or none; each link works for another seven days."""
        for invitation in queryset:
            if isinstance(request.user, User):
                send_again(invitation=invitation, by=request.user, now=now())
        count = queryset.count()
        sent = ngettext("%(count)d invitation goes out again.", "%(count)d invitations go out again.", count)
        self.message_user(request, sent % {"count": count}, messages.SUCCESS)

    @admin.action(description=_("Withdraw selected invitations"))
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """All of them or none: their links stop working."""
        for invitation in queryset:
            if isinstance(request.user, User):
                withdraw(invitation=invitation, by=request.user, now=now())
        count = queryset.count()
        done = ngettext("%(count)d invitation is withdrawn.", "%(count)d invitations are withdrawn.", count)
        self.message_user(request, done % {"count": count}, messages.SUCCESS)
