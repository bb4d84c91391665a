"""Signal handlers that invalidate the session cache before a user or a session changes."""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver

from tenants.accounts.models import User, UserSession
from tenants.accounts.session_cache import invalidate_cached_sessions
from tenants.accounts.sessions.services import end_all_sessions


@receiver(pre_save, sender=User)
def _before_user_save(instance: User, update_fields: Collection[str] | None, **_signal: Any) -> None:
    """Invalidate on changes to cached fields, and end all sessions of a user whose password Django changes.

    Our code changes passwords with `credentials.services`. Django's own forms and commands, such as
    `changepassword`, call `set_password` and save the user. A new user has no session yet.
    """
    if instance._state.adding:
        return
    if getattr(instance, "_password", None) is not None:  # set by `set_password` until the user is saved
        end_all_sessions(user=instance)
        instance.refresh_from_db(fields=["token_version"])
    if update_fields is None or set(update_fields) & set(User.CACHED_FIELDS):
        invalidate_cached_sessions([instance.pk])


@receiver(pre_delete, sender=User)
def _before_user_delete(instance: User, **_signal: Any) -> None:
    """Invalidate before a user is deleted."""
    invalidate_cached_sessions([instance.pk])


@receiver(pre_delete, sender=UserSession)
def _before_session_delete(instance: UserSession, **_signal: Any) -> None:
    """Invalidate before a session is deleted. The user's other sessions will be cached again."""
    invalidate_cached_sessions([instance.user_id])
