"""Nothing that is kept of a sign-in is given once its user or session changes, whoever changes them."""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver

from tenants.accounts.models import User, UserSession
from tenants.accounts.signed_in import withdraw


@receiver(pre_save, sender=User)
def before_a_user_changes(instance: User, update_fields: Collection[str] | None, **_sent: Any) -> None:
    """A new user has no session yet; a change of what is not kept leaves everything right."""
    if not instance._state.adding and (update_fields is None or set(update_fields) & set(User.KEPT)):
        withdraw([instance.pk])


@receiver(pre_delete, sender=User)
def before_a_user_goes(instance: User, **_sent: Any) -> None:
    """Their sessions go with them."""
    withdraw([instance.pk])


@receiver(pre_delete, sender=UserSession)
def before_a_session_ends(instance: UserSession, **_sent: Any) -> None:
    """What is kept of the user's other sessions goes too, and comes back."""
    withdraw([instance.user_id])
