"""The console's pages on which a clinic leaves as a file and comes back from one."""

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

from clinics.admin.domains import KeepsDomains
from clinics.services.moving import export_clinic, restore_clinic
from tenants.accounts.audited_admin import staff_of
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.forms import show_refusal
from tenants.models import Clinic
from tenants.services.sealing import Passphrase, PublicKey

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Clinic]
else:
    _Base = object


def _secret(label: Any, *, new: bool, **more: Any) -> forms.CharField:
    kind = "new-password" if new else "off"
    return forms.CharField(
        label=label, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": kind}), **more
    )


class ExportForm(forms.Form):
    """What the file is closed with."""

    passphrase = _secret(gettext_lazy("Passphrase"), new=True, required=False)
    passphrase_again = _secret(gettext_lazy("The passphrase once more"), new=True, required=False)
    recipient = forms.CharField(
        label=gettext_lazy("Or a public key of age"),
        required=False,
        help_text=gettext_lazy("It begins with “age1”. Then only who has the secret key can open the file."),
    )

    def lock(self) -> Passphrase | PublicKey:
        """The key, where there is one, else the passphrase.

        :raises InvalidInput: it will not do
        """
        if self.cleaned_data["recipient"]:
            return PublicKey.checked(self.cleaned_data["recipient"])
        return Passphrase.checked(
            self.cleaned_data["passphrase"], again=self.cleaned_data["passphrase_again"]
        )


class RestoreForm(forms.Form):
    """An exported file, and how it opens."""

    file = forms.FileField(label=gettext_lazy("File"))
    passphrase = _secret(gettext_lazy("Passphrase"), new=False)
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Empty for the address it had."),
    )


class MovesClinics(KeepsDomains, _Base):
    """Export and restore, and the clinic's own domains."""

    def get_urls(self) -> list[URLPattern]:
        """The two pages, before those whose addresses would match, too."""
        view = self.admin_site.admin_view
        return [
            path("restore/", view(self.restore_view), name="tenants_clinic_restore"),
            path("<path:object_id>/domains/", view(self.domains_view), name="tenants_clinic_domains"),
            path("<path:object_id>/export/", view(self.export_view), name="tenants_clinic_export"),
            *super().get_urls(),
        ]

    def domains_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A clinic's own domains."""
        clinic = self.get_object(request, object_id)
        if clinic is None:
            return cast(HttpResponse, self._get_obj_does_not_exist_redirect(request, self.opts, object_id))  # type: ignore[attr-defined]
        return self.domains_page(request, clinic)

    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponse | FileResponse:
        """Ask what to close the file with, then give it out."""
        clinic = self.get_object(request, object_id)
        if clinic is None:
            return cast(HttpResponse, self._get_obj_does_not_exist_redirect(request, self.opts, object_id))  # type: ignore[attr-defined]
        form = ExportForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._export(request, clinic, form)
            except DomainError as refused:
                show_refusal(form, refused)
        title = _("Export %(clinic)s") % {"clinic": clinic.name}
        return self._form_page(request, form, title, "console/export.html", clinic)

    def restore_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for the file, then make a clinic of it."""
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = RestoreForm(*posted)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                restored = restore_clinic(
                    file=given["file"].file,
                    key=Passphrase(given["passphrase"]),
                    slug=given["slug"] or None,
                    by=staff_of(request),
                    now=now(),
                )
            except DomainError as refused:
                show_refusal(form, refused)
            else:
                words = _(
                    "%(clinic)s is restored, suspended: %(rows)d rows, the checksums of %(tables)d tables "
                    "are those of the file. Nothing was sent. Resume it when it is to open."
                )
                told = {"clinic": restored.clinic.name, "rows": restored.rows, "tables": restored.tables}
                self.message_user(request, words % told, messages.SUCCESS)
                return redirect("console:tenants_clinic_change", restored.clinic.pk)
        return self._form_page(request, form, _("Restore a clinic"), "console/restore.html", None)

    def _export(self, request: HttpRequest, clinic: Clinic, form: ExportForm) -> FileResponse:
        lock, at = form.lock(), now()
        # Made before the first byte is sent: whoever downloads slowly holds no transaction open, and an
        # export that fails is an answer that says so. What lies on the disk meanwhile is encrypted.
        file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
        try:
            export_clinic(clinic=clinic, into=file, lock=lock, by=staff_of(request), now=at)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        ending = "tar.age" if isinstance(lock, PublicKey) else "clinic-export"
        return FileResponse(
            file,
            as_attachment=True,
            filename=f"{clinic.slug}-{at:%Y-%m-%d}.{ending}",
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
