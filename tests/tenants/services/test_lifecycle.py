"""Suspending, resuming and renaming a clinic."""

from typing import Any

import pytest

from tenants.base.errors import DomainError, InvalidInput
from tenants.current import enter_public
from tenants.models import Clinic
from tenants.routing.hosts import clinic_for_host
from tenants.services.lifecycle import (
    AlreadySuspended,
    NotSuspended,
    rename_clinic,
    resume_clinic,
    suspend_clinic,
)
from tests.factories.clinic_client import ClinicClient

HOST = "riverside.example.localhost"


def test_suspending_and_resuming_a_clinic_take_effect_at_once(
    clinic: Clinic, django_capture_on_commit_callbacks: Any
) -> None:
    client = ClinicClient(clinic)
    answers = [client.get("/api/clinic/").status_code]

    for step in (suspend_clinic, resume_clinic):
        with django_capture_on_commit_callbacks(execute=True):
            step(clinic=Clinic.objects.get(pk=clinic.pk))
        answers.append(client.get("/api/clinic/").status_code)

    assert answers == [200, 503, 200]


@pytest.mark.parametrize(
    ("step", "before", "refusal", "message"),
    [
        (suspend_clinic, "suspended", AlreadySuspended, "Riverside is already suspended."),
        (resume_clinic, "live", NotSuspended, "Riverside is not suspended."),
    ],
)
def test_a_repeated_step_is_refused_with_the_clinics_name(
    clinic: Clinic, step: Any, before: str, refusal: type[DomainError], message: str
) -> None:
    stale = Clinic.objects.get(pk=clinic.pk)
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(status=before)

    with pytest.raises(refusal) as refused:
        step(clinic=stale)

    assert refused.value.errors == {"clinic": [message]}
    assert Clinic.objects.get(pk=clinic.pk).status == before


def test_a_renamed_clinic_keeps_its_address(clinic: Clinic, django_capture_on_commit_callbacks: Any) -> None:
    clinic_for_host(HOST)

    with django_capture_on_commit_callbacks(execute=True):
        rename_clinic(clinic=Clinic.objects.get(pk=clinic.pk), name="  Riverbank ")

    renamed = clinic_for_host(HOST)
    assert renamed is not None
    assert (renamed.name, renamed.slug) == ("Riverbank", "riverside")


@pytest.mark.parametrize("name", ["", "   ", "R" * 121, "River\nBcc: everybody@example.org", "River\x00side"])
def test_an_invalid_name_is_refused(clinic: Clinic, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rename_clinic(clinic=Clinic.objects.get(pk=clinic.pk), name=name)

    assert list(refused.value.errors) == ["name"]
    assert Clinic.objects.get(pk=clinic.pk).name == "Riverside"
