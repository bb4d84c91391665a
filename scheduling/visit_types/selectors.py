"""The clinic's default visit type, and the visit types that patients can book."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from clinics.models import Doctor
from scheduling.models import IntakeQuestion, Place, VisitType
from tenants.base.errors import InvalidInput


def default_visit_type() -> VisitType | None:
    """The visit type for patients who name none: the first in the clinic's list that every patient may book.

    :return: None if the clinic has no visit types that patients may book
    :raises InvalidInput: it has some, but none that every patient may book
    """
    visit_types = list(VisitType.objects.bookable_by_patients().order_by("position", "name"))
    for visit_type in visit_types:
        if visit_type.who_may_book == VisitType.Who.PUBLIC and not visit_type.new_patients_only:
            return visit_type
    if visit_types:
        raise InvalidInput(errors={"visit_type": [_("Choose a visit type.")]})
    return None


def offered_visit_types() -> QuerySet[VisitType]:
    """The visit types that patients can book, in the clinic's order, with their doctors and questions.

    Questions that are asked before the visit are left out. Takes four queries.
    """
    return _with_choices(VisitType.objects.bookable_by_patients())


def visit_types_for_staff() -> QuerySet[VisitType]:
    """All visit types that can be booked, as `offered_visit_types` returns them."""
    return _with_choices(VisitType.objects.in_use())


def _with_choices(visit_types: Any) -> QuerySet[VisitType]:
    offered = visit_types.order_by("position", "name")
    found: QuerySet[VisitType] = offered.prefetch_related(
        Prefetch("doctors", queryset=Doctor.objects.only("pk").order_by("name", "id")),
        Prefetch("paused_by", queryset=Doctor.objects.only("pk").order_by("name", "id")),
        Prefetch("questions", queryset=IntakeQuestion.objects.when_booking()),
    )
    return found


def places_in_use() -> QuerySet[Place]:
    """The places at which the clinic sees patients besides its own address, by name."""
    found: QuerySet[Place] = Place.objects.filter(is_active=True).order_by("name")
    return found
