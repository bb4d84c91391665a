"""Visit types, chains, places and rooms for tests."""

from itertools import count
from typing import Any

from scheduling.models import Chain, ChainStep, IntakeQuestion, Place, Room, VisitType

_numbers = count(1)


def make_visit_type(**fields: Any) -> VisitType:
    """A visit type that every patient can book with every doctor."""
    return VisitType.objects.create(**{"name": f"Visit {next(_numbers)}", **fields})


def make_question(visit_type: VisitType, text: str = "Since when?", **fields: Any) -> IntakeQuestion:
    """A question asked when such a visit is booked."""
    return IntakeQuestion.objects.create(visit_type=visit_type, text=text, **fields)


def make_place(time_zone: str = "Europe/London", **fields: Any) -> Place:
    """A place other than the clinic's own address."""
    return Place.objects.create(**{"name": f"Place {next(_numbers)}", "time_zone": time_zone, **fields})


def make_room(**fields: Any) -> Room:
    """A room, at the clinic's own address unless a place is given."""
    return Room.objects.create(**{"name": f"Room {next(_numbers)}", **fields})


def make_chain(*visit_types: VisitType, wait: int = 30, **fields: Any) -> Chain:
    """A chain of visits, each at most `wait` minutes after the one before."""
    chain = Chain.objects.create(**{"name": f"Chain {next(_numbers)}", **fields})
    for position, visit_type in enumerate(visit_types, start=1):
        ChainStep.objects.create(
            chain=chain, position=position, visit_type=visit_type, longest_wait_minutes=wait
        )
    return chain
