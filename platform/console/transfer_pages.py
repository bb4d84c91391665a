"""The console's pages for exporting and restoring a clinic."""

import tempfile
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.admin.domains import DomainsPage
from clinics.services.transfer import export_clinic, restore_clinic
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.models import Clinic
from tenants.services.encryption import Passphrase, PublicKey

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Clinic]
else:
    _Base = object


def _secret(label: Any, *, new: bool, **options: Any) -> forms.CharField:
    kind = "new-password" if new else "off"
    return forms.CharField(
        label=label, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": kind}), **options
    )


class ExportForm(forms.Form):
    """A passphrase or a public key that encrypts the file."""

    passphrase = _secret(gettext_lazy("Passphrase"), new=True, required=False)
    passphrase_again = _secret(gettext_lazy("Confirm passphrase"), new=True, required=False)
    recipient = forms.CharField(
        label=gettext_lazy("Or age public key"),
        required=False,
        help_text=gettext_lazy(
            "The key begins with “age1”. Only the owner of the secret key can open the file."
        ),
    )

    def encryption_key(self) -> Passphrase | PublicKey:
        """Return the public key if there is one, else the passphrase.

        :raises InvalidInput: the key or the passphrase is invalid
        """
        if self.cleaned_data["recipient"]:
            return PublicKey.checked(self.cleaned_data["recipient"])
        return Passphrase.checked(
            self.cleaned_data["passphrase"], again=self.cleaned_data["passphrase_again"]
        )


class RestoreForm(forms.Form):
    """An exported file and its passphrase."""

    file = forms.FileField(label=gettext_lazy("File"))
    passphrase = _secret(gettext_lazy("Passphrase"), new=False)
    slug = forms.CharField(
        label=gettext_lazy("Web address"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Leave empty to use the web address in the file."),
    )


class ExportAndRestorePages(DomainsPage, _Base):
    """Adds the pages for export, restore and domains."""

    def get_urls(self) -> list[URLPattern]:
        """Add the pages before Django's own, whose patterns would match as well."""
        view = self.admin_site.admin_view
        return [
            path("restore/", view(self.restore_view), name="tenants_clinic_restore"),
            path("<path:object_id>/domains/", view(self.domains_view), name="tenants_clinic_domains"),
            path("<path:object_id>/export/", view(self.export_view), name="tenants_clinic_export"),
            *super().get_urls(),
        ]

    def domains_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show a clinic's own domains."""
        clinic = self.get_object(request, object_id)
        if clinic is None:
            return cast(HttpResponse, self._get_obj_does_not_exist_redirect(request, self.opts, object_id))  # type: ignore[attr-defined]
        return self.domains_page(request, clinic)

    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponse | FileResponse:
        """Ask for a passphrase or key, then return the file."""
        clinic = self.get_object(request, object_id)
        if clinic is None:
            return cast(HttpResponse, self._get_obj_does_not_exist_redirect(request, self.opts, object_id))  # type: ignore[attr-defined]
        form = ExportForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._export(request, clinic, form)
            except DomainError as error:
                add_service_errors(form, error)
        title = _("Export %(clinic)s") % {"clinic": clinic.name}
        return self._form_page(request, form, title, "console/export.html", clinic)

    def restore_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for the file, then restore the clinic."""
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = RestoreForm(*posted)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                restored = restore_clinic(
                    file=data["file"].file,
                    key=Passphrase(data["passphrase"]),
                    slug=data["slug"] or None,
                    by=admin_user(request),
                    now=now(),
                )
            except DomainError as error:
                add_service_errors(form, error)
            else:
                message = _(
                    "%(clinic)s was restored and is suspended. %(rows)d rows in %(tables)d tables match the "
                    "checksums in the file. No emails were sent. Resume the clinic when you are ready."
                )
                counts = {"clinic": restored.clinic.name, "rows": restored.rows, "tables": restored.tables}
                self.message_user(request, message % counts, messages.SUCCESS)
                return redirect("console:tenants_clinic_change", restored.clinic.pk)
        return self._form_page(request, form, _("Restore a clinic"), "console/restore.html", None)

    def _export(self, request: HttpRequest, clinic: Clinic, form: ExportForm) -> FileResponse:
        key, exported_at = form.encryption_key(), now()
        # The file is complete before the first byte is sent, so a slow download does not keep a transaction
        # open, and a failed export returns an error. The temporary file is encrypted.
        file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
        try:
            export_clinic(clinic=clinic, file=file, key=key, by=admin_user(request), now=exported_at)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        extension = "tar.age" if isinstance(key, PublicKey) else "clinic-export"
        return FileResponse(
            file,
            as_attachment=True,
            filename=f"{clinic.slug}-{exported_at:%Y-%m-%d}.{extension}",
            content_type="application/octet-stream",
        )

    def _form_page(
        self, request: HttpRequest, form: forms.Form, title: str, template: str, clinic: Clinic | None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "clinic": clinic,
            "opts": self.opts,
        }
        return TemplateResponse(request, template, context)
