"""No form and no list query of the admin and the console causes a 5xx, whatever the input.

One value is tried in some fields of each form and in every parameter and URL; in `make drills`, every value
in every field.
`HOSTILE_SEED=7` repeats a choice of values.
"""

import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from urllib.parse import quote

import pytest

from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.generated_requests import SEED
from tests.factories.scenario import Scenario, client_at_host, make_operator, make_scenario
from tests.isolation.access_matrix import MODELS, SITE_ROWS, rows
from tests.isolation.test_access_matrix import admin_path, rolled_back
from tests.profiles import examples

VALUES = [
    "", " ", "\x00", "a\x00b", "\ud800", "\u202eabc", "x" * 20_000, "' OR 1=1 --", "%s%(x)s{0}",
    "<script>", "-1", "9" * 31, "1e999", "NaN", "2147483648", "0001-01-01", "9999-12-31", "2026-02-30",
    "2026-13-45", "24:00", "25:61", "00000000-0000-0000-0000-000000000000", "../../etc/passwd",
    "\r\nBcc: x", "١٢", "[[[]]]",
]  # fmt: skip
PARAMETERS = [
    "q", "p", "o", "e", "all", "_popup", "_to_field", "_changelist_filters", "status", "role__exact",
]  # fmt: skip
PARAMETERS += [
    "is_active__exact",
    "id__exact",
    "doctor__id__exact",
    "starts_at__year",
    "starts_at__gte",
    "password",
]
VALUES_PER_FIELD = examples(quick=1, full=len(VALUES))
FIELDS_PER_FORM = examples(quick=8, full=10_000)
REPEAT_HINT = f"Repeat with HOSTILE_SEED={SEED}"
ALLOWED_STATUSES = {200, 302, 400, 403, 404, 405}
pytestmark = pytest.mark.property
WITHOUT_FORM = ("logout", "auditentry/export/", "session-activity/")
PAGES = sorted(
    page
    for page, (get, _post) in SITE_ROWS.items()
    if get == "200" and not any(name in page for name in WITHOUT_FORM)
)
LISTS = [f"/{site}/{model}/" for site, model, *_ in rows(MODELS)]


@pytest.fixture(scope="module")
def module_scenario(
    module_transaction: None, clinics: tuple[Clinic, Clinic]
) -> tuple[Scenario, dict[str, ClinicClient]]:
    """The scenario and the signed-in clients that each test copies."""
    with enter_clinic(clinics[0]):
        scenario = make_scenario(clinics[0])
        site_clients = {
            "admin": client_at_host(scenario.clinic, home=scenario.clinic, user=scenario.admin),
            "console": client_at_host(None, home=None, user=make_operator()),
        }
    for client in site_clients.values():
        client.raise_request_exception = False
    return scenario, site_clients


@pytest.fixture
def scenario(module_scenario: tuple[Scenario, object], clinic: Clinic) -> Scenario:
    """The London clinic, with one of everything, as a copy for this test."""
    return deepcopy(module_scenario[0])


@pytest.fixture
def clients(
    module_scenario: tuple[object, dict[str, ClinicClient]], clinic: Clinic
) -> dict[str, ClinicClient]:
    """A client of the admin and one of the console, each signed in with access."""
    return {site: client.clone() for site, client in module_scenario[1].items()}


@pytest.fixture
def generator(request: pytest.FixtureRequest) -> random.Random:
    """A source of random numbers that repeats them with the same seed."""
    return random.Random(f"{SEED}{request.node.nodeid}")


@pytest.fixture
def draw_values(generator: random.Random) -> Callable[[], list[str]]:
    """Return a function that draws some of the values, other ones in each call."""
    return lambda: generator.sample(VALUES, VALUES_PER_FIELD)


def post_status(client: ClinicClient, path: str, form: dict[str, str]) -> int:
    """Post a form and return the status. Roll back all changes."""
    with rolled_back():
        answer: Any = client.post(path, form_body(form), content_type="application/x-www-form-urlencoded")
    return int(answer.status_code)


