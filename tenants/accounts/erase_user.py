"""Erases the personal data of an account."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CASCADE, Model

from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.services import disable_account
from tenants.accounts.models import EmailCode, PasswordReset, User


@transaction.atomic
def erase_user(*, user: User, by: User, now: datetime) -> None:
    """Close `user`'s account permanently and erase its personal data.

    The row stays because bookings refer to it. Rows that belong to the account, such as sessions, are deleted
    in all apps: those with a cascading foreign key.

    :param by: the user, or the admin who erases a patient on request
    :raises LastAdmin: `user` is the clinic's last active admin
    """
    disable_account(user=user, by=by, now=now)
    for field in User._meta.get_fields(include_hidden=True):
        if getattr(field, "on_delete", None) is CASCADE and field.auto_created and field.related_model:
            owned = field.related_model._base_manager.filter(**{field.field.name: user})  # type: ignore[union-attr]
            owned.delete()
    if user.owns_email:
        PasswordReset.objects.filter(email=user.email).delete()
        EmailCode.objects.filter(email=user.email).delete()
    user.email = f"{user.pk}@closed.invalid"  # no address: RFC 2606, section 2
    user.first_name = user.last_name = user.phone = ""
    user.last_login = None
    user.save(update_fields=["email", "first_name", "last_name", "phone", "last_login"])
    erase_admin_history([user])
    write_audit_entries(what=AuditAction.CLOSED, by=by, about=[user])


def erase_admin_history(rows: Iterable[Model]) -> None:
    """Erase the names of `rows` from the change history of Django's admin."""
    for row in rows:
        kind = ContentType.objects.get_for_model(row)
        LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).update(
            object_repr="", change_message=""
        )
