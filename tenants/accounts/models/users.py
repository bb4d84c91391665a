"""Users, their sessions and refresh tokens, email links, and attempt counters."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from tenants.accounts.session_cache import invalidate_cached_sessions
from tenants.base.clock import now
from tenants.base.email_addresses import EmailAddressField
from tenants.base.locales import Language
from tenants.base.models import BaseModel, BaseQuerySet, TimestampedModel
from tenants.phone_numbers import PhoneField

_RECEPTIONIST_PERMS = frozenset(
    {
        *(f"clinics.{act}_patient" for act in ("view", "add", "change")),
        *(f"scheduling.{act}_booking" for act in ("view", "add", "change")),
        "clinics.view_doctor",
        "scheduling.view_bookingevent",
        *(f"scheduling.view_{hours}" for hours in ("workinghours", "datedexception", "exceptioninterval")),
        "scheduling.view_timeoff",
        "scheduling.view_holidaychoice",
        "scheduling.view_slot",
        "scheduling.view_visittype",
        "scheduling.view_waitlistentry",
        "scheduling.delete_waitlistentry",
        "notifications.view_message",
        "notifications.view_emailreport",
    }
)
"""The permissions of receptionists in the admin, by Django's names. All others are denied."""


class _UserQuerySet(BaseQuerySet["User"]):
    """Users. Changes to cached fields invalidate the session cache."""

    def update(self, **changes: Any) -> int:
        """Update as Django does, which sends no signal, and invalidate the session cache."""
        if changes.keys() & User.CACHED_FIELDS:
            invalidate_cached_sessions(self.values_list("pk", flat=True))
        return super().update(**changes)


