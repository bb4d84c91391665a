"""What patients can come for."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from clinics.models import Doctor
from scheduling.models import VisitType


def visit_types_offered() -> QuerySet[VisitType]:
    """What patients can book, in the clinic's order, with who offers it and what is asked. Three queries."""
    offered: Any = VisitType.objects.by_patients().order_by("position", "name")
    found: QuerySet[VisitType] = offered.prefetch_related(
        Prefetch("doctors", queryset=Doctor.objects.only("pk").order_by("name", "id")), "questions"
    )
    return found
