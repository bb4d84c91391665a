"""Invitations of staff in Django Admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clinics.models import Doctor
from clinics.services.staff import invite_staff
from tenants.accounts.invitations.services import resend_invitation, withdraw_invitation
from tenants.accounts.models import Invitation, User
from tenants.base.admin import ShowRefusals
from tenants.base.clock import now


class InvitationForm(forms.ModelForm[Invitation]):
    """A new invitation."""

    doctor = forms.ModelChoiceField(
        Doctor.objects.filter(user=None),
        required=False,
        label=_("Existing doctor"),
        help_text=_(
            "If this person is already in the list of doctors, choose their entry. "
            "Otherwise a new doctor is added when they accept."
        ),
    )

    class Meta:
        model = Invitation
        fields = ("first_name", "last_name", "email", "role")

    def clean_email(self) -> str:
        """Return the email address in lower case, as it is stored."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any] | None:
        """Check that an existing doctor is chosen for the role of a doctor only."""
        cleaned = super().clean()
        if self.cleaned_data.get("doctor") and self.cleaned_data.get("role") != User.Role.DOCTOR:
            self.add_error("doctor", _("Choose an existing doctor only if the role is “doctor”."))
        return cleaned


class StateFilter(admin.SimpleListFilter):
    """Filters by status: waiting, expired, accepted or withdrawn."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [
            ("open", _("waiting")),
            ("expired", _("expired")),
            ("accepted", _("accepted")),
            ("withdrawn", _("withdrawn")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> QuerySet[Invitation]:
        """Filter by the chosen status."""
        waiting = Q(accepted_at=None, withdrawn_at=None)
        states = {
            "open": waiting & Q(expires_at__gt=now()),
            "expired": waiting & Q(expires_at__lte=now()),
            "accepted": Q(accepted_at__isnull=False),
            "withdrawn": Q(withdrawn_at__isnull=False),
        }
        return queryset.filter(states.get(self.value() or "", Q()))


@admin.register(Invitation)
class InvitationAdmin(ShowRefusals, admin.ModelAdmin[Invitation]):
    """Invitations of staff. The services write the audit log."""

    form = InvitationForm
    list_display = ("email", "full_name", "role", "state", "expires_at", "invited_by")
    list_filter = (StateFilter, "role")
    list_select_related = ("invited_by",)
    search_fields = ("email", "first_name", "last_name")
    actions = ("send_selected_again", "withdraw_selected")

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, invitation: Invitation) -> str:
        """Return first and last name."""
        return invitation.full_name

    @admin.display(description=_("status"))
    def state(self, invitation: Invitation) -> Any:
        """Return the status in words."""
        if invitation.accepted_at:
            return _("accepted")
        if invitation.withdrawn_at:
            return _("withdrawn")
        if not invitation.is_valid(now=now()):
            return _("expired")
        return _("waiting") if invitation.sent_at else _("being sent")

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> tuple[str, ...]:
        """Return the fields of the form for a new invitation, or all fields of an existing one."""
        editable = ("first_name", "last_name", "email", "role")
        if obj is None:
            return (*editable, "doctor")
        return (*editable, "state", "invited_by", "sent_at", "expires_at", "accepted_at", "withdrawn_at")

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """Forbid changes: withdraw the invitation and send a new one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """Forbid deleting: invitations are withdrawn."""
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: InvitationForm, change: bool) -> None:
        """Send the invitation through the service."""
        if change or not isinstance(request.user, User):
            return
        created = invite_staff(**form.cleaned_data, by=request.user, now=now())
        obj.pk, obj.invited_by, obj.expires_at = created.pk, created.invited_by, created.expires_at

    @admin.action(description=_("Send selected invitations again"))
    def send_selected_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Send all invitations again, or none. Each link works for another seven days."""
        for invitation in queryset:
            if isinstance(request.user, User):
                resend_invitation(invitation=invitation, by=request.user, now=now())
        count = queryset.count()
        message = ngettext(
            "%(count)d invitation will be sent again.", "%(count)d invitations will be sent again.", count
        )
        self.message_user(request, message % {"count": count}, messages.SUCCESS)

    @admin.action(description=_("Withdraw selected invitations"))
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Withdraw all invitations, or none. Their links stop working."""
        for invitation in queryset:
            if isinstance(request.user, User):
                withdraw_invitation(invitation=invitation, by=request.user, now=now())
        count = queryset.count()
        message = ngettext("%(count)d invitation withdrawn.", "%(count)d invitations withdrawn.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
