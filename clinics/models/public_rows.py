"""The query set of rows that visitors read on the clinic's public pages."""

from typing import Any, TypeVar

from django.db import models

from clinics.public_cache import invalidate_public_pages
from tenants.base.models import BaseQuerySet

M = TypeVar("M", bound=models.Model)


class PublicQuerySet(BaseQuerySet[M]):
    """A query set whose updates invalidate the cache of the public pages, since they send no signal."""

    def update(self, **changes: Any) -> int:
        """Update as usual, and invalidate the cache first."""
        invalidate_public_pages()
        return super().update(**changes)

    update.alters_data = True  # type: ignore[attr-defined]  # so that templates cannot call it

    def bulk_create(self, *args: Any, **options: Any) -> list[M]:
        """Insert as usual, and invalidate the cache first."""
        invalidate_public_pages()
        return super().bulk_create(*args, **options)
