"""A clinic's own wording of messages in Django Admin."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import ChoiceField, ModelForm, Textarea, TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from notifications.admin.preview import preview_html_url
from notifications.models import OWN_WORDING_KINDS, Channel, MessageWording
from notifications.rendering import email_kinds
from notifications.services.previews import preview_of
from notifications.services.samples import SCENARIOS
from notifications.services.wording import check_wording, save_wording
from notifications.wording.languages import wording_languages
from notifications.wording.placeholders import PLACEHOLDERS
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.base.clock import now
from tenants.base.errors import InvalidInput

_FIELDS = ("kind", "channel", "language", "subject", "body")
_PREVIEW = "_preview"
"""The name of the button that shows the message without saving the wording."""


class WordingForm(ModelForm[MessageWording]):
    """A wording, which is checked before it can be saved."""

    class Meta:
        model = MessageWording
        fields = _FIELDS
        widgets = {
            "subject": TextInput(attrs={"class": "vLargeTextField", "size": 90}),
            "body": Textarea(attrs={"rows": 10, "cols": 90}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in OWN_WORDING_KINDS if kind in email_kinds()]
        self._limit("kind", kinds)
        self._limit(
            "language", [(code, get_language_info(code)["name_translated"]) for code in wording_languages()]
        )
        self._limit("channel", [(Channel.EMAIL.value, Channel.EMAIL.label)])

    def _limit(self, name: str, choices: list[Any]) -> None:
        """Offer these choices for a field, if the page has it."""
        if name in self.fields:
            field = self.fields[name]
            self.fields[name] = ChoiceField(label=field.label, choices=choices, help_text=field.help_text)

    def clean(self) -> dict[str, Any]:
        """Check placeholders, required parts and what the linter finds.

        :raises ValidationError: the wording cannot be used
        """
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        wording = self._wording(cleaned)
        try:
            check_wording(wording=wording, now=now())
        except InvalidInput as error:
            for field, texts in error.errors.items():
                self.add_error(field, [ValidationError(text) for text in texts])
        return cleaned

    def _wording(self, cleaned: dict[str, Any]) -> MessageWording:
        """Return the wording with the submitted values."""
        stored = {name: getattr(self.instance, name) for name in _FIELDS}
        return MessageWording(**{**stored, **{name: cleaned[name] for name in cleaned if name in stored}})


@admin.register(MessageWording)
class MessageWordingAdmin(AuditChanges, admin.ModelAdmin[MessageWording]):
    """The clinic's own wording. Messages without one have the standard wording."""

    form = WordingForm
    audit_values = True
    list_display = ("kind", "channel", "language", "subject", "updated_at")
    list_filter = ("kind",)
    change_form_template = "notifications/wording_form.html"
    delete_confirmation_template = "notifications/wording_delete.html"
    readonly_fields = ("placeholders",)
    fieldsets = (
        (None, {"fields": ("kind", "channel", "language")}),
        (
            _("Wording"),
            {
                "fields": ("subject", "body", "placeholders"),
                "description": _(
                    "Your text replaces the opening of the message. The greeting, the details of the"
                    " appointment, the buttons and the clinic's address stay. Leave the subject empty to keep"
                    " the standard one."
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: MessageWording | None = None) -> tuple[str, ...]:
        """Do not let an existing wording become one of another message."""
        return ("kind", "channel", "language", "placeholders") if obj else ("placeholders",)

    @admin.display(description=_("placeholders"))
    def placeholders(self, _wording: MessageWording) -> SafeString:
        """Return the list of placeholders with their meaning."""
        return mark_safe(  # noqa: S308  the template escapes what it shows
            render_to_string("notifications/placeholders.html", {"placeholders": PLACEHOLDERS.items()})
        )

    def save_model(
        self, request: HttpRequest, obj: MessageWording, form: ModelForm[MessageWording], change: bool
    ) -> None:
        """Save the wording through the service, and show its advice."""
        for finding in save_wording(wording=obj, now=now()):
            self.message_user(request, finding.message, messages.WARNING)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or the message with a wording that is not saved."""
        if request.method == "POST" and _PREVIEW in request.POST:
            return self._preview_page(request, *args, **kwargs)
        return super().changeform_view(request, *args, **kwargs)

    def _preview_page(
        self, request: HttpRequest, object_id: str | None = None, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        """Return the form with the message below it. Nothing is saved."""
        obj = self.get_object(request, object_id) if object_id else None
        form = self.get_form(request, obj, change=obj is not None)(request.POST, instance=obj)
        if not form.is_valid():
            return super().changeform_view(request, object_id)
        draft = form.save(commit=False)
        scenario = request.POST.get("scenario", "")
        scenario = scenario if scenario in SCENARIOS else "in_person"
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview of your wording"),
            "opts": self.opts,
            "form": form,
            "scenarios": SCENARIOS.values(),
            "scenario": scenario,
            "preview": preview_of(draft.kind, scenario=scenario, draft=draft, now=now()),
            "html_url": preview_html_url(draft.kind, scenario=scenario, draft=draft),
        }
        return TemplateResponse(request, "notifications/wording_preview.html", context)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Say that the standard wording applies again."""
        text = _("The standard wording applies again: %(message)s.") % {"message": obj_display}
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:notifications_messagewording_changelist")
