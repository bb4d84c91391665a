"""Generated requests get a success or an error that the OpenAPI document describes, never a 5xx.

This is a short run. `make drills` has the long one.
"""

import pytest

from tenants.models import Clinic
from tests.factories.generated_requests import RequestGenerator
from tests.factories.scenario import make_scenario

ROLES = ["nobody", "patient", "doctor", "receptionist", "admin"]


@pytest.mark.parametrize("role", ROLES)
def test_every_response_is_described_in_the_document(clinic: Clinic, role: str) -> None:
    scenario = make_scenario(clinic)
    client = RequestGenerator(scenario, scenario.users[role])

    client.send_requests(80)

    assert client.answers.total() >= 80
    assert {status // 100 for status in client.answers} == {2, 4}, "there must be both successes and refusals"
