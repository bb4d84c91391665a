"""Whatever is sent to the API by whomever, it is done or refused as the document says: never a 5xx.

A short run; `make drills` has the long one.
"""

import pytest

from tenants.models import Clinic
from tests.factories.generated_requests import Asker
from tests.factories.scenario import make_world

ROLES = ["nobody", "patient", "doctor", "receptionist", "admin"]


@pytest.mark.parametrize("who", ROLES)
def test_any_request_is_answered_as_the_document_says(clinic: Clinic, who: str) -> None:
    world = make_world(clinic)
    asker = Asker(world, world.users[who])

    asker.ask_many(150)

    assert asker.answers.total() >= 150
    assert {status // 100 for status in asker.answers} == {2, 4}, "some must be done, some refused"
