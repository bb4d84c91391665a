"""No form of the two admins and no query of their lists gives a 5xx, whatever is typed into it.

Every field, name and address is tried with one of the values, in `make drills` with all of them.
`HOSTILE_SEED=7` chooses the same ones again.
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
from tests.factories.forms import form_on
from tests.factories.generated_requests import SEED
from tests.factories.scenario import World, at_the_door, make_operator, make_world
from tests.isolation.access_matrix import MODELS, SITE_ROWS, rows
from tests.isolation.test_access_matrix import page_of, undone
from tests.profiles import examples

VALUES = [
    "", " ", "\x00", "a\x00b", "\ud800", "\u202eabc", "x" * 20_000, "' OR 1=1 --", "%s%(x)s{0}",
    "<script>", "-1", "9" * 31, "1e999", "NaN", "2147483648", "0001-01-01", "9999-12-31", "2026-02-30",
    "2026-13-45", "24:00", "25:61", "00000000-0000-0000-0000-000000000000", "../../etc/passwd",
    "\r\nBcc: x", "١٢", "[[[]]]",
]  # fmt: skip
NAMES = ["q", "p", "o", "e", "all", "_popup", "_to_field", "_changelist_filters", "status", "role__exact"]
NAMES += [
    "is_active__exact",
    "id__exact",
    "doctor__id__exact",
    "starts_at__year",
    "starts_at__gte",
    "password",
]
EACH = examples(quick=1, full=len(VALUES))
AGAIN = f"The same values again: HOSTILE_SEED={SEED}"
ANSWERS = {200, 302, 400, 403, 404, 405}
pytestmark = pytest.mark.property
PAGES = sorted(page for page, (get, _post) in SITE_ROWS.items() if get == "200" and "logout" not in page)
LISTS = [f"/{site}/{model}/" for site, model, *_ in rows(MODELS)]


@pytest.fixture(scope="module")
def scenario(
    module_transaction: None, clinics: tuple[Clinic, Clinic]
) -> tuple[World, dict[str, ClinicClient]]:
    """What `world` and `insiders` are copies of."""
    with enter_clinic(clinics[0]):
        world = make_world(clinics[0])
        at = {
            "admin": at_the_door(world.clinic, home=world.clinic, user=world.admin),
            "console": at_the_door(None, home=None, user=make_operator()),
        }
    for client in at.values():
        client.raise_request_exception = False
    return world, at


@pytest.fixture
def world(scenario: tuple[World, object], clinic: Clinic) -> World:
    """The London clinic, with one of everything."""
    return deepcopy(scenario[0])


@pytest.fixture
def insiders(scenario: tuple[object, dict[str, ClinicClient]], clinic: Clinic) -> dict[str, ClinicClient]:
    """Who belongs at each site."""
    return {site: client.clone() for site, client in scenario[1].items()}


@pytest.fixture
def some(request: pytest.FixtureRequest) -> Callable[[], list[str]]:
    """Draws some of the values, others every time."""
    chance = random.Random(f"{SEED}{request.node.nodeid}")
    return lambda: chance.sample(VALUES, EACH)


def posted(client: ClinicClient, path: str, form: dict[str, str]) -> int:
    """The status of a form; nothing stays of it."""
    with undone():
        answer: Any = client.post(path, as_bytes(form), content_type="application/x-www-form-urlencoded")
    return int(answer.status_code)


def asked(client: ClinicClient, path: str) -> int:
    """The status of a page."""
    with undone():
        return int(client.get(path).status_code)


def quoted(text: str) -> str:
    """Percent-encoded, whatever it holds."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def as_bytes(form: dict[str, str]) -> bytes:
    """A form as a browser sends it, or one that is no browser."""
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in form.items()).encode()


@pytest.mark.parametrize("page", PAGES)
def test_no_value_breaks_a_form(
    world: World, insiders: dict[str, ClinicClient], some: Callable[[], list[str]], page: str
) -> None:
    client, path = insiders[page.split("/")[1]], page_of(page, world)
    form = form_on(client.get(path).content.decode())
    change = page.replace("/add/", "/<path:object_id>/change/")
    if change != page and change in SITE_ROWS:
        # What an existing row has in its form fits a new one too.
        there = form_on(client.get(page_of(change, world)).content.decode())
        form |= {name: value for name, value in there.items() if name in form and value}

    tried = [{**dict.fromkeys(form, value), "_save": "x"} for value in some()]
    tried += [{**form, name: value} for name in form for value in some()]
    answers = {
        str(each)[:600]: status for each in tried if (status := posted(client, path, each)) not in ANSWERS
    }

    assert answers == {}, AGAIN


@pytest.mark.parametrize("path", LISTS)
def test_no_query_and_no_action_breaks_a_list(
    insiders: dict[str, ClinicClient], some: Callable[[], list[str]], path: str
) -> None:
    client = insiders[path.split("/")[1]]
    actions = form_on(client.get(path).content.decode()).get("action", "cancel_selected")

    seen = {
        (name, value): asked(client, f"{path}?{name}={quoted(value)}") for name in NAMES for value in some()
    }
    for value in some():
        chosen = {"action": actions, "_selected_action": value, "index": value, "confirmed": "yes"}
        seen["_selected_action", value] = posted(client, path, {**chosen, "index": "0"})
        seen["index", value] = posted(client, path, chosen)
        seen["action", value] = posted(client, path, {**chosen, "action": value, "index": "0"})

    assert {key: status for key, status in seen.items() if status not in ANSWERS} == {}, AGAIN


@pytest.mark.parametrize("site", ["admin", "console"])
def test_no_key_breaks_a_page(
    insiders: dict[str, ClinicClient], some: Callable[[], list[str]], site: str
) -> None:
    client = insiders[site]
    ones = [
        f"/{site}/{model}/{{}}/{page}/"
        for at, model, *_ in rows(MODELS)
        if at == site
        for page in ("change", "delete", "history")
    ]
    ones += [f"/{site}/r/{{}}/{{}}/", f"/{site}/accounts/user/{{}}/password/", f"/{site}/{{}}/"]
    names = ("app_label", "model_name", "field_name", "term", "page")
    right = "app_label=clinics&model_name=doctor&field_name=user"
    ones += [f"/{site}/autocomplete/?{right}&{name}={{}}" for name in names]

    seen = {(one, value): asked(client, one.format(*[quoted(value)] * 2)) for one in ones for value in some()}

    assert {key: status for key, status in seen.items() if status not in ANSWERS} == {}, AGAIN
