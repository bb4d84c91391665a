"""Erases the personal data of an account."""

from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CASCADE, Model

from tenants.accounts.access_rules import check_access_change
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import PasswordReset, User
from tenants.accounts.sessions.services import end_all_sessions
from tenants.base.clock import now


@transaction.atomic
def erase_user(*, user: User) -> None:
    """Close `user`'s account permanently and erase its personal data.

    The row stays because bookings refer to it. Rows that belong to the account, such as sessions, are deleted
    in all apps: those with a cascading foreign key.

    :raises LastAdmin: `user` is the clinic's last active admin
    """
    check_access_change(user=user, is_active=False, now=now())
    end_all_sessions(user=user)
    for field in User._meta.get_fields(include_hidden=True):
        if getattr(field, "on_delete", None) is CASCADE and field.auto_created and field.related_model:
            owned = field.related_model._base_manager.filter(**{field.field.name: user})  # type: ignore[union-attr]
            owned.delete()
    PasswordReset.objects.filter(email=user.email).delete()
    user.email = f"{user.pk}@closed.invalid"  # no address: RFC 2606, section 2
    user.first_name = user.last_name = user.phone = ""
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save(
        update_fields=["email", "first_name", "last_name", "phone", "is_active", "last_login", "password"]
    )
    erase_admin_history([user])
    write_audit_entries(what=AuditAction.CLOSED, by=user, about=[user])


def erase_admin_history(rows: Iterable[Model]) -> None:
    """Erase the names of `rows` from the change history of Django's admin."""
    for row in rows:
        kind = ContentType.objects.get_for_model(row)
        LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).update(
            object_repr="", change_message=""
        )
