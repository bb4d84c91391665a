"""The cache of what visitors read about a clinic. Writes to its rows invalidate it (see `MarkedCache`)."""

from typing import Any

from django.db.models.signals import m2m_changed, pre_delete, pre_save

from tenants.cache import Lookup, MarkedCache
from tenants.current import current_clinic_or_none

PUBLIC_PAGES = MarkedCache(
    "public pages",
    entry_seconds=300,
    # Longer than any transaction: statements are cancelled after 5 s, idle transactions after 10 s.
    marker_seconds=60,
)
_SCOPE = ""


def cache_get(key: str) -> Lookup:
    """Look up `key` in the current clinic's cache."""
    return PUBLIC_PAGES.cache_get(key, scope=_SCOPE)


def cache_set(key: str, value: bytes, lookup: Lookup) -> None:
    """Cache a value that was queried after `lookup`."""
    PUBLIC_PAGES.cache_set(key, value, lookup, scope=_SCOPE)


def invalidate_public_pages() -> None:
    """Invalidate the current clinic's entries. Called before each write to a row that visitors read."""
    if current_clinic_or_none() is not None:
        PUBLIC_PAGES.invalidate([_SCOPE])


def _before_write(**_signal: Any) -> None:
    invalidate_public_pages()


def watch(*models: Any) -> None:
    """Invalidate the cache before a row of these models is saved or deleted.

    Updates with a query set send no signal: the models' query sets derive from `PublicQuerySet`.
    """
    for model in models:
        for signal in (pre_save, pre_delete):
            signal.connect(_before_write, sender=model, dispatch_uid=f"public pages {model._meta.label}")


def watch_relation(through: Any) -> None:
    """Invalidate the cache before rows of a many-to-many relation change."""
    m2m_changed.connect(_before_write, sender=through, dispatch_uid=f"public pages {through._meta.label}")
