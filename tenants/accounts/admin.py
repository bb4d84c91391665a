"""Users in a clinic's admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tenants.accounts.audit_admin import AuditAdmin
from tenants.accounts.audited_admin import ListsAudited, ReadsAudited, WritesAudited, staff_of
from tenants.accounts.authenticator import Authenticator
from tenants.accounts.enrolment import reset_second_factor
from tenants.accounts.models import User
from tenants.accounts.passwords import request_reset
from tenants.accounts.services import end_all_sessions
from tenants.accounts.verification import send_verification
from tenants.base.admin import RefusalsAsMessages
from tenants.base.clock import now
from tenants.base.requests import client_address
from tenants.door import current_clinic_or_none

__all__ = ["AuditAdmin", "UserAdmin"]

# A user's role says what they may do; groups would say it a second time.
admin.site.unregister(Group)
# These pages of django-otp's show keys, and could change whose they are.
admin.site.unregister([TOTPDevice, StaticDevice])


class NewUserForm(AdminUserCreationForm[User]):
    """Name, e-mail, role and a first password."""

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "phone", "role")


class UserForm(UserChangeForm[User]):
    """Everything about a user but their password, which has a page of its own."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(WritesAudited, ReadsAudited, ListsAudited, RefusalsAsMessages, DjangoUserAdmin[User]):
    """The people who may sign in to this clinic."""

    form = UserForm
    add_form = NewUserForm
    list_display = (
        "email", "first_name", "last_name", "role", "is_active", "email_verified_at", "two_steps",
        "last_login",
    )  # fmt: skip
    actions: tuple[str, ...] = ("mail_new_password", "reset_second_factor")
    list_filter = ("role", "is_active", ("email_verified_at", admin.EmptyFieldListFilter))
    search_fields = ("email", "first_name", "last_name", "phone")
    ordering = ("last_name", "first_name")
    filter_horizontal = ()
    readonly_fields = ("email_verified_at", "last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("email", "email_verified_at")}),
        (_("Person"), {"fields": ("first_name", "last_name", "phone")}),
        (_("Access"), {"fields": ("role", "is_active", "last_login", "created_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "first_name", "last_name", "phone", "role", "usable_password")}),
        (_("First password"), {"fields": ("password1", "password2")}),
    )

    def subjects(self, obj: User) -> list[Model]:
        """A patient's account is read like their record; colleagues' are not."""
        return [obj] if obj.role == User.Role.PATIENT else []

    def shown_with(self, obj: User) -> Model | None:
        """As above, of a line."""
        return obj if obj.role == User.Role.PATIENT else None

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer a clinic's roles; operators exist on the platform only."""
        if db_field.name == "role":
            kwargs["choices"] = [choice for choice in User.Role.choices if choice[0] != User.Role.OPERATOR]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With whether each signs in in two steps."""
        apps = Authenticator.objects.filter(user=OuterRef("pk"), confirmed=True)
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(has_app=Exists(apps))

    @admin.display(description=_("two-step sign-in"), boolean=True)
    def two_steps(self, user: Any) -> bool:
        """Whether a code is asked for after the password."""
        return bool(user.has_app)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Staff are invited and patients register: nobody is given a password by somebody else."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Closed, for the same reason: they are mailed a link.

        :raises PermissionDenied: always
        """
        raise PermissionDenied

    @admin.action(description=_("Mail a link to a new password"))
    def mail_new_password(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """As if each had asked for it; within the same limits."""
        for user in queryset:
            request_reset(email=user.email, address=client_address(request), now=now())
        self.message_user(request, _("The links are on their way."), messages.SUCCESS)

    @admin.action(description=_("Reset two-step sign-in"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For who has lost phone and recovery codes; of all that are chosen, or of none."""
        for user in queryset:
            reset_second_factor(user=user, by=staff_of(request))
        self.message_user(request, _("Reset. They sign in with their password now."), messages.SUCCESS)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Users are switched off, not deleted: their bookings and events stay theirs."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        """Store, end the user's sessions where what they may do has changed, have a new address confirmed."""
        if moved := change and "email" in form.changed_data:
            obj.email_verified_at = None
        super().save_model(request, obj, form, change)
        if change and {"role", "is_active", "password"} & set(form.changed_data):
            end_all_sessions(user=obj, by=staff_of(request))
        if moved and current_clinic_or_none():
            send_verification(user=obj, now=now())
