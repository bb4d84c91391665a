"""What patients can come for."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from clinics.models import Doctor
from scheduling.models import VisitType
from tenants.base.errors import InvalidInput


def usual_visit() -> VisitType | None:
    """What a patient comes for who does not say it: the first of the clinic's list that is for everybody.

    :return: None where the clinic does not name its visits
    :raises InvalidInput: it does, and none is for everybody
    """
    named = list(VisitType.objects.by_patients().order_by("position", "name"))
    for visit_type in named:
        if visit_type.who_may_book == VisitType.Who.PUBLIC and not visit_type.new_patients_only:
            return visit_type
    if named:
        raise InvalidInput(errors={"visit_type": [_("Choose a visit type.")]})
    return None


def visit_types_offered() -> QuerySet[VisitType]:
    """What patients can book, in the clinic's order, with who offers it and what is asked. Three queries."""
    offered: Any = VisitType.objects.by_patients().order_by("position", "name")
    found: QuerySet[VisitType] = offered.prefetch_related(
        Prefetch("doctors", queryset=Doctor.objects.only("pk").order_by("name", "id")), "questions"
    )
    return found
