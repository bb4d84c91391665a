"""Ten thousand requests of every role, made from the OpenAPI document: no 5xx, no answer it does not know.

`HOSTILE_CASES=300` asks for fewer.
"""

import os

import pytest

from tenants.models import Clinic
from tests.config.test_generated_requests import ROLES
from tests.drills.figures import Note
from tests.factories.generated_requests import SEED, Asker
from tests.factories.scenario import make_world

CASES = int(os.environ.get("HOSTILE_CASES", "10000"))


@pytest.mark.parametrize("who", ROLES)
def test_no_request_gives_a_5xx(clinic: Clinic, who: str, figures: Note) -> None:
    world = make_world(clinic)
    asker = Asker(world, world.users[who])

    asker.ask_many(CASES)

    figures(f"hostile requests as {who}", f"{dict(sorted(asker.answers.items()))}, seed {SEED}")
    assert asker.answers.total() >= CASES
    assert [status for status in asker.answers if status >= 500] == []
