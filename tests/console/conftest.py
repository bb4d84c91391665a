"""Fixtures of the console's tests."""

import pytest
from django.test import Client

from tenants.accounts.models import User
from tenants.current import leave_clinic
from tenants.models import Clinic
from tests.factories.people import make_user
from tests.factories.second_factor import sign_in_with_second_factor

BASE = "example.localhost"


@pytest.fixture
def operator(clinics: tuple[Clinic, Clinic], db: None) -> User:
    """An operator of the platform."""
    leave_clinic()
    return make_user(User.Role.OPERATOR)


@pytest.fixture
def browser(operator: User) -> Client:
    """The operator's browser, signed in to the console."""
    client = Client(SERVER_NAME=BASE)
    sign_in_with_second_factor(client, operator)
    return client
