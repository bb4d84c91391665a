"""Sign-ups: requests for a new clinic from people without an account; and the alarms of the installation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.base.email_addresses import EmailAddressField
from tenants.base.models import BaseModel


class SignUp(BaseModel):
    """A request for a new clinic. The clinic is opened once the email address is confirmed.

    The email to send next is stored in the row itself (an outbox), in the same transaction as its cause.
    """

    class Status(models.TextChoices):
        """The state of a sign-up."""

        ASKED = "asked", _("email address not confirmed")
        WAITING = "waiting", _("waiting for approval")
        OPENED = "opened", _("opened")
        REFUSED = "refused", _("refused")

    class Letter(models.TextChoices):
        """The email to send next."""

        NONE = "", _("none")
        VERIFY = "verify", _("confirm the email address")
        OPENED = "opened", _("opened")
        REFUSED = "refused", _("refused")

    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(_("web address"), max_length=40)
    time_zone = models.CharField(_("time zone"), max_length=64)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    email = EmailAddressField(_("email address"))
    password = models.CharField(max_length=255, blank=True, editable=False)
    """A hash, deleted when the clinic is opened."""
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.ASKED)
    expires_at = models.DateTimeField(_("kept until"))
    clinic_id = models.UUIDField(null=True, editable=False)
    letter = models.CharField(max_length=12, choices=Letter.choices, blank=True, editable=False)
    letter_due_at = models.DateTimeField(null=True, editable=False)
    letter_attempts = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["letter_due_at"], condition=~models.Q(letter=""), name="signup_by_due_letter"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(status="waiting"), name="signup_waits_for_slug_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Alarm(BaseModel):
    """A problem of the installation, from its beginning to its end. It contains no data about patients."""

    key = models.CharField(max_length=200, editable=False)
    text = models.CharField(_("problem"), max_length=500)
    raised_at = models.DateTimeField(_("since"))
    cleared_at = models.DateTimeField(_("until"), null=True)
    told_at = models.DateTimeField(_("operators notified at"), null=True)
    told_over_at = models.DateTimeField(_("operators notified of the end at"), null=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-raised_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(cleared_at=None), name="alarm_once_while_it_lasts"
            )
        ]

    def __str__(self) -> str:
        return self.text
