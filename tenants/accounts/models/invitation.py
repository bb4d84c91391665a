"""An invitation to join a clinic's staff."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.base.email_addresses import EmailAddressField
from tenants.base.models import BaseModel


class Invitation(BaseModel):
    """An invitation to join the staff with a role. Accepting it, by choosing a password, creates an account.

    As with password resets, the token for the link is not stored: it is the signed id.
    """

    class Role(models.TextChoices):
        """The roles that can be invited, with the values of `User.Role`."""

        DOCTOR = "doctor", _("doctor")
        RECEPTIONIST = "receptionist", _("receptionist")
        ADMIN = "admin", _("clinic admin")

    email = EmailAddressField(_("email address"))
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("invited by"),
    )
    """None for an operator of the platform, who has no account at the clinic."""
    expires_at = models.DateTimeField(_("expires at"), db_index=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="invitation"
    )
    """The account created from it."""

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitation_email_is_lower_case"
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open_per_email",
                violation_error_message=_("This email address has already been invited."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.email})"

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_open(self) -> bool:
        """Whether it was neither accepted nor withdrawn. It may have expired."""
        return self.accepted_at is None and self.withdrawn_at is None

    def is_valid(self, *, now: datetime) -> bool:
        """Return whether its link works."""
        return self.is_open and self.expires_at > now
