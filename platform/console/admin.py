"""What operators see: clinics and each other, never a patient."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clinics.services.life import rename_clinic
from clinics.services.opening import FirstAdmin, open_clinic
from console.actions import LifeActions
from console.moving_pages import MovesClinics
from console.sign_up_admin import SignUpAdmin
from console.sites import console
from tenants.accounts.admin import UserAdmin
from tenants.accounts.audit import last_of_clinic
from tenants.accounts.audit_admin import AuditAdmin
from tenants.accounts.audit_entry import AuditEntry
from tenants.accounts.audited_admin import staff_of
from tenants.accounts.models import User
from tenants.accounts.passwords import request_reset
from tenants.base.admin import RefusalsAsMessages
from tenants.base.clock import now, zone_names
from tenants.base.requests import client_address
from tenants.door import enter_clinic
from tenants.links import clinic_url
from tenants.models import Clinic, Domain
from tenants.services.health import size_of, work_of


class OpeningForm(forms.ModelForm[Clinic]):
    """A new clinic and who runs it."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(name, name) for name in sorted(zone_names())]
    )
    admin_email = forms.EmailField(label=_("E-mail address of the first admin"))
    admin_first_name = forms.CharField(label=_("First name"), max_length=80)
    admin_last_name = forms.CharField(label=_("Last name"), max_length=80)
    admin_password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        required=False,
        help_text=_("Best left empty: then they are mailed a link to choose one, good for an hour."),
    )

    class Meta:
        model = Clinic
        fields = ("name", "slug", "time_zone")

    def first_admin(self) -> FirstAdmin:
        """The one who runs the clinic from its first day."""
        given = self.cleaned_data
        return FirstAdmin(
            email=given["admin_email"],
            password=given["admin_password"] or None,
            first_name=given["admin_first_name"],
            last_name=given["admin_last_name"],
        )


@admin.register(Clinic, site=console)
class ClinicAdmin(MovesClinics, LifeActions, RefusalsAsMessages, admin.ModelAdmin[Clinic]):
    """The clinics of this installation."""

    list_display = ("name", "address", "time_zone", "status", "created_at")
    list_filter = ("status", "time_zone")
    search_fields = ("name", "slug")
    change_form_template = "console/clinic_change_form.html"
    change_list_template = "console/clinic_change_list.html"
    fieldsets = (
        (None, {"fields": ("name", "slug", "time_zone")}),
        (_("State"), {"fields": ("standing", "domains", "size", "work", "last_export")}),
    )
    opening_fieldsets = (
        fieldsets[0],
        (
            _("First admin"),
            {"fields": (("admin_first_name", "admin_last_name"), "admin_email", "admin_password")},
        ),
    )

    @admin.display(description=_("address"))
    def address(self, clinic: Clinic) -> str:
        """Where the clinic is reached."""
        return format_html('<a href="{0}">{0}</a>', clinic_url(clinic))

    @admin.display(description=_("status"))
    def standing(self, clinic: Clinic) -> str:
        """Where it is in its life, and of a closed one how long its data are kept."""
        if clinic.drop_after:
            words = _("closed; data kept until %(day)s")
            return words % {"day": date_format(clinic.drop_after, "j F Y, H:i e")}
        return str(clinic.get_status_display())

    @admin.display(description=_("domains"))
    def domains(self, clinic: Clinic) -> str:
        """Every host it answers at."""
        own = Domain.objects.filter(tenant=clinic).order_by("-is_primary", "domain")
        return ", ".join(domain.domain for domain in own)

    @admin.display(description=_("size"))
    def size(self, clinic: Clinic) -> str:
        """How much it takes of the database."""
        tables, size = size_of(clinic)
        return _("%(size)s in %(tables)d tables") % {"size": filesizeformat(size), "tables": tables}

    @admin.display(description=_("work"))
    def work(self, clinic: Clinic) -> str:
        """Whether what is to be done is done."""
        waiting, failing = work_of(clinic, now=now())
        words = _("%(waiting)d waiting, %(failing)d tried in vain")
        return words % {"waiting": waiting, "failing": failing}

    @admin.display(description=_("last export"))
    def last_export(self, clinic: Clinic) -> str:
        """When and by whom, from the audit log."""
        entry = last_of_clinic(what=AuditEntry.What.EXPORTED, clinic=clinic)
        if entry is None:
            return str(_("never"))
        who = entry.by.get_full_name() if entry.by else _("the command line")
        return _("%(when)s by %(who)s") % {"when": date_format(entry.at, "j F Y, H:i e"), "who": who}

    def get_form(
        self, request: HttpRequest, obj: Clinic | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """More is asked when a clinic is opened."""
        return super().get_form(request, obj, change, **({} if obj else {"form": OpeningForm}), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Clinic | None = None) -> Any:
        """As above."""
        return self.fieldsets if obj else self.opening_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Clinic | None = None) -> tuple[str, ...]:
        """A new address breaks links that are out; a new zone would move every hour of the calendar."""
        return ("slug", "time_zone", "standing", "domains", "size", "work", "last_export") if obj else ()

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        """Open it, or give it another name."""
        if change:
            rename_clinic(clinic=obj, name=obj.name, by=staff_of(request))
            return
        first = form.first_admin()
        opened = open_clinic(
            name=obj.name, slug=obj.slug, time_zone=obj.time_zone, admin=first, by=staff_of(request)
        )
        obj.pk = opened.pk
        if first.password is None:
            with enter_clinic(opened):
                request_reset(email=first.email, address=client_address(request), now=now())

    def has_delete_permission(self, request: HttpRequest, obj: Clinic | None = None) -> bool:
        """A clinic's data is not dropped by a click."""
        return False


__all__ = ["SignUpAdmin"]

console.register(AuditEntry, AuditAdmin)


@admin.register(User, site=console)
class OperatorAdmin(UserAdmin):
    """The other operators. They are not invited yet: an operator makes the next one."""

    actions = ("reset_second_factor",)
    fieldsets = ((None, {"fields": ("email", "password")}), *UserAdmin.fieldsets[1:])

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By hand, with a first password."""
        return True

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Mail goes out for clinics only, so operators help each other in."""
        return DjangoUserAdmin.user_change_password(self, request, id, form_url)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Public has operators and nobody else."""
        if db_field.name == "role":
            kwargs["choices"] = [(User.Role.OPERATOR, User.Role.OPERATOR.label)]
            kwargs["initial"] = User.Role.OPERATOR
        return super(UserAdmin, self).formfield_for_choice_field(db_field, request, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """By what stands in the list's filters: public has no tables of doctors and patients to look in."""
        filtered = lookup.partition("__")[0] in self.list_filter
        return filtered and super().lookup_allowed(lookup, value, request)