def get_status(client: ClinicClient, path: str) -> int:
    """Get a page and return the status. Roll back all changes."""
    with rolled_back():
        return int(client.get(path).status_code)


def percent_encode(text: str) -> str:
    """Percent-encode any text, surrogates included."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def form_body(form: dict[str, str]) -> bytes:
    """Return a form as a request body. Values need not be valid Unicode."""
    return "&".join(
        f"{percent_encode(name)}={percent_encode(value)}" for name, value in form.items()
    ).encode()


@pytest.mark.parametrize("page", PAGES)
def test_no_value_breaks_a_form(
    scenario: Scenario,
    clients: dict[str, ClinicClient],
    draw_values: Callable[[], list[str]],
    generator: random.Random,
    page: str,
) -> None:
    client, path = clients[page.split("/")[1]], admin_path(page, scenario)
    form = parse_form(client.get(path).content.decode())
    change = page.replace("/add/", "/<path:object_id>/change/")
    if change != page and change in SITE_ROWS:
        # The values of an existing row are valid for a new one too.
        existing = parse_form(client.get(admin_path(change, scenario)).content.decode())
        form |= {name: value for name, value in existing.items() if name in form and value}

    forms = [{**dict.fromkeys(form, value), "_save": "x"} for value in draw_values()]
    names = generator.sample(list(form), min(len(form), FIELDS_PER_FORM))
    forms += [{**form, name: value} for name in names for value in draw_values()]
    answers = {
        str(data)[:600]: status
        for data in forms
        if (status := post_status(client, path, data)) not in ALLOWED_STATUSES
    }

    assert answers == {}, REPEAT_HINT


@pytest.mark.parametrize("path", LISTS)
def test_no_query_and_no_action_breaks_a_list(
    clients: dict[str, ClinicClient], draw_values: Callable[[], list[str]], path: str
) -> None:
    client = clients[path.split("/")[1]]
    actions = parse_form(client.get(path).content.decode()).get("action", "cancel_selected")

    statuses = {
        (name, value): get_status(client, f"{path}?{name}={percent_encode(value)}")
        for name in PARAMETERS
        for value in draw_values()
    }
    for value in draw_values():
        chosen = {"action": actions, "_selected_action": value, "index": value, "confirmed": "yes"}
        statuses["_selected_action", value] = post_status(client, path, {**chosen, "index": "0"})
        statuses["index", value] = post_status(client, path, chosen)
        statuses["action", value] = post_status(client, path, {**chosen, "action": value, "index": "0"})

    assert {key: status for key, status in statuses.items() if status not in ALLOWED_STATUSES} == {}, (
        REPEAT_HINT
    )


@pytest.mark.parametrize("site", ["admin", "console"])
def test_no_id_breaks_a_page(
    clients: dict[str, ClinicClient], draw_values: Callable[[], list[str]], site: str
) -> None:
    client = clients[site]
    urls = [
        f"/{site}/{model}/{{}}/{page}/"
        for row_site, model, *_ in rows(MODELS)
        if row_site == site
        for page in ("change", "delete", "history")
    ]
    urls += [f"/{site}/r/{{}}/{{}}/", f"/{site}/accounts/user/{{}}/password/", f"/{site}/{{}}/"]
    names = ("app_label", "model_name", "field_name", "term", "page")
    valid_query = "app_label=clinics&model_name=doctor&field_name=user"
    urls += [f"/{site}/autocomplete/?{valid_query}&{name}={{}}" for name in names]

    statuses = {
        (url, value): get_status(client, url.format(*[percent_encode(value)] * 2))
        for url in urls
        for value in draw_values()
    }

    assert {key: status for key, status in statuses.items() if status not in ALLOWED_STATUSES} == {}, (
        REPEAT_HINT
    )
