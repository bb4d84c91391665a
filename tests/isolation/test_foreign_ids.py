"""Requests with ids of another clinic reveal nothing of that clinic."""

import json
import re
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils.html import escape

from scheduling.models import Booking, Slot, WorkingHours
from tenants.current import enter_clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.scenario import Scenario
from tests.isolation.access_matrix import API_ROWS, MODELS, rows
from tests.isolation.canary import CANARY

MODELS_OF_CLINICS = [model for site, model, *_pages in rows(MODELS) if site == "admin"]


def identifying_words(other_scenario: Scenario) -> list[str]:
    """Return texts that only the other clinic has."""
    user = other_scenario.patient.user
    assert user is not None
    return [CANARY, user.email, other_scenario.admin.email, other_scenario.doctor.name]


def leaked_words(response: Any, other_scenario: Scenario) -> list[str]:
    """Return the other clinic's texts in a response, headers and body. `Number1` is not in `Number11`."""
    text = response.getvalue().decode() + str(response.headers)  # of streamed responses too
    return [
        word
        for word in identifying_words(other_scenario)
        if re.search(rf"(?:{re.escape(word)}|{re.escape(escape(word))})(?!\d)", text)
    ]


def request_with_foreign_keys(
    other_scenario: Scenario, own_scenario: Scenario, method: str, address: str
) -> tuple[str, Any]:
    """Return a path and a body for New York, with London's keys in place of its own."""
    path = address
    for parameter, key in other_scenario.ids().items():
        path = path.replace(parameter, key)
    with enter_clinic(own_scenario.clinic):
        body = own_scenario.body_for(method, address)
    if address == "/api/appointments/bookings/":
        body = {"slot": str(other_scenario.slot.pk), "patient": str(other_scenario.patient.pk)}
    if address == "/api/appointments/series/":
        body |= {"doctor": str(other_scenario.doctor.pk), "visit_type": str(other_scenario.visit_type)}
    if "/chains/" in address and body:
        body = {"slots": [str(other_scenario.slot.pk), str(other_scenario.next_slot.pk)]}
    return path + other_scenario.query_for(address), body


TAKES_A_KEY = ("/bookings/", "/series/", "/working-hours/", "/exceptions/")


def takes_a_key(address: str) -> bool:
    """Whether a key is in the path, the query or the body."""
    return "<" in address or address.endswith(TAKES_A_KEY)


def schedule_state() -> tuple[list[Any], int, int]:
    """Return what must not change: bookings with their statuses, and the numbers of slots and hours."""
    bookings = list(Booking.objects.order_by("pk").values_list("pk", "status"))
    return bookings, Slot.objects.count(), WorkingHours.objects.count()


@pytest.mark.parametrize(("method", "address"), sorted(API_ROWS))
def test_keys_of_another_clinic_reveal_and_change_nothing(
    other_scenario: Scenario,
    own_scenario: Scenario,
    people: dict[str, ClinicClient],
    method: str,
    address: str,
) -> None:
    path, body = request_with_foreign_keys(other_scenario, own_scenario, method, address)
    before = schedule_state()

    content = json.dumps(body) if body is not None else ""
    responses = {
        name: client.generic(method, path, content, content_type="application/json")
        for name, client in people.items()
    }

    assert [name for name, response in responses.items() if leaked_words(response, other_scenario)] == []
    if takes_a_key(address) and method != "OPTIONS":
        assert {response.status_code for response in responses.values()} <= {400, 401, 403, 404}
    assert schedule_state() == before


@pytest.mark.parametrize("model", MODELS_OF_CLINICS)
def test_keys_of_another_clinic_open_no_admin_page(
    other_scenario: Scenario, own_scenario: Scenario, people: dict[str, ClinicClient], model: str
) -> None:
    key, kind = other_scenario.rows()[model], ContentType.objects.get_by_natural_key(*model.split("/"))
    paths = [f"/admin/{model}/{key}/{page}/" for page in ("change", "delete", "history")]
    if model in {"clinics/clinicsettings", "accounts/auditentry"}:
        paths = []  # every clinic has its own under the same key
    paths += [f"/admin/{model}/", f"/admin/{model}/?q={CANARY[:9]}", f"/admin/{model}/?q={key}"]

    responses = {path: people["admin"].get(path) for path in paths}
    redirect = people["admin"].get(f"/admin/r/{kind.pk}/{key}/")

    assert [path for path, response in responses.items() if leaked_words(response, other_scenario)] == []
    assert [
        path for path, response in responses.items() if f"{key}/" in path and response.status_code == 200
    ] == []
    assert (redirect.status_code, leaked_words(redirect, other_scenario)) == (404, [])


@pytest.mark.parametrize(
    "field",
    ["clinics doctor user", "clinics doctor specialties", "clinics patient user", "scheduling slot doctor",
     "scheduling booking patient", "scheduling booking slot"],
)  # fmt: skip
def test_autocomplete_suggests_only_the_clinics_own_rows(
    other_scenario: Scenario, own_scenario: Scenario, people: dict[str, ClinicClient], field: str
) -> None:
    app, model, name = field.split()
    path = f"/admin/autocomplete/?app_label={app}&model_name={model}&field_name={name}"

    unfiltered, searched = people["admin"].get(path), people["admin"].get(f"{path}&term={CANARY[:9]}")

    assert (unfiltered.status_code, leaked_words(unfiltered, other_scenario)) == (200, [])
    assert unfiltered.json()["results"] != []
    assert searched.json()["results"] == []


def test_the_canary_is_found_at_its_own_clinic(
    other_scenario: Scenario, other_people: dict[str, ClinicClient]
) -> None:
    client = other_people["patient"]

    profile = client.get("/api/auth/profile/")
    booking = client.get(f"/api/appointments/bookings/{other_scenario.booking.pk}/")

    assert (
        CANARY in leaked_words(profile, other_scenario),
        CANARY in leaked_words(booking, other_scenario),
    ) == (True, True)
