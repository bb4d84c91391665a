"""The clinic's sender of emails in Django Admin, with the DNS records of its domain."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.models import EmailSender
from notifications.sender_records import dns_records
from notifications.services.senders import save_sender
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.domains.services import normalise_domain


class SenderForm(forms.ModelForm[EmailSender]):
    """The sender's name and addresses."""

    class Meta:
        model = EmailSender
        fields = ("name", "reply_to", "domain", "local_part")

    def clean_domain(self) -> str:
        """Return the domain in its normalised form.

        :raises ValidationError: it is not a domain that a clinic can own
        """
        domain = str(self.cleaned_data["domain"]).strip()
        if not domain:
            return ""
        try:
            return normalise_domain(domain)
        except InvalidInput as error:
            raise ValidationError(error.message_with_details) from error


@admin.register(EmailSender)
class EmailSenderAdmin(AuditChanges, admin.ModelAdmin[EmailSender]):
    """The sender of the clinic's emails. There is at most one."""

    audit_values = True
    form = SenderForm
    list_display = ("__str__", "name", "reply_to", "state")
    readonly_fields = ("state", "records", "checked_at")
    fieldsets = (
        (None, {"fields": ("name", "reply_to")}),
        (gettext_lazy("Own domain"), {"fields": ("domain", "local_part", "state", "records", "checked_at")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow one sender."""
        return super().has_add_permission(request) and not EmailSender.objects.exists()

    def save_model(
        self, request: HttpRequest, obj: EmailSender, form: forms.ModelForm[EmailSender], change: bool
    ) -> None:
        """Store the sender through the service, which has the DNS records checked."""
        save_sender(obj, now=now())
        if obj.domain:
            text = _("We are checking the DNS records. Reload this page in a minute.")
            self.message_user(request, text, messages.INFO)

    @admin.display(description=gettext_lazy("state"))
    def state(self, sender: EmailSender) -> str:
        """Return in words whether the clinic's own domain is used."""
        if not sender.domain:
            return _("Emails are sent from the platform's address.")
        if sender.is_verified(now=now()):
            return _("Emails are sent from %(address)s.") % {"address": sender.address}
        if sender.checked_at is None:
            return _(
                "The DNS records have not been checked yet. Emails are sent from the platform's address."
            )
        missing = ", ".join(str(EmailSender.Record(name).label) for name in sender.missing)
        return _("Not found: %(records)s. Emails are sent from the platform's address.") % {
            "records": missing
        }

    @admin.display(description=gettext_lazy("DNS records"))
    def records(self, sender: EmailSender) -> SafeString | str:
        """Return the records to publish, and what to do with them."""
        rows = dns_records(sender)
        if not rows:
            return _("Save a domain to see its DNS records.")
        hint = _(
            "Publish these TXT records at your domain, then save this page to have them checked. If there is "
            "an SPF record already, add the part that begins with “include” to it. DMARC is recommended. It "
            "can take some hours until new records are visible; we check them every night."
        )
        own_keys = (
            ""
            if settings.EMAIL_SIGNED_HERE
            else _(
                "The platform's mail service signs emails with keys of its own: ask the platform to add your "
                "domain there too."
            )
        )
        table = format_html_join(
            "",
            "<tr><th scope='row'>{}</th><td>{}</td><td><code>{}</code></td></tr>",
            ((row.label, row.name, row.value) for row in rows),
        )
        return format_html("<p>{}</p><p>{}</p><table>{}</table>", hint, own_keys, table)
