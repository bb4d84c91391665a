"""Deleting expired rows."""

from datetime import datetime, timedelta

import pytest

from clinics.models import Patient
from scheduling.tasks import delete_expired_account_data
from tenants.accounts.models import AttemptCounter, Invitation, PasswordReset, RefreshToken
from tenants.accounts.purge import RESEND_PERIOD, delete_expired
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.people import make_admin


@pytest.mark.parametrize(("late", "left"), [(-1, 1), (0, 0), (1, 0)])
def test_expired_tokens_links_and_counters_are_deleted(
    clinic: Clinic, patient: Patient, now: datetime, late: int, left: int
) -> None:
    assert patient.user is not None
    RefreshToken.objects.create(digest="one", user=patient.user, expires_at=now)
    PasswordReset.objects.create(email="pat@people.example", expires_at=now)
    AttemptCounter.objects.create(key="one", count=1, ends_at=now)
    Invitation.objects.create(
        email="new@staff.example", role="doctor", invited_by=make_admin(), expires_at=now - RESEND_PERIOD
    )

    deleted = delete_expired(now=now + timedelta(seconds=late))

    assert deleted == 4 * (1 - left)
    models = (RefreshToken, PasswordReset, AttemptCounter, Invitation)
    assert [rows.objects.count() for rows in models] == [left] * 4


def test_nightly_maintenance_deletes_them(clinic: Clinic) -> None:
    AttemptCounter.objects.create(key="one", count=1, ends_at=clock_now())

    delete_expired_account_data(clinic.pk, clock_now())

    assert AttemptCounter.objects.count() == 0
