"""One of twenty clinics is exported, lost and restored; the checksums are equal, the others never notice."""

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
from tests.factories.scenario import make_world

COUNT = 20
WORDS = Passphrase("a passphrase for the drill")
SILENCED = {"accounts_user", "notifications_message"}
"""Where a restored clinic differs: sessions have ended, and what waited to be sent does not go out twice."""

Contents = dict[str, TableDigest]


def contents(clinic: Clinic) -> Contents:
    """Rows, bytes and digest of every table of a clinic."""
    with enter_clinic(clinic), transaction.atomic():
        set_copy_format()
        return {table.name: digest_table(table) for table in tables()}
    raise AssertionError


@pytest.fixture
def twenty(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Clinic]]:
    """Twenty clinics, each with one of everything and words of its own."""
    with django_db_blocker.unblock():
        leave_clinic()
        made = []
        for number in range(COUNT):
            clinic = open_test_clinic(f"drill-{number}", name=f"Drill {number}", time_zone="Europe/London")
            with enter_clinic(clinic):
                make_world(clinic, word=f"canary-{number}")
            made.append(clinic)
        yield made
        leave_clinic()
        for clinic in Clinic.objects.filter(slug__startswith="drill-"):
            QueueLine.objects.filter(clinic_id=clinic.pk).delete()
            drop_clinic(clinic)
        connection.close()


def test_one_of_twenty_is_restored_and_the_others_are_as_they_were(
    twenty: list[Clinic], figures: Any
) -> None:
    lost, others = twenty[7], twenty[:7] + twenty[8:]
    before = {clinic.slug: contents(clinic) for clinic in twenty}
    lines = {clinic.slug: QueueLine.objects.filter(clinic_id=clinic.pk).count() for clinic in others}
    key, file = lost.pk, io.BytesIO()

    began = perf_counter()
    exported = export_clinic(clinic=lost, into=file, lock=WORDS, by=None, now=now())
    took_export = perf_counter() - began
    leave_clinic()
    QueueLine.objects.filter(clinic_id=key).delete()
    drop_clinic(Clinic.objects.get(pk=key))
    file.seek(0)
    began = perf_counter()
    restored = restore_clinic(file=file, key=WORDS, by=None, now=now())
    took_restore = perf_counter() - began

    after = contents(restored.clinic)
    differing = {name for name, there in before[lost.slug].items() if after[name] != there}
    assert (restored.clinic.pk, restored.clinic.status, restored.rows) == (key, "suspended", exported.rows)
    assert differing == SILENCED
    assert {name: (there.rows) for name, there in after.items()} == {
        name: there.rows for name, there in before[lost.slug].items()
    }
    assert {clinic.slug: contents(clinic) for clinic in others} == {c.slug: before[c.slug] for c in others}
    assert {c.slug: QueueLine.objects.filter(clinic_id=c.pk).count() for c in others} == lines
    assert QueueLine.objects.filter(clinic_id=key).count() == 0
    figures(
        "restore of one of twenty",
        f"{restored.rows} rows, {restored.tables} tables: export {took_export:.2f} s, restore "
        f"{took_restore:.2f} s, checksums equal, 19 others unchanged",
    )
