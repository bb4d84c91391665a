"""What patients look for in a time and in its doctor, as conditions of the statements in `sql.py`."""

import uuid
from dataclasses import dataclass
from typing import Any

from scheduling.availability import sql

MAIN_ADDRESS = "main"
"""The place that stands for the clinic's own address."""
PARTS_OF_DAY = {"morning": (0, 12 * 60), "afternoon": (12 * 60, 17 * 60), "evening": (17 * 60, 24 * 60)}
"""The start and end of each part of the day, in local minutes after midnight."""
_WHOLE_DAY = (0, 24 * 60)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a patient looks for. Weekdays and times of day are local to the place of the time."""

    doctor: uuid.UUID | None = None
    doctors: tuple[uuid.UUID, ...] = ()
    """One of these doctors; empty for any."""
    specialty: str | None = None
    """Its code or id."""
    language: str | None = None
    """A language that the doctor speaks: `pt` also finds `pt-BR`."""
    sex: str | None = None
    place: str | None = None
    """The id of a place, or `MAIN_ADDRESS`."""
    weekdays: frozenset[int] = frozenset()
    """Empty for any. 0 is Monday."""
    part_of_day: str | None = None
    after: int | None = None
    """The earliest start, in minutes after midnight."""
    before: int | None = None
    """The end of the possible starts, in minutes after midnight; itself excluded."""

    @property
    def minutes(self) -> tuple[int, int]:
        """The start and end of the possible starts, in minutes after midnight."""
        begins, ends = PARTS_OF_DAY.get(self.part_of_day or "", _WHOLE_DAY)
        return max(begins, self.after or 0), min(ends, _WHOLE_DAY[1] if self.before is None else self.before)

    @property
    def doctor_sql(self) -> str:
        """The SQL conditions on a slot and its doctor. That on one doctor comes first."""
        found = sql.OF_DOCTOR if self.doctor else ""
        found += sql.OF_DOCTORS if self.doctors else ""
        found += sql.OF_SPECIALTY if self.specialty else ""
        found += sql.SPEAKS_LANGUAGE if self.language else ""
        found += sql.IS_OF_SEX if self.sex else ""
        if self.place:
            found += sql.AT_MAIN_ADDRESS if self.place == MAIN_ADDRESS else sql.AT_PLACE
        return found

    @property
    def time_sql(self) -> str:
        """The SQL condition on the local weekday and time of day of an open slot."""
        found = sql.ON_WEEKDAYS if self.weekdays else ""
        return found + (sql.AT_MINUTES if self.minutes != _WHOLE_DAY else "")

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of both."""
        begins, ends = self.minutes
        return {
            "doctor": self.doctor,
            "doctors": list(self.doctors),
            "specialty": self.specialty,
            "language": self.language and self.language.lower(),
            "sex": self.sex,
            "place": self.place,
            "weekdays": sorted(self.weekdays),
            "from_minute": begins,
            "until_minute": ends,
        }


NO_CONDITIONS = Conditions()
