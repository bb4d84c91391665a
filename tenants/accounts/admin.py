"""Users in Django Admin."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tenants.accounts.audit.admin import AuditAdmin
from tenants.accounts.audit.admin_mixins import AuditChanges, AuditLists, AuditViews, admin_user
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.endings import Change, end_access
from tenants.accounts.credentials.services import change_access
from tenants.accounts.email_change.services import announce_change_by_staff
from tenants.accounts.email_owner import check_email_is_free, lock_email
from tenants.accounts.email_verification.services import send_verification
from tenants.accounts.models import User
from tenants.accounts.models.authenticator import Authenticator
from tenants.accounts.passwords.services import request_reset
from tenants.accounts.second_factor.enrolment import reset_second_factor
from tenants.accounts.undeliverable import release_emails
from tenants.base.admin import ShowRefusals
from tenants.base.clock import now
from tenants.base.requests import rate_limit_address
from tenants.current import current_clinic_or_none

__all__ = ["AuditAdmin", "UserAdmin"]

# Permissions follow from a user's role. Groups are not used.
admin.site.unregister(Group)
# django-otp's own pages show secret keys and can assign them to other users.
admin.site.unregister([TOTPDevice, StaticDevice])


_ACCESS_FIELDS = {"role", "is_active"}


class _FreeEmail:
    """A form that refuses the email address of another account."""

    cleaned_data: dict[str, Any]
    instance: User

    def clean_email(self) -> str:
        """Return the address in lower case.

        :raises ValidationError: it belongs to another account
        """
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.owner_of(email) not in {None, self.instance}:
            raise forms.ValidationError(_("There is already an account with this email address."))
        return email


class NewUserForm(_FreeEmail, BaseUserCreationForm[User]):
    """A new user with a first password."""

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "phone", "role")


class ConfirmedFilter(admin.SimpleListFilter):
    """Filters by whether the user has confirmed the email address."""

    title = _("email address confirmed")
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Filter by the chosen value."""
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(email_verified_at__isnull=self.value() == "no")


class RoleFilter(admin.ChoicesFieldListFilter):
    """Filters by role. Leaves out operators, who are never users of a clinic."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Return all choices except “platform operator”."""
        operator = User.Role.OPERATOR.label
        return (choice for choice in super().choices(changelist) if choice["display"] != operator)


class UserForm(_FreeEmail, UserChangeForm[User]):
    """All fields of a user except the password, which has its own page."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(AuditChanges, AuditViews, AuditLists, ShowRefusals, DjangoUserAdmin[User]):
    """The users who can sign in to this clinic."""

    audit_values = ("role", "is_active")
    form = UserForm
    add_form = NewUserForm
    list_display: tuple[str, ...] = (
        "email", "first_name", "last_name", "role", "is_active", "email_verified_at", "two_steps",
        "last_login",
    )  # fmt: skip
    actions: tuple[str, ...] = ("mail_new_password", "reset_second_factor", "send_emails_again")
    list_filter: ClassVar[Any] = (("role", RoleFilter), "is_active", ConfirmedFilter, "email_problem")
    search_fields = ("email", "first_name", "last_name", "phone__written")
    ordering = ("last_name", "first_name")
    filter_horizontal = ()
    readonly_fields = (
        "email_verified_at",
        "email_problem",
        "email_undeliverable_at",
        "last_login",
        "created_at",
    )
    fieldsets = (
        (None, {"fields": ("email", "email_verified_at", ("email_problem", "email_undeliverable_at"))}),
        (_("Person"), {"fields": ("first_name", "last_name", "phone", "language")}),
        (_("Access"), {"fields": ("role", "is_active", "last_login", "created_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "first_name", "last_name", "phone", "role")}),
        (_("Temporary password"), {"fields": ("password1", "password2")}),
    )

    def subjects(self, obj: User) -> list[Model]:
        """Return the records to audit on a user's page: the accounts of patients, none for staff."""
        return [obj] if obj.role == User.Role.PATIENT else []

    def audited_record(self, obj: User) -> Model | None:
        """Return the record to audit for a row of the list: the accounts of patients, none for staff."""
        return obj if obj.role == User.Role.PATIENT else None

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave out the role of operators, who exist in the public schema only."""
        if db_field.name == "role":
            kwargs["choices"] = [choice for choice in User.Role.choices if choice[0] != User.Role.OPERATOR]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Annotate whether each user has two-step sign-in."""
        apps = Authenticator.objects.filter(user=OuterRef("pk"), confirmed=True)
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(has_app=Exists(apps))

    @admin.display(description=_("two-step sign-in"), boolean=True)
    def two_steps(self, user: Any) -> bool:
        """Return whether the user has two-step sign-in."""
        return bool(user.has_app)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid adding: staff are invited and patients register, so everybody chooses their own password."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Forbid setting another user's password: the action emails a link instead.

        :raises PermissionDenied: always
        """
        raise PermissionDenied

    @admin.action(description=_("Email a password reset link to selected users"))
    def mail_new_password(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Request a password reset for each user. The usual limits on requests apply."""
        for user in queryset:
            request_reset(email=user.email, address=rate_limit_address(request), now=now())
        self.message_user(request, _("The password reset emails will be sent shortly."), messages.SUCCESS)

    @admin.action(description=_("Turn off two-step sign-in for selected users"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Turn it off for users who lost phone and recovery codes, for all selected users or none."""
        for user in queryset:
            reset_second_factor(user=user, by=admin_user(request))
        self.message_user(
            request,
            _("Two-step sign-in is off. These users can now sign in with their password."),
            messages.SUCCESS,
        )

    @admin.action(description=_("Send emails to selected users again"))
    def send_emails_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Release the emails held for users who say that their address works."""
        for user in queryset.exclude(email_undeliverable_at=None):
            with transaction.atomic():
                release_emails(user=user, now=now())
                write_audit_entries(
                    what=AuditAction.CHANGED,
                    by=admin_user(request),
                    about=[user],
                    changes={"email_problem": None},
                )
        self.message_user(request, _("Held emails will be sent shortly."), messages.SUCCESS)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Forbid deleting: users are deactivated, because bookings and events refer to them."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        """Save the user through the services. Ask to confirm a new email address, and announce it to the old
        one.

        :raises EmailTaken: the address came to belong to another account meanwhile
        :raises DomainError: a rule about roles and active users refuses the change
        """
        lock_email(obj.email)
        check_email_is_free(obj.email, user=obj)
        if not change:
            super().save_model(request, obj, form, change)
            return
        changed = set(form.changed_data)
        was_confirmed = obj.email_verified_at is not None
        if email_changed := "email" in changed:
            obj.email_verified_at = None
        # Only what was changed: the row may have changed since it was loaded.
        fields = changed - _ACCESS_FIELDS | ({"email_verified_at"} if email_changed else set())
        obj.save(update_fields=fields)
        if email_changed:
            release_emails(user=obj, now=now())
            end_access(user=obj, change=Change.ADDRESS, by=admin_user(request), now=now())
        access = {name: form.cleaned_data[name] for name in changed & _ACCESS_FIELDS}
        change_access(user=obj, **access, by=admin_user(request), now=now())
        if email_changed and current_clinic_or_none():
            send_verification(user=obj, now=now())
            if was_confirmed:
                announce_change_by_staff(user=obj, old_email=form.initial["email"], now=now())
