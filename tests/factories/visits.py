"""Visit types, chains and places for tests."""

from itertools import count
from typing import Any

from scheduling.models import Chain, ChainStep, Place, VisitType

_numbers = count(1)


def make_visit_type(**fields: Any) -> VisitType:
    """A kind of visit that every patient can book."""
    return VisitType.objects.create(**{"name": f"Visit {next(_numbers)}", **fields})


def make_place(**fields: Any) -> Place:
    """A place beside the clinic's own address."""
    return Place.objects.create(**{"name": f"Place {next(_numbers)}", "time_zone": "Europe/London", **fields})


def make_chain(*visit_types: VisitType, wait: int = 30, **fields: Any) -> Chain:
    """Visits in a row, each at most `wait` minutes after the one before."""
    chain = Chain.objects.create(**{"name": f"Chain {next(_numbers)}", **fields})
    for position, visit_type in enumerate(visit_types, start=1):
        ChainStep.objects.create(
            chain=chain, position=position, visit_type=visit_type, longest_wait_minutes=wait
        )
    return chain
