"""Whatever somebody at one clinic asks for with another clinic's ids, no word of the other comes back."""

import json
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils.html import escape

from scheduling.models import Booking, Slot, WorkingHours
from tenants.current import enter_clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.scenario import World
from tests.isolation.access_matrix import API_ROWS, MODELS, rows
from tests.isolation.canary import CANARY

MODELS_OF_CLINICS = [model for site, model, *_pages in rows(MODELS) if site == "admin"]


def words_of(away: World) -> list[str]:
    """What belongs to the other clinic and to nobody else."""
    user = away.patient.user
    assert user is not None
    return [CANARY, user.email, away.admin.email, away.doctor.name]


def heard(answer: Any, away: World) -> list[str]:
    """The other clinic's words in an answer, head and body."""
    text = answer.content.decode() + str(answer.headers)
    return [word for word in words_of(away) if word in text or escape(word) in text]


def with_keys_of(away: World, here: World, method: str, address: str) -> tuple[str, Any]:
    """A path and a body of New York's, with London's keys wherever a key belongs."""
    path = address
    for place, key in away.ids().items():
        path = path.replace(place, key)
    with enter_clinic(here.clinic):
        body = here.body_of(method, address)
    if address == "/api/appointments/bookings/":
        body = {"slot": str(away.slot.pk), "patient": str(away.patient.pk)}
    if address == "/api/appointments/series/":
        body |= {"doctor": str(away.doctor.pk), "visit_type": str(away.visit_type)}
    if "/chains/" in address and body:
        body = {"slots": [str(away.slot.pk), str(away.next_slot.pk)]}
    return path + away.query_of(address), body


ASKED_FOR_BY_KEY = ("/bookings/", "/series/", "/working-hours/", "/exceptions/")


def names_a_row(address: str) -> bool:
    """Whether a key is in the path, the query or the body."""
    return "<" in address or address.endswith(ASKED_FOR_BY_KEY)


def schedule() -> tuple[list[Any], int, int]:
    """What must stay as it is: the bookings with their states, how many slots and hours there are."""
    bookings = list(Booking.objects.order_by("pk").values_list("pk", "status"))
    return bookings, Slot.objects.count(), WorkingHours.objects.count()


@pytest.mark.parametrize(("method", "address"), sorted(API_ROWS))
def test_the_other_clinics_keys_open_nothing(
    away: World, here: World, people: dict[str, ClinicClient], method: str, address: str
) -> None:
    path, body = with_keys_of(away, here, method, address)
    before = schedule()

    sent = json.dumps(body) if body is not None else ""
    answers = {
        name: client.generic(method, path, sent, content_type="application/json")
        for name, client in people.items()
    }

    assert [name for name, answer in answers.items() if heard(answer, away)] == []
    if names_a_row(address) and method != "OPTIONS":
        assert {answer.status_code for answer in answers.values()} <= {400, 401, 403, 404}
    assert schedule() == before


@pytest.mark.parametrize("model", MODELS_OF_CLINICS)
def test_the_other_clinics_keys_open_no_page_of_the_admin(
    away: World, here: World, people: dict[str, ClinicClient], model: str
) -> None:
    key, kind = away.rows()[model], ContentType.objects.get_by_natural_key(*model.split("/"))
    paths = [f"/admin/{model}/{key}/{page}/" for page in ("change", "delete", "history")]
    if model in {"clinics/clinicsettings", "accounts/auditentry"}:
        paths = []  # every clinic has its own under the same key
    paths += [f"/admin/{model}/", f"/admin/{model}/?q={CANARY[:9]}", f"/admin/{model}/?q={key}"]

    answers = {path: people["admin"].get(path) for path in paths}
    redirect = people["admin"].get(f"/admin/r/{kind.pk}/{key}/")

    assert [path for path, answer in answers.items() if heard(answer, away)] == []
    assert [path for path, answer in answers.items() if f"{key}/" in path and answer.status_code == 200] == []
    assert (redirect.status_code, heard(redirect, away)) == (404, [])


@pytest.mark.parametrize(
    "field",
    ["clinics doctor user", "clinics doctor specialties", "clinics patient user", "scheduling slot doctor",
     "scheduling booking patient", "scheduling booking slot"],
)  # fmt: skip
def test_autocomplete_offers_the_clinics_own(
    away: World, here: World, people: dict[str, ClinicClient], field: str
) -> None:
    app, model, name = field.split()
    path = f"/admin/autocomplete/?app_label={app}&model_name={model}&field_name={name}"

    everything, searched = people["admin"].get(path), people["admin"].get(f"{path}&term={CANARY[:9]}")

    assert (everything.status_code, heard(everything, away)) == (200, [])
    assert everything.json()["results"] != []
    assert searched.json()["results"] == []


def test_at_its_own_clinic_the_canary_is_heard(away: World, people_away: dict[str, ClinicClient]) -> None:
    own = people_away["patient"]

    profile = own.get("/api/auth/profile/")
    booking = own.get(f"/api/appointments/bookings/{away.booking.pk}/")

    assert (CANARY in heard(profile, away), CANARY in heard(booking, away)) == (True, True)
