"""Nothing that a person wrote is in Postgres' log, whatever the API, the admin and the console are sent."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest

from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.database_log import DatabaseLog
from tests.factories.forms import parse_form
from tests.factories.generated_requests import SEED
from tests.factories.scenario import Scenario, client_at_host, make_operator
from tests.isolation.access_matrix import MODELS, SITE_ROWS, rows
from tests.isolation.test_access_matrix import admin_path, path_for, rolled_back
from tests.isolation.url_list import CLINIC_URLS, methods_of
from tests.profiles import examples, sample

NAME = "Zxqvrd"
"""Part of every value that the tests send: a name, an address, a telephone number."""
PERSON = {"email": f"{NAME}@people.example", "first_name": NAME, "last_name": f"{NAME}son"}
VALUES: list[Any] = [
    *(NAME, PERSON["email"], f"{NAME}\x00", f"{NAME}\ud800", f"{NAME} {'x' * 5000}", f"2026-02-30 {NAME}"),
    *(f"00000000-0000-0000-0000-{NAME}", f"' OR '{NAME}", [NAME], {"name": NAME}),
]
QUERY = ["search", "specialty", "doctor", "patient", "from", "at", "date", "page", "status", "ordering"]
PARAMETERS = ["q", "p", "o", "e", "_to_field", "status", "role__exact", "id__exact", "starts_at__gte"]
PER_FORM = examples(quick=2, full=50)
API = sorted(address for address in CLINIC_URLS if address.startswith("/api/") and "docs" not in address)
PAGES = sorted(page for page, (get, _post) in SITE_ROWS.items() if get == "200" and "logout" not in page)
LISTS = [f"/{site}/{model}/" for site, model, *_ in rows(MODELS)]
pytestmark = pytest.mark.property


@pytest.fixture
def value() -> Callable[[], Any]:
    """Return a function that returns one of the values."""
    return partial(random.Random(SEED).choice, VALUES)


def bodies(valid: Any, value: Callable[[], Any]) -> Iterator[Any]:
    """Yield bodies with the values: everywhere, and in each field of a valid body."""
    yield {field: value() for field in [*PERSON, "phone", "reason", "slot", "doctor", "name", "token"]}
    if isinstance(valid, dict):
        for field in valid:
            yield {**valid, field: value()}


def test_no_request_to_the_api_leaves_a_value_in_the_log(
    other_scenario: Scenario,
    other_people: dict[str, ClinicClient],
    value: Callable[[], Any],
) -> None:
    log = DatabaseLog()
    for client in other_people.values():
        client.raise_request_exception = False
    for address in sample(API, quick=50):
        for method in methods_of(address):
            path = path_for(address, other_scenario)
            for person in ("nobody", "patient", "doctor", "admin"):
                send = getattr(other_people[person], method.lower())
                with rolled_back():
                    if method == "GET":
                        send(path, {name: str(value()).replace("\ud800", "") for name in QUERY})
                        send(path, {random.choice(QUERY): NAME})
                        continue
                    for body in bodies(other_scenario.body_for(method, address), value):
                        send(path, body)

    assert log.lines_with(NAME) == []


def test_no_form_and_no_search_of_the_sites_leaves_a_value_in_the_log(
    other_scenario: Scenario, clinic: Clinic, value: Callable[[], Any]
) -> None:
    log = DatabaseLog()
    clients = {
        "admin": client_at_host(clinic, home=clinic, user=other_scenario.admin),
        "console": client_at_host(None, home=None, user=make_operator()),
    }
    for path in sample(LISTS, quick=12):
        for name in PARAMETERS:
            with rolled_back():
                clients[path.split("/")[1]].get(path, {name: NAME})
    for page in sample(PAGES, quick=30):
        client, path = clients[page.split("/")[1]], admin_path(page, other_scenario)
        client.raise_request_exception = False
        form = parse_form(client.get(path).getvalue().decode())
        fields = random.Random(f"{SEED}{page}").sample(sorted(form), min(len(form), PER_FORM))
        forms = [dict.fromkeys(form, NAME), *({**form, field: str(value())} for field in fields)]
        for data in forms:
            with rolled_back():
                body = urlencode({**data, "_save": "x"}, errors="surrogatepass")
                client.post(path, body, content_type="application/x-www-form-urlencoded")

    assert log.lines_with(NAME) == []
