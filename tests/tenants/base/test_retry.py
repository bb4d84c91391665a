"""Retrying after a conflict between transactions."""

from threading import Barrier, Event, Thread

import pytest
from django.db import OperationalError, connection, transaction

from clinics.models import Specialty
from tenants.base.retry import retry_conflicts
from tenants.current import enter_clinic
from tenants.models import Clinic

SERIALIZATION_FAILURE, QUERY_CANCELED = "40001", "57014"


class Service:
    """A service that raises a Postgres error of `code` in its first `failures` calls."""

    def __init__(self, code: str, failures: int) -> None:
        self.code, self.failures, self.runs = code, failures, 0

    def __call__(self) -> str:
        self.runs += 1
        with transaction.atomic(), connection.cursor() as cursor:
            if self.runs <= self.failures:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{self.code}'; END $$")
        return "done"


def test_a_service_succeeds_in_the_third_attempt_after_two_conflicts(open_clinic: Clinic) -> None:
    service = Service(SERIALIZATION_FAILURE, failures=2)

    assert (retry_conflicts(service.__call__)(), service.runs) == ("done", 3)


def test_the_third_conflict_is_raised(open_clinic: Clinic) -> None:
    service = Service(SERIALIZATION_FAILURE, failures=3)

    with pytest.raises(OperationalError):
        retry_conflicts(service.__call__)()

    assert service.runs == 3


def test_other_errors_are_not_retried(open_clinic: Clinic) -> None:
    service = Service(QUERY_CANCELED, failures=1)

    with pytest.raises(OperationalError):
        retry_conflicts(service.__call__)()

    assert service.runs == 1


def test_inside_an_outer_transaction_a_conflict_is_not_retried(clinic: Clinic) -> None:
    service = Service(SERIALIZATION_FAILURE, failures=1)

    with pytest.raises(OperationalError):
        retry_conflicts(service.__call__)()

    assert service.runs == 1


def test_both_sides_of_a_deadlock_succeed(open_clinic: Clinic) -> None:
    both_locked, one_succeeded, runs = Barrier(2), Event(), list[str]()

    @retry_conflicts
    def lock(*, first: str, then: str) -> None:
        runs.append(first)
        if len(runs) > 2:
            one_succeeded.wait(timeout=10)
        with transaction.atomic():
            Specialty.objects.select_for_update().get(code=first)
            if len(runs) <= 2:
                both_locked.wait(timeout=10)
            Specialty.objects.select_for_update().get(code=then)
        one_succeeded.set()

    def lock_in_a_thread(first: str, then: str) -> None:
        with enter_clinic(open_clinic):
            lock(first=first, then=then)
        connection.close()

    pairs = [("dentistry", "optometry"), ("optometry", "dentistry")]
    threads = [Thread(target=lock_in_a_thread, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(runs), sorted(runs[:2]), runs[2] in runs[:2]) == (3, ["dentistry", "optometry"], True)
