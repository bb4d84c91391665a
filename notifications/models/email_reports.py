"""What mail services report about emails after they have accepted them: bounces and complaints."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.messages import Message
from tenants.accounts.models import User
from tenants.base.clock import format_staff_time
from tenants.base.models import BaseModel


class EmailReport(BaseModel):
    """A report about an email to a user's address. A report that is received again is not stored again."""

    class Kind(models.TextChoices):
        """What happened to the email."""

        BOUNCED = "bounced", _("returned: the address does not exist or refuses emails")
        DELAYED = "delayed", _("not delivered for the moment, such as a full mailbox")
        COMPLAINT = "complaint", _("reported as spam")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="email_reports", verbose_name=_("recipient")
    )
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, related_name="reports", verbose_name=_("message")
    )
    """The message, unless the email was about the account, such as a link to reset the password."""
    kind = models.CharField(_("what happened"), max_length=16, choices=Kind.choices)
    email = models.EmailField(_("email address"))
    """The address as it then was."""
    answer = models.CharField(
        _("answer of the recipient's server"), max_length=500, blank=True, db_default=""
    )
    happened_at = models.DateTimeField(_("happened at"))
    digest = models.CharField(max_length=64, editable=False)
    """A hash of what identifies the report at the mail service, to recognise it when it is received again."""

    class Meta:
        verbose_name = _("returned email")
        verbose_name_plural = _("returned emails")
        ordering = ["-happened_at", "id"]
        indexes = [models.Index(fields=["user", "happened_at"], name="emailreport_by_user")]
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="emailreport_once_per_report"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {format_staff_time(self.happened_at)}"
