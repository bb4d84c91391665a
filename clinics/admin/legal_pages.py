"""The legal pages in Django Admin: each clinic completes or replaces the standard texts."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from clinics.admin.previews import PreviewChanges
from clinics.home_selectors import LEGAL_TITLES, legal_page, standard_legal_text
from clinics.models import LegalPages
from clinics.services.legal_pages import save_legal_pages
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.base.admin import SingleRow
from tenants.base.clock import now

_HELP = gettext_lazy(
    "The standard text, until you change it. An empty line starts a paragraph, # a heading, - a list. "
    "Delete everything to use the standard text again."
)


class LegalPagesForm(ModelForm[LegalPages]):
    """The texts. Where the clinic has none of its own, the standard text can be edited."""

    class Meta:
        model = LegalPages
        fields = tuple(LEGAL_TITLES)
        widgets = {kind: AdminTextareaWidget(attrs={"rows": 24}) for kind in LEGAL_TITLES}
        help_texts = dict.fromkeys(LEGAL_TITLES, _HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = {kind: standard_legal_text(kind) for kind in LEGAL_TITLES}
        for kind in LEGAL_TITLES:
            self.initial[kind] = self.initial.get(kind) or self.standard[kind]

    def clean(self) -> dict[str, Any]:
        """Store no text that is the standard one, so that it follows changes of the clinic's details."""
        data = super().clean() or {}
        for kind in LEGAL_TITLES:
            text = "\n".join(line.rstrip() for line in data.get(kind, "").splitlines()).strip()
            data[kind] = "" if text == self.standard[kind].strip() else text
        return data


@admin.register(LegalPages)
class LegalPagesAdmin(SingleRow, PreviewChanges, AuditChanges, admin.ModelAdmin[LegalPages]):
    """The clinic's legal pages: a single page instead of a list with one row."""

    audit_values = True
    form = LegalPagesForm
    change_form_template = "clinics/previewed_form.html"
    preview_template = "clinics/legal/preview.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Link to the pages."""
        context["pages"] = [(f"/{kind}", title) for kind, title in LEGAL_TITLES.items()]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: LegalPages, form: ModelForm[LegalPages], change: bool
    ) -> None:
        """Save the texts with the date of their change."""
        save_legal_pages(pages=obj, changed=form.changed_data, now=now())

    def preview_context(self, request: HttpRequest, obj: LegalPages) -> dict[str, Any]:
        """Return the pages with the texts of the form."""
        return {"legal_pages": [legal_page(kind) for kind in LEGAL_TITLES]}
