"""Tokens in links are valid for one purpose at one clinic."""

import uuid

import pytest

from tenants.accounts.errors import LinkInvalid
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.current import enter_clinic
from tenants.models import Clinic

ROW = uuid.UUID(int=7)


def test_a_signed_id_can_be_read(clinic: Clinic) -> None:
    assert read_id(sign_id(ROW, purpose="tea"), purpose="tea", refusal=LinkInvalid) == ROW


def test_a_token_is_refused_for_another_purpose_and_at_another_clinic(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    token = sign_id(ROW, purpose="tea")

    with pytest.raises(LinkInvalid):
        read_id(token, purpose="coffee", refusal=LinkInvalid)
    with enter_clinic(other_clinic), pytest.raises(LinkInvalid):
        read_id(token, purpose="tea", refusal=LinkInvalid)
