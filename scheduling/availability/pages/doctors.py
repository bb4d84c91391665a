"""The pages of all doctors and of one doctor."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.pages.frame import frame_of
from clinics.pages.visit_types import (
    VisitTypeChoice,
    choose_visit_type,
    visit_type_choice,
    visit_type_context,
)
from clinics.structured_data import doctor_structured_data
from scheduling.availability.api.outputs import DoctorOutput
from scheduling.availability.doctor_search import search_doctors, visible_doctor
from scheduling.availability.pages.search import (
    ANY_DOCTOR_FILTERS,
    DOCTOR_FILTERS,
    TIME_FILTERS,
    Search,
    read_search,
)
from scheduling.availability.pages.times import DoctorChoice, times_context
from tenants.accounts.pages.page_view import page_view
from tenants.base.clock import now
from tenants.base.paths import with_query
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url

DOCTORS_PER_PAGE = 12
_MAX_SEARCH_LENGTH = 100
_MAIN_FILTERS = {"specialty", "weekday"}
"""The filters that are always shown. The others are folded unless one is in use."""


@page_view(public=True)
def doctors_page(request: HttpRequest) -> HttpResponse:
    """Show the doctors that match the search in the URL, soonest available first."""
    choice = visit_type_choice(request)
    if choice.must_choose:
        return choose_visit_type(request, choice)
    text = request.GET.get("search", "").strip()[:_MAX_SEARCH_LENGTH]
    search = read_search(request, DOCTOR_FILTERS)
    filters = {**search.chosen, "search": text, "visit_type": choice.chosen_id, "ordering": "next_available"}
    page = Paginator(search_doctors(filters, now=now()), DOCTORS_PER_PAGE).get_page(request.GET.get("page"))
    doctors = [_with_path(doctor, search, choice) for doctor in DoctorOutput(list(page), many=True).data]
    first_available = None
    if page.number == 1 and not text:
        first_available = _first_available(
            request, doctors, search, choice=choice, count=page.paginator.count
        )
    context = {
        "choice": choice,
        "text": text,
        "search": search,
        "main_fields": [field for field in search.fields if field.name in _MAIN_FILTERS],
        "more_fields": [field for field in search.fields if field.name not in _MAIN_FILTERS],
        "has_more": bool(search.chosen.keys() - _MAIN_FILTERS),
        "results": page,
        "doctors": doctors,
        "first_available": first_available,
        "boot": {"options": search.options},
    }
    return render(request, "scheduling/pages/doctors.html", context)


def _with_path(doctor: dict[str, Any], search: Search, choice: VisitTypeChoice) -> dict[str, Any]:
    """Return the doctor with the path of their times, on which the filters for times still apply."""
    path = with_query(f"/doctors/{doctor['id']}", visit_type=choice.chosen_id, **search.only(TIME_FILTERS))
    return {**doctor, "path": path}


def _first_available(
    request: HttpRequest,
    doctors: list[dict[str, Any]],
    search: Search,
    *,
    choice: VisitTypeChoice,
    count: int,
) -> dict[str, Any] | None:
    """Return what the link to the first available times shows; None for fewer than two doctors."""
    if count < 2:  # noqa: PLR2004
        return None
    specialty = search.chosen.get("specialty")
    is_specialty_known = len(frame_of(request).clinic["specialties"]) <= 1 or specialty
    soonest = next((doctor for doctor in doctors if doctor["accepting_new_patients"]), None)
    path = with_query(
        "/first-available",
        visit_type=choice.chosen_id,
        specialty=specialty,
        **search.only(ANY_DOCTOR_FILTERS),
    )
    return {"path": path, "soonest": soonest if is_specialty_known else None}


@page_view(public=True)
def doctor_page(request: HttpRequest, doctor_id: uuid.UUID) -> HttpResponse:
    """Show a doctor with the open times of a week."""
    doctor = DoctorOutput(visible_doctor(doctor_id, now=now())).data
    frame = frame_of(request)
    origin = clinic_url(current_clinic(), "")
    frame.about = doctor_structured_data(doctor, frame.clinic, origin=origin)
    choice = visit_type_choice(request, doctor=doctor["id"])
    if choice.must_choose:
        context = {"doctor": doctor, "is_part_of_page": True, **visit_type_context(request, choice)}
        return render(request, "scheduling/pages/doctor.html", context)
    is_open = doctor["accepting_new_patients"] or doctor["next_available"]
    context = {"doctor": doctor, "choice": choice, "is_open": is_open and not choice.none_offered}
    if context["is_open"]:
        context |= times_context(request, DoctorChoice(doctor=doctor), visit_type=choice.chosen_id)
    return render(request, "scheduling/pages/doctor.html", context)


@page_view(public=True)
def first_available_page(request: HttpRequest) -> HttpResponse:
    """Show the open times of all doctors of a specialty."""
    choice = visit_type_choice(request)
    if choice.must_choose:
        return choose_visit_type(request, choice)
    specialties = frame_of(request).clinic["specialties"]
    requested = request.GET.get("specialty")
    found = specialties if len(specialties) == 1 else [one for one in specialties if one["code"] == requested]
    if specialties and not found:
        return render(request, "scheduling/pages/choose_specialty.html", {"choice": choice})
    return render(
        request, "scheduling/pages/first_available.html", _any_doctor_context(request, choice, found)
    )


def _any_doctor_context(
    request: HttpRequest, choice: VisitTypeChoice, found: list[dict[str, Any]]
) -> dict[str, Any]:
    specialty = found[0] if found else None
    doctor_choice = DoctorChoice(specialty=specialty["code"] if specialty else None)
    times = times_context(request, doctor_choice, visit_type=choice.chosen_id)
    return {"choice": choice, "specialty": specialty, **times}
