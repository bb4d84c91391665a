"""One of twenty clinics is exported, lost and restored. Checksums are equal; the others do not change."""

import io
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from clinics.services.transfer import export_clinic, restore_clinic
from tenants.base.clock import now
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic, QueueLine
from tenants.services.encryption import Passphrase
from tenants.services.tables import TableDigest, digest_table, set_copy_format, tables
from tests.conftest import open_test_clinic
from tests.factories.clinics import drop_clinic
from tests.factories.scenario import make_scenario

COUNT = 20
PASSPHRASE = Passphrase("a passphrase for the drill")
CHANGED_BY_RESTORE = {"accounts_user", "notifications_message"}
"""Tables that a restore changes: sessions are ended, and pending messages are not sent twice."""

TableDigests = dict[str, TableDigest]


def digest_tables(clinic: Clinic) -> TableDigests:
    """Return rows, bytes and digest of every table of a clinic."""
    with enter_clinic(clinic), transaction.atomic():
        set_copy_format()
        return {table.name: digest_table(table) for table in tables()}
    raise AssertionError


@pytest.fixture
def twenty(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Clinic]]:
    """Twenty clinics, each with one row of everything and its own texts."""
    with django_db_blocker.unblock():
        leave_clinic()
        opened = []
        for number in range(COUNT):
            clinic = open_test_clinic(f"drill-{number}", name=f"Drill {number}", time_zone="Europe/London")
            with enter_clinic(clinic):
                make_scenario(clinic, text=f"canary-{number}")
            opened.append(clinic)
        yield opened
        leave_clinic()
        for clinic in Clinic.objects.filter(slug__startswith="drill-"):
            QueueLine.objects.filter(clinic_id=clinic.pk).delete()
            drop_clinic(clinic)
        connection.close()


def test_one_of_twenty_clinics_is_restored_and_the_others_do_not_change(
    twenty: list[Clinic], record_figure: Any
) -> None:
    lost, others = twenty[7], twenty[:7] + twenty[8:]
    before = {clinic.slug: digest_tables(clinic) for clinic in twenty}
    job_counts = {clinic.slug: QueueLine.objects.filter(clinic_id=clinic.pk).count() for clinic in others}
    key, file = lost.pk, io.BytesIO()

    started = perf_counter()
    exported = export_clinic(clinic=lost, file=file, key=PASSPHRASE, by=None, now=now())
    took_export = perf_counter() - started
    leave_clinic()
    QueueLine.objects.filter(clinic_id=key).delete()
    drop_clinic(Clinic.objects.get(pk=key))
    file.seek(0)
    started = perf_counter()
    restored = restore_clinic(file=file, key=PASSPHRASE, by=None, now=now())
    took_restore = perf_counter() - started

    after = digest_tables(restored.clinic)
    differing = {name for name, digest in before[lost.slug].items() if after[name] != digest}
    assert (restored.clinic.pk, restored.clinic.status, restored.rows) == (key, "suspended", exported.rows)
    assert differing == CHANGED_BY_RESTORE
    assert {name: (digest.rows) for name, digest in after.items()} == {
        name: digest.rows for name, digest in before[lost.slug].items()
    }
    assert {clinic.slug: digest_tables(clinic) for clinic in others} == {
        c.slug: before[c.slug] for c in others
    }
    assert {c.slug: QueueLine.objects.filter(clinic_id=c.pk).count() for c in others} == job_counts
    assert QueueLine.objects.filter(clinic_id=key).count() == 0
    record_figure(
        "restore of one of twenty",
        f"{restored.rows} rows, {restored.tables} tables: export {took_export:.2f} s, restore "
        f"{took_restore:.2f} s, checksums equal, 19 others unchanged",
    )
