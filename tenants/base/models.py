"""The base model: a UUID as primary key and the time of creation."""

import uuid

from django.db import models

from tenants.base.clock import now


class BaseModel(models.Model):
    """A row with a UUID and its creation time (UTC)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        abstract = True
