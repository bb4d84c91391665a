"""Signal handlers that invalidate the session cache before a user or a session changes."""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver

from tenants.accounts.models import User, UserSession
from tenants.accounts.session_cache import invalidate_cached_sessions


@receiver(pre_save, sender=User)
def _before_user_save(instance: User, update_fields: Collection[str] | None, **_signal: Any) -> None:
    """Invalidate on changes to cached fields. A new user has no session yet."""
    if not instance._state.adding and (update_fields is None or set(update_fields) & set(User.CACHED_FIELDS)):
        invalidate_cached_sessions([instance.pk])


@receiver(pre_delete, sender=User)
def _before_user_delete(instance: User, **_signal: Any) -> None:
    """Invalidate before a user is deleted."""
    invalidate_cached_sessions([instance.pk])


@receiver(pre_delete, sender=UserSession)
def _before_session_delete(instance: UserSession, **_signal: Any) -> None:
    """Invalidate before a session is deleted. The user's other sessions will be cached again."""
    invalidate_cached_sessions([instance.user_id])
