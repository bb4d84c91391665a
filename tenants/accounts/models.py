"""Users, where they are signed in, the tokens given to them, the links mailed to them, and tries."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.accounts.audit_entry import AuditEntry
from tenants.accounts.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.invitation import Invitation
from tenants.accounts.signed_in import withdraw
from tenants.base.clock import now
from tenants.base.models import BaseModel

__all__ = [
    "AuditEntry", "Authenticator", "EmailVerification", "Invitation", "PasswordReset", "RecoveryCodes",
    "RefreshToken", "Tries", "User", "UserManager", "UserSession",
]  # fmt: skip

RECEPTION = frozenset(
    {
        *(f"clinics.{act}_patient" for act in ("view", "add", "change")),
        *(f"scheduling.{act}_booking" for act in ("view", "add", "change")),
        "scheduling.view_bookingevent",
        "scheduling.view_slot",
        "scheduling.view_visittype",
        "scheduling.view_waitlistentry",
        "scheduling.delete_waitlistentry",
        "notifications.view_message",
    }
)
"""What receptionists may do in the admin, in Django's names of it. What is not named is closed to them."""


class UserQuerySet(models.QuerySet["User"]):
    """Users, whose sign-ins may be kept."""

    def update(self, **changes: Any) -> int:
        """As Django's, for which no signal is sent."""
        if changes.keys() & User.KEPT:
            withdraw(self.values_list("pk", flat=True))
        return super().update(**changes)


class UserManager(BaseUserManager["User"]):
    """Makes and finds users by email, whatever case it is typed in."""

    def get_queryset(self) -> UserQuerySet:
        """All of them."""
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A stored user; without a password nobody can sign in as them."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An operator, for `manage.py createsuperuser`: the first one, whom no other could have made."""
        return self.create_user(email, password, **{**fields, "role": User.Role.OPERATOR})

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this email.

        :raises User.DoesNotExist: there is none
        """
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, BaseModel):
    """Someone who signs in: at one clinic, or (operators, in public only) at the platform.

    The role decides everything a user may do; Django's groups and permission flags are not used,
    so there is one answer to "may they?" and not three.
    """

    class Role(models.TextChoices):
        """What a user is to the clinic."""

        PATIENT = "patient", _("patient")
        DOCTOR = "doctor", _("doctor")
        ADMIN = "admin", _("clinic admin")
        RECEPTIONIST = "receptionist", _("receptionist")
        OPERATOR = "operator", _("platform operator")

    email = models.EmailField(_("email address"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PATIENT)
    is_active = models.BooleanField(_("can sign in"), default=True)
    email_verified_at = models.DateTimeField(_("email address confirmed at"), null=True, editable=False)
    token_version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    KEPT: ClassVar[tuple[str, ...]] = ("role", "is_active", "token_version")
    """What is kept of whoever is signed in, in this order; the rest is loaded where it is asked for."""
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.get_full_name()} ({self.email})"

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """As Django's; what was not loaded is loaded at once, not field by field."""
        asked, missing = set(fields or ()), self.get_deferred_fields()
        super().refresh_from_db(using, asked | missing if asked & missing else fields, from_queryset)

    def clean(self) -> None:
        """Bring the email to the form in which it is compared."""
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """First name, for a greeting."""
        return self.first_name

    def get_session_auth_hash(self) -> str:
        """What a session of the admin stands on: signing out everywhere ends it, as it ends tokens."""
        return f"{super().get_session_auth_hash()}.{self.token_version}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the secrets that were before."""
        for each in super().get_session_auth_fallback_hash():
            yield f"{each}.{self.token_version}"

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin lets them in: the clinic's, or in public the console."""
        return self.role in {self.Role.ADMIN, self.Role.RECEPTIONIST, self.Role.OPERATOR}

    @property
    def is_at_the_desk(self) -> bool:
        """Whether they see everybody's bookings and make them for others: admins and receptionists."""
        return self.role in {self.Role.ADMIN, self.Role.RECEPTIONIST}

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Admins may do everything in their own clinic's admin, receptionists some, all others nothing."""
        if self.role == self.Role.RECEPTIONIST:
            return self.is_active and perm in RECEPTION
        return self.is_active and self.is_staff

    def has_perms(self, perms: Collection[str], obj: object = None) -> bool:
        """As `has_perm`, for each of them."""
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether they may do anything in the app."""
        if self.role == self.Role.RECEPTIONIST:
            return self.is_active and any(perm.startswith(f"{app_label}.") for perm in RECEPTION)
        return self.is_active and self.is_staff


class UserSession(BaseModel):
    """Somewhere a user is signed in: what descends from one sign-in. Its id is the family of its tokens.

    Of the device only what a person needs to know it again is kept: no address and no whole user agent.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    last_used_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-last_used_at", "id"]

    def __str__(self) -> str:
        return f"{self.pk} until {self.expires_at}"


class RefreshToken(models.Model):
    """A refresh token that was given out. Only its hash is kept; each works once.

    All that descend from one sign-in are a family: when a used one comes back, somebody copied it,
    and the whole family ends (RFC 9700, section 4.14.2).
    """

    digest = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_tokens")
    family = models.UUIDField(default=uuid.uuid4, db_index=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["expires_at"]

    def __str__(self) -> str:
        return f"{self.family} until {self.expires_at}"


class PasswordReset(BaseModel):
    """A request for a new password: what was typed, and later whom the link went to.

    The link's token is signed from the id when the mail is written, so that neither this table nor the queue
    ever holds what opens an account.
    """

    email = models.EmailField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="password_resets")
    token_version = models.PositiveIntegerField(null=True)
    """The user's when the link was made: the link ends with the sessions of that time."""
    expires_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["expires_at"]

    def __str__(self) -> str:
        return f"{self.pk} until {self.expires_at}"


class EmailVerification(BaseModel):
    """A mail that asks whether an address is its user's. As with `PasswordReset`, its token is not kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_verifications")
    email = models.EmailField()
    """The address it goes to: where the user has another by now, it confirms nothing."""
    expires_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["expires_at"]

    def __str__(self) -> str:
        return f"{self.pk} until {self.expires_at}"


class Tries(models.Model):
    """How often somebody tried something since the first try, until `ends_at`. Then counting begins anew.

    The key is a keyed hash, so that the table is no list of email or network addresses.
    """

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["ends_at"]

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"
