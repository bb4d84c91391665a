"""A closed batch of the audit log, with a digest that depends on all batches before it."""

from django.db import models

from tenants.base.clock import now
from tenants.base.models import TimestampedModel


class AuditBatch(TimestampedModel):
    """The entries with an id above `after_id` and up to `last_id`, or a remark about earlier batches.

    Rows are only added. `audit/chain.py` describes the digests.
    """

    class Kind(models.TextChoices):
        """What the row states. It contains entries only if it is of the first kind."""

        ENTRIES = "entries"
        """A batch of entries."""
        ACCEPTED = "accepted"
        """The earlier batches agreed with their digests. Their seals of another key are accepted."""
        DELETED = "deleted"
        """The entries of the batches up to number `deleted_through` were deleted for their age."""

    number = models.PositiveIntegerField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ENTRIES)
    after_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    deleted_through = models.PositiveIntegerField(null=True)
    closed_at = models.DateTimeField(default=now)
    rows_digest = models.CharField(max_length=64)
    """The SHA-256 digest of the entries, in hexadecimal digits."""
    digest = models.CharField(max_length=64)
    """The SHA-256 digest of this row and the previous row's digest."""
    seal = models.CharField(max_length=64)
    """The digest, authenticated (HMAC) with a key that is not in the database."""

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.count} entries up to {self.last_id}"
