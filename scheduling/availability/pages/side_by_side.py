"""The times of several doctors side by side, those with the soonest time first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator

from scheduling.availability.api.outputs import DoctorOutput
from scheduling.availability.doctor_search import search_doctors
from scheduling.availability.pages.day_groups import DayGroup, group_days

BY, BY_DOCTOR = "by", "doctor"
"""The parameter, and its value, with which the times of each doctor are shown."""
DOCTORS_SHOWN = 4
_DAYS_SHOWN = 2
"""The number of days with times that are not folded."""


@dataclass(frozen=True, slots=True)
class DoctorColumn:
    """A doctor with the days that have times."""

    doctor: dict[str, Any]
    days: list[DayGroup]
    more_days: list[DayGroup]
    """Later days, which are folded."""
    is_open: bool
    """Whether the later days are shown, because the chosen time is on one of them."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A page of doctors."""

    page: Page[Any]
    doctors: list[dict[str, Any]]

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the search for their times, in place of those for any doctor."""
        ids = ",".join(doctor["id"] for doctor in self.doctors)
        return {"doctors": ids, "any_doctor": None, "specialty": None, "language": None, "sex": None}

    def context(self, first: date, slots: list[dict[str, Any]], *, chosen: str | None) -> dict[str, Any]:
        """Return the columns for the context of a page: the doctor with the soonest time first."""
        columns = [_column(doctor, first, slots, chosen=chosen) for doctor in self.doctors]
        order = {slot["doctor"]: number for number, slot in reversed(list(enumerate(slots)))}
        columns.sort(key=lambda column: order.get(column.doctor["id"], len(slots)))
        return {"columns": columns, "results": self.page}


def _column(
    doctor: dict[str, Any], first: date, slots: list[dict[str, Any]], *, chosen: str | None
) -> DoctorColumn:
    own = [slot for slot in slots if slot["doctor"] == doctor["id"]]
    days = [group for group in group_days(first, own, chosen=chosen) if group.slots]
    more = days[_DAYS_SHOWN:]
    is_open = any(slot["id"] == chosen for group in more for slot in group.slots)
    return DoctorColumn(doctor, days[:_DAYS_SHOWN], more, is_open)


def find_side_by_side(filters: Mapping[str, Any], *, page: str | None, now: datetime) -> SideBySide:
    """Return a page of the doctors who match the filters and accept new patients, soonest first.

    :param filters: as for `search_doctors`
    :param page: the number of the page in the URL
    """
    found = search_doctors({**filters, "accepting_new_patients": True, "ordering": "next_available"}, now=now)
    of_page = Paginator(found, DOCTORS_SHOWN).get_page(page)
    return SideBySide(of_page, [dict(doctor) for doctor in DoctorOutput(list(of_page), many=True).data])
