"""Everything stored in `public`: clinics, their host names, the work queue, and the migration blueprint."""

import secrets
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from tenants.base.clock import validate_time_zone
from tenants.base.locales import Language, Locale, code_of, default_patient_languages
from tenants.base.models import BaseModel, TimestampedModel

RESERVED_SLUGS = frozenset(
    [
        "admin", "api", "app", "auth", "book", "console", "docs", "health", "help", "mail", "metrics",
        "platform", "public", "static", "status", "support", "www",
    ]
)  # fmt: skip
SLUG_PATTERN = r"[a-z](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]"
"""A host label (RFC 1123) of 3 to 40 characters, without `--`, which internationalised names use."""


def new_schema_name() -> str:
    """Return a random schema name, which reveals nothing about the clinic and cannot be chosen."""
    return f"clinic_{uuid.uuid4().hex[:16]}"


def new_proof_word() -> str:
    """Return a secret word that the owner of a domain publishes to prove the ownership."""
    return f"clinic-proof-{secrets.token_hex(16)}"


class Clinic(TenantMixin, BaseModel):
    """One clinic and the name of its schema. Its people and settings are stored inside the schema."""

    class Status(models.TextChoices):
        """The lifecycle status of a clinic."""

        LIVE = "live", _("live")
        SUSPENDED = "suspended", _("suspended")
        CLOSING = "closing", _("closed, data not deleted yet")

    auto_create_schema = False

    schema_name = models.CharField(
        _("schema"), max_length=63, unique=True, default=new_schema_name, editable=False
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(
        _("web address"), max_length=40, unique=True, validators=[RegexValidator(rf"^{SLUG_PATTERN}\Z")]
    )
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    locale = models.CharField(
        _("language and date format"),
        max_length=10,
        choices=Locale.choices,
        default=Locale.EN_GB,
        db_default=Locale.EN_GB,
    )
    patient_languages = ArrayField(
        models.CharField(max_length=2, choices=Language.choices),
        verbose_name=_("languages for patients"),
        default=default_patient_languages,
        db_default=[Language.ENGLISH.value],
    )
    """The languages of pages and messages for patients, in the order of the menu."""
    default_language = models.CharField(
        _("default language"),
        max_length=2,
        choices=Language.choices,
        default=Language.ENGLISH,
        db_default=Language.ENGLISH,
    )
    """The language for patients who have chosen none, and whose browser asks for none of the clinic's."""
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.LIVE)
    drop_after = models.DateTimeField(_("data kept until"), null=True, blank=True, editable=False)
    maintained_on = models.DateField(null=True, editable=False)
    """The clinic's local date of the last night whose maintenance was started."""

    class Meta:
        base_manager_name = "objects"  # TimestampedModel's; the first base class has none
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="closing", drop_after__isnull=False)
                | (~models.Q(status="closing") & models.Q(drop_after__isnull=True)),
                name="clinic_has_an_end_exactly_when_it_is_closing",
            ),
            models.CheckConstraint(
                condition=models.Q(patient_languages__contained_by=Language.values)
                & models.Q(patient_languages__contains=[models.F("default_language")]),
                name="clinic_offers_its_default_language",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether its pages are served, its tasks run and its emails are sent."""
        return self.status == self.Status.LIVE

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of this clinic's working hours and of the times it shows."""
        return ZoneInfo(self.time_zone)

    @property
    def language_code(self) -> str:
        """Django's code for the clinic's locale, for example `en-us`: the language of staff."""
        return str(self.locale).lower()

    def code_of(self, language: str) -> str:
        """Return Django's code for a language of patients, in the region of the clinic: `es-us`."""
        return code_of(language, locale=str(self.locale))


class Domain(DomainMixin, TimestampedModel):
    """A host name of a clinic. Links in emails use the primary one."""

    class Meta:
        base_manager_name = "objects"  # as for Clinic
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="domain_one_primary_per_clinic"
            )
        ]


class DomainClaim(BaseModel):
    """A host name that a clinic claims to own, and the word that proves it. It does not route anything yet.

    Several clinics may claim the same name. The first one to prove it gets the `Domain`.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="domain_claims")
    domain = models.CharField(_("domain"), max_length=253)
    word = models.CharField(max_length=64, default=new_proof_word, editable=False)

    class Meta:
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "domain"], name="domainclaim_once_per_clinic")
        ]

    def __str__(self) -> str:
        return self.domain


class _UnreadField(models.CharField):  # type: ignore[type-arg]  # a field is not subscriptable
    """A text with a default in the table that is not read back after an INSERT.

    A clinic's role may read only the ids of the queue.
    """

    db_returning = False

    def deconstruct(self) -> Any:
        """Return a plain `CharField`, so that migrations do not depend on this class."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class QueueLine(TimestampedModel):
    """A job in the work queue, about one row of a clinic. It holds ids and times only, no personal data.

    It is written in the transaction that caused it (transactional outbox). All clinics share one table, so a
    sweep over a thousand clinics needs one query.
    """

    class Lane(models.TextChoices):
        """Which jobs are claimed together. A server that delays deliveries then delays nothing else."""

        WORK = "work"
        DELIVERY = "delivery"
        # Reading outside calendars: the delivery workers run a few seconds of it at a time.
        FEEDS = "feeds"

    MAX_REQUEST_ID = 64

    id = models.BigAutoField(primary_key=True)
    lane = _UnreadField(max_length=8, choices=Lane.choices, default=Lane.WORK, db_default=Lane.WORK)
    clinic_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    row_id = models.UUIDField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    # The request that caused the job, directly or through other jobs. Empty if none did.
    request_id = _UnreadField(max_length=MAX_REQUEST_ID, blank=True, default="", db_default="")

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["due_at", "id"], name="queueline_by_due_time"),
            # A claim reads the clinics of a lane and the first jobs of each from it.
            models.Index(fields=["lane", "clinic_id", "due_at", "id"], name="queueline_by_lane_and_clinic"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class CircuitBreaker(TimestampedModel):
    """Whether a server outside the installation answers. All workers share this row about it."""

    name = models.CharField(max_length=255, primary_key=True)
    """The server, such as `smtp:mail.example:587`."""
    failures = models.PositiveIntegerField(default=0)
    """Consecutive failures."""
    open_until = models.DateTimeField(null=True)
    """Until when nothing is sent to it. Then one worker tries again."""
    last_error = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PeriodicRun(TimestampedModel):
    """When beat last started a periodic task, so that a missed one is caught up."""

    name = models.CharField(max_length=100, primary_key=True)
    last_run_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Heartbeat(TimestampedModel):
    """When a process last gave a sign of life: the workers of a lane, or the check that tells operators."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ParkedMessages(TimestampedModel):
    """How many messages of a clinic failed for good in an hour (UTC). It tells nothing about them."""

    clinic_id = models.UUIDField()
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["hour", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clinic_id", "hour"], name="parkedmessages_once_per_hour")
        ]

    def __str__(self) -> str:
        return f"{self.clinic_id} {self.hour:%Y-%m-%d %H:%M}"


class Blueprint(TimestampedModel):
    """The SQL script that creates the schema of a new clinic, and the migrations it includes."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    script = models.TextField()
    migrations = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="blueprint_is_the_only_one")]

    def __str__(self) -> str:
        return f"blueprint of {self.made_at}"


class Recording(TimestampedModel):
    """The statements that took the migration template from one state to the next.

    They are stored so that an interrupted run or a restored clinic can continue from its own state.
    """

    before = models.CharField(max_length=32, unique=True)
    after = models.CharField(max_length=32)
    script = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"from {self.before} to {self.after}"