class UserManager(BaseUserManager["User"]):
    """Creates users, and finds them by email address regardless of case."""

    def get_queryset(self) -> _UserQuerySet:
        """Return all users."""
        return _UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user. Without a password, nobody can sign in to the account."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator, for `manage.py createsuperuser`."""
        return self.create_user(email, password, **{**fields, "role": User.Role.OPERATOR})

    def owner_of(self, email: str) -> "User | None":
        """Return the account to which an email address belongs; None if it belongs to none.

        Accounts of patients who have not confirmed the address do not count. See `User.owns_email`.
        """
        return self.filter(User.OWNS_EMAIL, email=email.strip().lower()).first()

    def unconfirmed(self, email: str) -> models.QuerySet["User"]:
        """Return the accounts that were registered with an address but do not own it, newest first."""
        others = self.filter(email=email.strip().lower()).exclude(User.OWNS_EMAIL)
        return others.order_by("-created_at", "-id")

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account to which this email address belongs.

        :raises User.DoesNotExist: there is none
        """
        owner = self.owner_of(username or "")
        if owner is None:
            raise User.DoesNotExist
        return owner


class User(AbstractBaseUser, BaseModel):
    """A person who can sign in: at one clinic, or in public (operators only) on the platform.

    The role alone decides what a user may do. Django's groups and permission flags are not used.
    """

    class Role(models.TextChoices):
        """The role of a user."""

        PATIENT = "patient", _("patient")
        DOCTOR = "doctor", _("doctor")
        ADMIN = "admin", _("clinic admin")
        RECEPTIONIST = "receptionist", _("receptionist")
        OPERATOR = "operator", _("platform operator")

    class EmailProblem(models.TextChoices):
        """Why emails to the address are held."""

        BOUNCED = "bounced", _("emails are returned: the address does not exist or refuses them")
        COMPLAINT = "complaint", _("the recipient reported our emails as spam")

    email = EmailAddressField(_("email address"))
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    phone = PhoneField(_("telephone"), max_length=32, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PATIENT)
    is_active = models.BooleanField(_("can sign in"), default=True)
    email_verified_at = models.DateTimeField(_("email address confirmed at"), null=True, editable=False)
    email_undeliverable_at = models.DateTimeField(_("emails held since"), null=True, editable=False)
    """When emails to the address began to be held, because one was returned or reported as spam."""
    email_problem = models.CharField(
        _("problem with the email address"),
        max_length=12,
        choices=EmailProblem.choices,
        blank=True,
        db_default="",
        editable=False,
    )
    email_restored_at = models.DateTimeField(null=True, editable=False)
    """When emails were last released. Reports about earlier emails are outdated."""
    language = models.CharField(
        _("language of pages and messages"),
        max_length=2,
        choices=Language.choices,
        blank=True,
        db_default="",
        help_text=_("For patients. Leave empty for the clinic's default language."),
    )
    token_version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # its query set is a BaseQuerySet

    CACHED_FIELDS: ClassVar[tuple[str, ...]] = ("role", "is_active", "language", "token_version")
    """The fields in the session cache, in this order. Other fields are loaded when they are accessed."""
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]
    OWNS_EMAIL: ClassVar[models.Q] = models.Q(email_verified_at__isnull=False) | ~models.Q(role="patient")
    """An address belongs to the account that has confirmed it, or to staff, whom the clinic has entered."""

    class Meta:
        base_manager_name = "objects"  # which sets `updated_at`; the first base class has none
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
            # Registering needs no proof of the address, so any number of accounts may wait to confirm it.
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(email_verified_at__isnull=False) | ~models.Q(role="patient"),
                name="user_email_has_one_owner",
                violation_error_message=_("There is already an account with this email address."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["email"], name="user_email")]

    def __str__(self) -> str:
        return f"{self.get_full_name()} ({self.email})"

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Reload as Django does, but load deferred fields all at once instead of one by one."""
        requested, missing = set(fields or ()), self.get_deferred_fields()
        super().refresh_from_db(using, requested | missing if requested & missing else fields, from_queryset)

    def clean(self) -> None:
        """Normalise the email address to lower case."""
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """Return the first name, for a greeting."""
        return self.first_name

    def get_session_auth_hash(self) -> str:
        """Return a hash that includes `token_version`, so that ending all sessions ends admin sessions."""
        return f"{super().get_session_auth_hash()}.{self.token_version}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same hash for the fallback secrets."""
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{fallback}.{self.token_version}"

    @property
    def owns_email(self) -> bool:
        """Whether the email address belongs to this account, as in `OWNS_EMAIL`."""
        return self.email_verified_at is not None or self.role != self.Role.PATIENT

    @property
    def is_staff(self) -> bool:
        """Whether the user may enter the clinic's admin, or in public the console."""
        return self.role in {self.Role.ADMIN, self.Role.RECEPTIONIST, self.Role.OPERATOR}

    @property
    def is_front_desk(self) -> bool:
        """Whether the user sees all bookings and books for others: admins and receptionists."""
        return self.role in {self.Role.ADMIN, self.Role.RECEPTIONIST}

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Return whether the user has a permission. Admins have all, receptionists some, others none."""
        if self.role == self.Role.RECEPTIONIST:
            return self.is_active and perm in _RECEPTIONIST_PERMS
        return self.is_active and self.is_staff

    def has_perms(self, perms: Collection[str], obj: object = None) -> bool:
        """Return whether the user has all of these permissions."""
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        """Return whether the user has any permission in the app."""
        if self.role == self.Role.RECEPTIONIST:
            return self.is_active and any(perm.startswith(f"{app_label}.") for perm in _RECEPTIONIST_PERMS)
        return self.is_active and self.is_staff


class UserSession(BaseModel):
    """A session: all tokens that descend from one sign-in. Its id is the `family` of these tokens.

    Only the names of browser and system are stored, so that the user recognises it: no network address and no
    complete user agent.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    last_used_at = models.DateTimeField(default=now)
    last_input_at = models.DateTimeField(default=now, db_default=Now())
    """When a person last used it. Renewing the session does not count."""
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-last_used_at", "id"]

    def __str__(self) -> str:
        return f"{self.pk} until {self.expires_at}"


class RefreshToken(TimestampedModel):
    """The hash of a refresh token. Each token works once.

    All tokens of one sign-in are a family. If a used token is presented again, it was copied, and the whole
    family ends (RFC 9700, section 4.14.2).
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
    """A request for a password reset: the email address as entered, and later the user it belongs to.

    The token for the link is the signed id. It is made when the email is written, so neither this table nor
    the queue contains a working link.
    """

    email = models.EmailField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="password_resets")
    token_version = models.PositiveIntegerField(null=True)
    """The user's version when the link was made. The link stops working when it changes."""
    expires_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["expires_at"]

    def __str__(self) -> str:
        return f"{self.pk} until {self.expires_at}"


class EmailVerification(BaseModel):
    """A request to confirm an email address. As with `PasswordReset`, the token is not stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_verifications")
    email = models.EmailField()
    """The address to confirm. If the user has changed it since, the link has no effect."""
    expires_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["expires_at"]

    def __str__(self) -> str:
        return f"{self.pk} until {self.expires_at}"


class AttemptCounter(TimestampedModel):
    """A counter of attempts. It counts from the first attempt until `ends_at`, then starts again.

    The key is a keyed hash, so the table contains no email or network addresses.
    """

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_tries"
        ordering = ["ends_at"]

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"
