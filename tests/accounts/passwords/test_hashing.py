"""Passwords are hashed within a limited amount of memory."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, make_password

from tenants.accounts.models import AttemptCounter
from tenants.accounts.passwords import hashing
from tenants.accounts.passwords.hashing import MemoryBudget
from tenants.base.errors import Unavailable
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient

PRODUCT = "tenants.accounts.passwords.hashing.LimitedArgon2PasswordHasher"
DJANGO = "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.fixture
def no_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All memory for hashing is in use."""
    monkeypatch.setattr(hashing, "WAIT", 0.05)
    with hashing.budget.reserved(2**30, seconds=0):
        yield


def test_a_password_is_hashed_with_the_parameters_that_owasp_recommends(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [PRODUCT]

    encoded = make_password("a horse and its staple")

    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert check_password("a horse and its staple", encoded)
    assert not check_password("another", encoded)


def test_a_hash_with_other_parameters_is_accepted_and_replaced(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [DJANGO]
    replaced: list[str] = []
    encoded = make_password("a horse and its staple")
    settings.PASSWORD_HASHERS = [PRODUCT]

    assert check_password("a horse and its staple", encoded, setter=replaced.append)

    assert replaced == ["a horse and its staple"]


def test_hashing_never_uses_more_memory_than_the_budget() -> None:
    budget, lock, used, most = MemoryBudget(100), threading.Lock(), 0, 0

    def hash_one(amount: int) -> None:
        nonlocal used, most
        with budget.reserved(amount, seconds=10):
            with lock:
                used += amount
                most = max(most, used)
            time.sleep(0.005)
            with lock:
                used -= amount

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(hash_one, [46, 46, 100, 19] * 12))

    assert 46 < most <= 100


def test_who_finds_no_memory_in_time_is_refused_and_the_next_is_not() -> None:
    budget = MemoryBudget(100)

    with (
        budget.reserved(60, seconds=0),
        pytest.raises(Unavailable),
        budget.reserved(60, seconds=0.01),
    ):
        pass

    with budget.reserved(1000, seconds=0):
        pass


def test_a_sign_in_without_memory_gets_503_and_does_not_count_as_an_attempt(
    clinic: Clinic, no_memory: None
) -> None:
    body = {"email": "nobody@people.example", "password": "a horse and its staple"}

    answer = ClinicClient(clinic).post("/api/auth/login/", body)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json()["code"] == "unavailable"
    assert not AttemptCounter.objects.filter(count__gt=0).exists()


def test_a_page_without_memory_gets_503(clinic: Clinic, no_memory: None) -> None:
    form = {"username": "nobody@people.example", "password": "a horse and its staple"}

    answer = ClinicClient(clinic).post("/admin/login/", form, format="multipart")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Try again in a moment." in answer.content.decode()
