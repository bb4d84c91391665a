"""What links carry: good for one purpose, at one clinic."""

import uuid

import pytest

from tenants.accounts.errors import LinkOver
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.door import enter_clinic
from tenants.models import Clinic

ROW = uuid.UUID(int=7)


def test_an_id_comes_back_as_it_was_signed(clinic: Clinic) -> None:
    assert read_id(sign_id(ROW, purpose="tea"), purpose="tea", refusal=LinkOver) == ROW


def test_a_token_is_good_for_nothing_else_and_nowhere_else(clinic: Clinic, other_clinic: Clinic) -> None:
    token = sign_id(ROW, purpose="tea")

    with pytest.raises(LinkOver):
        read_id(token, purpose="coffee", refusal=LinkOver)
    with enter_clinic(other_clinic), pytest.raises(LinkOver):
        read_id(token, purpose="tea", refusal=LinkOver)
