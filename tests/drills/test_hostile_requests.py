"""Ten thousand generated requests per role give no 5xx and no response missing in the OpenAPI document.

`HOSTILE_CASES=300` sends fewer.
"""

import os

import pytest

from tenants.models import Clinic
from tests.config.test_generated_requests import ROLES
from tests.drills.figures import RecordFigure
from tests.factories.generated_requests import SEED, RequestGenerator
from tests.factories.scenario import make_scenario

CASES = int(os.environ.get("HOSTILE_CASES", "10000"))


@pytest.mark.parametrize("role", ROLES)
def test_no_request_gives_a_5xx(clinic: Clinic, role: str, record_figure: RecordFigure) -> None:
    scenario = make_scenario(clinic)
    generator = RequestGenerator(scenario, scenario.users[role])

    generator.send_requests(CASES)

    record_figure(f"hostile requests as {role}", f"{dict(sorted(generator.answers.items()))}, seed {SEED}")
    assert generator.answers.total() >= CASES
    assert [status for status in generator.answers if status >= 500] == []
