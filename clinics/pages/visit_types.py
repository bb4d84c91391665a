"""The step before choosing a doctor or a time: the visit type, if the clinic has several."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.pages.frame import CONTINUE, frame_of
from clinics.visit_facts import MODES, mode_name

VISIT_TYPE = "visit_type"
"""The query parameter that carries the visit type's id."""
MODE = "mode"
"""The query parameter for one kind of visits: `in_person`, `video` or `phone`."""


@dataclass(frozen=True, slots=True)
class VisitTypeChoice:
    """The visit types to choose from, as the API describes them, and the chosen one."""

    types: list[dict[str, Any]]
    chosen: dict[str, Any] | None
    none_offered: bool
    """Whether the clinic has visit types and the doctor offers none."""

    @property
    def must_choose(self) -> bool:
        """Whether the patient has to choose a visit type first."""
        return len(self.types) > 1 and self.chosen is None

    @property
    def chosen_id(self) -> str | None:
        """The id of the chosen visit type, if there is one."""
        return self.chosen["id"] if self.chosen else None


def visit_type_choice(request: HttpRequest, *, doctor: str | None = None) -> VisitTypeChoice:
    """Return the visit type in the URL, or the only one.

    :param doctor: restricts it to visit types that this doctor (an id) offers
    """
    offered = frame_of(request).clinic["visit_types"]
    types = [each for each in offered if doctor is None or is_offered_by(doctor, each)]
    requested = request.GET.get(VISIT_TYPE)
    found = types if len(types) == 1 else [each for each in types if each["id"] == requested]
    return VisitTypeChoice(types, found[0] if found else None, bool(offered) and not types)


def is_offered_by(doctor: str, visit_type: dict[str, Any]) -> bool:
    """Return whether the doctor (an id) offers a visit type at present.

    One that names no doctor is offered by all who have not paused it.
    """
    is_named = not visit_type["doctors"] or doctor in map(str, visit_type["doctors"])
    return is_named and doctor not in map(str, visit_type["paused_by"])


def choose_visit_type(request: HttpRequest, choice: VisitTypeChoice, *, doctor: str = "") -> HttpResponse:
    """Return the page that asks for the visit type.

    :param doctor: the doctor's name, if the doctor is chosen already
    """
    context = {"doctor_name": doctor, **visit_type_context(request, choice)}
    return render(request, "clinics/choose_visit_type.html", context)


def visit_type_context(request: HttpRequest, choice: VisitTypeChoice) -> dict[str, Any]:
    """Return what the form with the question needs, to be a page or a part of one."""
    query = [(name, value) for name, value in request.GET.items() if name not in {VISIT_TYPE, CONTINUE}]
    modes = [mode for mode in MODES if any(each["mode"] == mode for each in choice.types)]
    mode = request.GET.get(MODE) if request.GET.get(MODE) in modes else None
    return {
        "choice": choice,
        "shown": [each for each in choice.types if mode in {None, each["mode"]}],
        "mode": mode,
        "modes": [(each, mode_name(each)) for each in modes] if len(modes) > 1 else [],
        "query": query,
        "is_missing": CONTINUE in request.GET,
    }
