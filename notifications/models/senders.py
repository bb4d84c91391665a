"""The name and address from which a clinic's emails are sent."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.base.email_addresses import EmailAddressField
from tenants.base.models import BaseModel

_LOCAL_PART = RegexValidator(
    r"^[A-Za-z0-9]+([._+-][A-Za-z0-9]+)*\Z", _("Use letters, digits and single dots or hyphens between them.")
)
VERIFIED_FOR = timedelta(days=3)
"""How long a successful check counts. As domains are checked every night, a name server may fail twice."""


class EmailSender(BaseModel):
    """The one row of a clinic that has chosen a sender of its own. Others use the platform's address."""

    class Record(models.TextChoices):
        """A DNS record of the clinic's domain."""

        DKIM = "dkim", _("DKIM")
        SPF = "spf", _("SPF")

    is_only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(
        _("sender name"),
        max_length=78,
        blank=True,
        help_text=_("The name that recipients see. Leave empty to use the clinic's name."),
    )
    reply_to = EmailAddressField(
        _("replies to"),
        blank=True,
        help_text=_("Where answers to emails go. Leave empty to use the clinic's email address."),
    )
    domain = models.CharField(
        _("own domain"),
        max_length=253,
        blank=True,
        help_text=_(
            "Send emails from this domain, for example clinic.example. It is used once its DNS records are "
            "found. Leave empty to use the platform's address."
        ),
    )
    local_part = models.CharField(
        _("part of the address before the @"),
        max_length=64,
        default="appointments",
        db_default="appointments",
        validators=[_LOCAL_PART],
    )
    selector = models.CharField(max_length=40, blank=True, db_default="", editable=False)
    """The name of the DKIM key below the domain (RFC 6376, section 3.1)."""
    public_key = models.TextField(blank=True, db_default="", editable=False)
    private_key = models.TextField(blank=True, db_default="", editable=False)
    """Encrypted by `encrypt_secret`."""
    checked_at = models.DateTimeField(_("DNS records checked at"), null=True, editable=False)
    verified_at = models.DateTimeField(_("DNS records last found at"), null=True, editable=False)
    missing = ArrayField(
        models.CharField(max_length=8, choices=Record.choices), default=list, db_default=[], editable=False
    )
    """The records that the last check did not find."""

    class Meta:
        verbose_name = _("sender of emails")
        verbose_name_plural = _("sender of emails")
        constraints = [
            models.CheckConstraint(condition=models.Q(is_only=True), name="emailsender_is_one_row")
        ]

    def __str__(self) -> str:
        return self.address or str(_("the platform's address"))

    @property
    def address(self) -> str:
        """The address at the clinic's own domain; "" without one."""
        return f"{self.local_part}@{self.domain}" if self.domain else ""

    def is_verified(self, *, now: datetime) -> bool:
        """Return whether emails may be sent from the clinic's own domain."""
        return bool(self.domain) and self.verified_at is not None and self.verified_at > now - VERIFIED_FOR
