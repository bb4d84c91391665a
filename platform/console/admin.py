"""The console's pages for operators: clinics and other operators. They show no patient data."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clinics.services.lifecycle import rename_clinic
from clinics.services.open_clinic import FirstAdmin, open_clinic
from console.admin_site import console
from console.clinic_actions import LifecycleActions
from console.health_admin import AlarmAdmin
from console.invite_admin_page import InviteAdminPage
from console.models import Alarm
from console.sign_up_admin import SignUpAdmin
from console.transfer_pages import ExportAndRestorePages
from tenants.accounts.admin import UserAdmin
from tenants.accounts.audit.admin import AuditAdmin
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.accounts.audit.services import last_clinic_audit_entry
from tenants.accounts.credentials.services import set_password
from tenants.accounts.models import User
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.accounts.passwords.services import request_reset
from tenants.base.admin import ShowRefusals
from tenants.base.clock import format_staff_time, now, time_zone_names
from tenants.base.email_addresses import EmailFormField
from tenants.base.requests import rate_limit_address
from tenants.current import enter_clinic
from tenants.models import Clinic, Domain
from tenants.routing.public_urls import clinic_url
from tenants.services.health import queue_counts, schema_size

if TYPE_CHECKING:
    _PasswordForm = AdminPasswordChangeForm[User]
else:
    _PasswordForm = AdminPasswordChangeForm


class OpeningForm(forms.ModelForm[Clinic]):
    """A new clinic and its first admin."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(name, name) for name in sorted(time_zone_names())]
    )
    admin_email = EmailFormField(label=_("Email address of the first admin"))
    admin_first_name = forms.CharField(label=_("First name"), max_length=80)
    admin_last_name = forms.CharField(label=_("Last name"), max_length=80)
    admin_password = forms.CharField(
        label=_("Temporary password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        required=False,
        help_text=_(
            "Leave empty to email the admin a link to choose a password. The link works for an hour."
        ),
    )

    class Meta:
        model = Clinic
        fields = ("name", "slug", "time_zone")

    def first_admin(self) -> FirstAdmin:
        """Return the clinic's first admin."""
        data = self.cleaned_data
        return FirstAdmin(
            email=data["admin_email"],
            password=data["admin_password"] or None,
            first_name=data["admin_first_name"],
            last_name=data["admin_last_name"],
        )


@admin.register(Clinic, site=console)
class ClinicAdmin(
    InviteAdminPage, ExportAndRestorePages, LifecycleActions, ShowRefusals, admin.ModelAdmin[Clinic]
):
    """The clinics of this installation."""

    list_display = ("name", "address", "time_zone", "status", "created_at")
    list_filter = ("status", "time_zone")
    search_fields = ("name", "slug")
    change_form_template = "console/clinic_change_form.html"
    change_list_template = "console/clinic_change_list.html"
    fieldsets = (
        (None, {"fields": ("name", "slug", "time_zone", "locale")}),
        (_("Status"), {"fields": ("status_text", "domains", "size", "background_jobs", "last_export")}),
    )
    opening_fieldsets = (
        (None, {"fields": ("name", "slug", "time_zone")}),
        (
            _("First admin"),
            {"fields": (("admin_first_name", "admin_last_name"), "admin_email", "admin_password")},
        ),
    )

    @admin.display(description=_("web address"))
    def address(self, clinic: Clinic) -> str:
        """Return a link to the clinic."""
        return format_html('<a href="{0}">{0}</a>', clinic_url(clinic))

    @admin.display(description=_("status"))
    def status_text(self, clinic: Clinic) -> str:
        """Return the status; for a closed clinic with the time at which its data is deleted."""
        if clinic.drop_after:
            return _("closed; data kept until %(time)s") % {"time": format_staff_time(clinic.drop_after)}
        return str(clinic.get_status_display())

    @admin.display(description=_("domains"))
    def domains(self, clinic: Clinic) -> str:
        """Return the clinic's domains."""
        clinic_domains = Domain.objects.filter(tenant=clinic).order_by("-is_primary", "domain")
        return ", ".join(domain.domain for domain in clinic_domains)

    @admin.display(description=_("database size"))
    def size(self, clinic: Clinic) -> str:
        """Return the size of the clinic's tables."""
        tables, size = schema_size(clinic)
        return _("%(size)s in %(tables)d tables") % {"size": filesizeformat(size), "tables": tables}

    @admin.display(description=_("background jobs"))
    def background_jobs(self, clinic: Clinic) -> str:
        """Return the numbers of waiting and of failed jobs in the queue."""
        waiting, failing = queue_counts(clinic, now=now())
        text = _("%(waiting)d waiting, %(failing)d failed and being retried")
        return text % {"waiting": waiting, "failing": failing}

    @admin.display(description=_("last export"))
    def last_export(self, clinic: Clinic) -> str:
        """Return when and by whom the clinic was last exported, from the audit log."""
        entry = last_clinic_audit_entry(what=AuditEntry.Action.EXPORTED, clinic=clinic)
        if entry is None:
            return str(_("never"))
        name = entry.by.get_full_name() if entry.by else _("the command line")
        return _("%(time)s by %(name)s") % {"time": format_staff_time(entry.at), "name": name}

    def get_form(
        self, request: HttpRequest, obj: Clinic | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Ask for the first admin of a new clinic."""
        return super().get_form(request, obj, change, **({} if obj else {"form": OpeningForm}), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Clinic | None = None) -> Any:
        """Return the fields of an existing or a new clinic."""
        return self.fieldsets if obj else self.opening_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Clinic | None = None) -> tuple[str, ...]:
        """Make the web address and the time zone read-only: links and working hours depend on them."""
        if obj is None:
            return ()
        return (
            "slug",
            "time_zone",
            "locale",
            "status_text",
            "domains",
            "size",
            "background_jobs",
            "last_export",
        )

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        """Open a new clinic, or rename an existing one."""
        if change:
            rename_clinic(clinic=obj, name=obj.name, by=admin_user(request))
            return
        first_admin = form.first_admin()
        opened = open_clinic(
            name=obj.name, slug=obj.slug, time_zone=obj.time_zone, admin=first_admin, by=admin_user(request)
        )
        obj.pk = opened.pk
        if first_admin.password is None:
            with enter_clinic(opened):
                request_reset(email=first_admin.email, address=rate_limit_address(request), now=now())

    def has_delete_permission(self, request: HttpRequest, obj: Clinic | None = None) -> bool:
        """Forbid Django's delete page: a clinic is closed first and deleted after its grace period."""
        return False


__all__ = ["SignUpAdmin"]

console.register(AuditEntry, AuditAdmin)
console.register(Alarm, AlarmAdmin)


class OperatorPasswordForm(_PasswordForm):
    """A new password for an operator. Operators have no other way to sign in, so it cannot be disabled."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True

    def save(self, commit: bool = True) -> User:
        """Set the password and end all sessions of the operator."""
        return set_password(user=self.user, password=self.cleaned_data["password1"], now=now())


@admin.register(User, site=console)
class OperatorAdmin(UserAdmin):
    """Operators. There are no invitations for them: an operator adds the next one."""

    change_password_form = OperatorPasswordForm
    actions = ("reset_second_factor",)
    list_display = ("email", "first_name", "last_name", "is_active", "two_steps", "last_login")
    list_filter = ("is_active",)
    fieldsets = ((None, {"fields": ("email", "password")}), *UserAdmin.fieldsets[1:])

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow adding operators with a temporary password."""
        return True

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Allow setting another operator's password: password resets by email exist in clinics only.

        One's own password is changed on the page that asks for the old one.
        """
        if id == str(request.user.pk):
            return redirect(reverse("admin:password_change", current_app=self.admin_site.name))
        return DjangoUserAdmin.user_change_password(self, request, id, form_url)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the role of operators only: the public schema has no other users."""
        if db_field.name == "role":
            kwargs["choices"] = [(User.Role.OPERATOR, User.Role.OPERATOR.label)]
            kwargs["initial"] = User.Role.OPERATOR
        return super(UserAdmin, self).formfield_for_choice_field(db_field, request, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the list's filters only: the public schema has no tables of doctors and patients."""
        is_filter = lookup.partition("__")[0] in self.list_filter
        return is_filter and super().lookup_allowed(lookup, value, request)
