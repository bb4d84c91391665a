"""The settings of text messages in the clinic's admin, with their use and costs and a test message."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.models import SmsSettings
from clinics.selectors import sms_settings
from notifications.errors import PermanentFailure, TemporaryFailure
from notifications.models import Message
from notifications.services.sms_channel import send_test_message
from notifications.services.sms_limit import monthly_use
from notifications.services.sms_secrets import new_webhook_secret
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.base.admin import SingleRow
from tenants.base.clock import now
from tenants.current import current_clinic
from tenants.phone_numbers import PhoneFormField
from tenants.routing.public_urls import clinic_url
from tenants.services.encryption import encrypt_secret

_Provider = SmsSettings.Provider
_NEEDED = {_Provider.TWILIO: ("account", "sender"), _Provider.GENERIC: ("url", "body")}
"""The fields without which nothing can be sent."""


class SmsSettingsForm(forms.ModelForm[SmsSettings]):
    """The settings. A stored secret is never shown: an empty field keeps it."""

    secret = forms.CharField(
        label=gettext_lazy("Auth token or API key"),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Stored encrypted and never shown. Leave it empty to keep the stored one."),
    )
    new_webhook_secret = forms.BooleanField(
        label=gettext_lazy("Make a new secret for reports"),
        required=False,
        help_text=gettext_lazy("For another provider. It is shown once, after saving, and replaces the old."),
    )

    class Meta:
        model = SmsSettings
        fields = (
            "is_on", "for_reminders", "for_cancellations", "for_reschedules", "for_offers", "short_name",
            "provider", "sender", "account", "url", "method", "headers", "body", "id_field", "monthly_limit",
            "segment_price", "currency",
        )  # fmt: skip

    def clean_secret(self) -> str:
        """Accept characters that an HTTP header can contain."""
        secret: str = self.cleaned_data["secret"]
        if not (secret.isascii() and (not secret or secret.isprintable())):
            raise forms.ValidationError(_("This cannot be a token. Copy it from your provider again."))
        return secret

    def clean(self) -> dict[str, Any]:
        """Require what the provider needs before text messages are switched on."""
        data = super().clean() or {}
        if not data.get("is_on"):
            return data
        for name in _NEEDED.get(data.get("provider", ""), ()):
            if not data.get(name):
                self.add_error(name, _("This field is required."))
        is_twilio = data.get("provider") == _Provider.TWILIO
        if is_twilio and not (data.get("secret") or self.instance.stored_secret):
            self.add_error("secret", _("This field is required."))
        return data


@admin.register(SmsSettings)
class SmsSettingsAdmin(SingleRow, AuditChanges, admin.ModelAdmin[SmsSettings]):
    """The clinic's settings for text messages: one page instead of a list with one row."""

    audit_values = (
        "is_on", "for_reminders", "for_cancellations", "for_reschedules", "for_offers", "provider", "sender",
        "account", "url", "method", "monthly_limit", "segment_price", "currency", "short_name",
    )  # fmt: skip
    form = SmsSettingsForm
    change_form_template = "notifications/sms_settings.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "is_on",
                    ("for_reminders", "for_cancellations", "for_reschedules", "for_offers"),
                    "short_name",
                )
            },
        ),
        (gettext_lazy("Provider"), {"fields": ("provider", "sender", "secret")}),
        ("Twilio", {"fields": ("account",)}),
        (
            gettext_lazy("Another provider"),
            {"fields": (("url", "method"), "headers", "body", "id_field", "new_webhook_secret")},
        ),
        (gettext_lazy("Limit and costs"), {"fields": ("monthly_limit", ("segment_price", "currency"))}),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the page that sends a test message."""
        test = self.admin_site.admin_view(self.test_view)
        return [path("test/", test, name="clinics_smssettings_test"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the use and the costs of the last months, and the addresses for the provider's reports."""
        clinic, settings = current_clinic(), sms_settings()
        is_twilio = settings.provider == _Provider.TWILIO
        inbound = "text-messages/twilio/inbound/" if is_twilio else "text-messages/inbound/"
        context |= {
            "months": monthly_use(settings),
            "limit": settings.monthly_limit,
            "has_secret": bool(settings.stored_secret),
            "inbound_url": clinic_url(clinic, f"/api/{inbound}"),
            "status_url": "" if is_twilio else clinic_url(clinic, "/api/text-messages/status/"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: SmsSettings, form: forms.ModelForm[SmsSettings], change: bool
    ) -> None:
        """Save the settings, and encrypt a new secret."""
        if secret := form.cleaned_data["secret"]:
            obj.stored_secret = encrypt_secret(secret)
        if form.cleaned_data["new_webhook_secret"]:
            shown = new_webhook_secret()
            obj.stored_webhook_secret = encrypt_secret(shown)
            text = _("The secret for reports is %(secret)s. Copy it now: it is not shown again.")
            self.message_user(request, text % {"secret": shown}, messages.WARNING)
        super().save_model(request, obj, form, change)

    def test_view(self, request: HttpRequest) -> HttpResponse:
        """Send a test message to a number.

        :raises PermissionDenied: the user may not change the settings
        """
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = _TestForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            problem = _send_test(form.cleaned_data["number"])
            if not problem:
                self.message_user(
                    request, _("The test message was accepted by the provider."), messages.SUCCESS
                )
                return redirect(reverse("admin:clinics_smssettings_change", args=[1]))
            form.add_error(None, problem)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send a test message"),
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "notifications/sms_test.html", context)


class _TestForm(forms.Form):
    number = PhoneFormField(label=gettext_lazy("Mobile number"), max_length=32)


def _send_test(number: str) -> str:
    """Send a test message. Return what went wrong; empty if it was accepted."""
    try:
        send_test_message(number=number, now=now())
    except PermanentFailure as failure:
        reason = Message.Parked(failure.because).label
        return _("It was not sent: %(reason)s (%(answer)s).") % {
            "reason": reason,
            "answer": failure.answer or "-",
        }
    except (TemporaryFailure, OSError) as error:
        return _("The provider cannot be reached or refused it for now (%(answer)s).") % {"answer": error}
    return ""
