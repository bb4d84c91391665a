"""Clinics that offer their patients several languages."""

from collections.abc import Iterator
from contextlib import contextmanager

from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.routing.hosts import clear_host_cache
from tenants.services.lifecycle import change_patient_languages


@contextmanager
def offering(clinic: Clinic, *languages: str, default: str = "en") -> Iterator[Clinic]:
    """Let a clinic offer languages, inside the block also as the current clinic.

    It is another object than the clinic of the run, which other tests use.
    """
    changed = change_patient_languages(clinic=clinic, languages=list(languages), default=default)
    clear_host_cache()  # the test's transaction is never committed
    with enter_clinic(changed):
        yield changed
