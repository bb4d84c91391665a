"""Export and restore clinics, each with an entry in the platform's audit log."""

from datetime import datetime
from typing import IO

from django.db import transaction

from tenants.accounts.audit.services import AuditAction, write_clinic_audit_entry
from tenants.accounts.models import User
from tenants.models import Clinic
from tenants.services import export, restore
from tenants.services.encryption import Passphrase, PublicKey, SecretKey
from tenants.services.export import ExportResult
from tenants.services.restore import RestoreResult


def export_clinic(
    *, clinic: Clinic, file: IO[bytes], key: Passphrase | PublicKey, by: User | None, now: datetime
) -> ExportResult:
    """Write all data of `clinic` to an encrypted file. Must be called outside any transaction.

    :param by: the operator; None from the command line
    :raises NothingToExport: the clinic has no tables
    """
    exported = export.write_export(clinic=clinic, file=file, key=key, now=now)
    recipient = key.recipient if isinstance(key, PublicKey) else "a passphrase"
    note = f"{clinic.slug}: {exported.rows} rows, for {recipient}"
    write_clinic_audit_entry(what=AuditAction.EXPORTED, clinic=clinic, by=by, note=note)
    return exported


@transaction.atomic
def restore_clinic(
    *,
    file: IO[bytes],
    key: Passphrase | SecretKey,
    slug: str | None = None,
    by: User | None,
    now: datetime,
) -> RestoreResult:
    """Restore a clinic from an exported file. It starts suspended.

    :param slug: its web address; None for the one it had
    :param by: the operator; None from the command line
    :raises DomainError: as `tenants.services.restore.restore_clinic`
    """
    restored = restore.restore_clinic(file=file, key=key, slug=slug, now=now)
    note = f"{restored.clinic.slug}: {restored.rows} rows, checksums of {restored.tables} tables equal"
    write_clinic_audit_entry(what=AuditAction.RESTORED, clinic=restored.clinic, by=by, note=note)
    return restored
