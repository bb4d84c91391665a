"""Requests for a clinic, from people who are nobody here yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.base.models import BaseModel


class SignUp(BaseModel):
    """Somebody would like a clinic. Nothing is opened before their e-mail address is proven.

    The mail it waits for is noted in the row itself (an outbox), so it is there exactly when its cause is.
    """

    class Status(models.TextChoices):
        """How far it has come."""

        ASKED = "asked", _("e-mail not proven yet")
        WAITING = "waiting", _("waits for approval")
        OPENED = "opened", _("opened")
        REFUSED = "refused", _("refused")

    class Letter(models.TextChoices):
        """The mail that is to go out."""

        NONE = "", _("none")
        VERIFY = "verify", _("proof of the address")
        OPENED = "opened", _("opened")
        REFUSED = "refused", _("refused")

    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(_("address"), max_length=40)
    time_zone = models.CharField(_("time zone"), max_length=64)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    password = models.CharField(max_length=255, blank=True, editable=False)
    """Hashed, and only until the clinic is open."""
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
