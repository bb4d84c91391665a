"""The search filters of the pages: their values in the URL, and the fields in which they are chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clinics.pages.frame import frame_of
from scheduling.availability.api.options import search_options_data
from scheduling.availability.conditions import PARTS_OF_DAY
from tenants.base.words import clock_time, language_names, weekdays

TIME_FILTERS = ("weekday", "part_of_day", "after", "place")
"""The filters for times of one doctor."""
ANY_DOCTOR_FILTERS = (*TIME_FILTERS, "language", "sex")
DOCTOR_FILTERS = ("specialty", "weekday", "part_of_day", "place", "language", "sex")
_HOURS = range(7, 21)
"""The hours after which times can be searched."""
_Texts = tuple[str, str, list[tuple[str, str]]]
"""The label of a filter, the text for any value, and the value and text of each choice."""


@dataclass(frozen=True, slots=True)
class FilterField:
    """A select field of a filter."""

    name: str
    label: str
    any_label: str
    options: list[tuple[str, str]]
    """The value and the text of each choice."""
    value: str = ""
    """The chosen value; "" for any."""


@dataclass(frozen=True, slots=True)
class Search:
    """The filters of a page."""

    fields: list[FilterField]
    options: dict[str, Any]
    """The values of the filters, for the web app."""

    @property
    def chosen(self) -> dict[str, str]:
        """The filters in use."""
        return {field.name: field.value for field in self.fields if field.value}

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is in use."""
        return bool(self.chosen)

    def only(self, names: Iterable[str]) -> dict[str, str]:
        """Return the filters in use that have one of these names."""
        return {name: value for name, value in self.chosen.items() if name in names}


def read_search(request: HttpRequest, names: Iterable[str]) -> Search:
    """Return the filters in the URL. A filter with fewer than two choices has no field.

    :param names: the filters that the page has, in their order
    """
    options = search_options_data()
    texts = _texts(options, frame_of(request).clinic)
    fields = []
    for name in names:
        label, any_label, choices = texts[name]
        requested = request.GET.get(name, "")
        value = requested if requested in dict(choices) else ""
        if len(choices) > 1 or value:
            fields.append(FilterField(name, label, any_label, choices, value))
    return Search(fields, options)


def _texts(options: Mapping[str, Any], clinic: Mapping[str, Any]) -> dict[str, _Texts]:
    """Return the texts of all filters by name."""
    sexes = {"female": _("Female"), "male": _("Male")}
    parts = {
        "morning": _("Morning, before 12:00 pm"),
        "afternoon": _("Afternoon, 12:00 pm to 5:00 pm"),
        "evening": _("Evening, from 5:00 pm"),
    }
    return {
        "specialty": (
            _("Specialty"),
            _("Any"),
            [(each["code"], each["name"]) for each in clinic["specialties"]],
        ),
        "weekday": (_("Day of the week"), _("Any day"), [(str(number), name) for number, name in weekdays()]),
        "part_of_day": (
            _("Time of day"),
            _("Any time of day"),
            [(part, parts[part]) for part in PARTS_OF_DAY],
        ),
        "after": (
            _("Not before"),
            _("Any time"),
            [(time, clock_time(time)) for time in (f"{hour:02}:00" for hour in _HOURS)],
        ),
        "place": (_("Place"), _("Any place"), [(each["id"], each["name"]) for each in options["places"]]),
        "language": (
            _("Language"),
            _("Any language"),
            [(tag, language_names([tag])) for tag in options["languages"]],
        ),
        "sex": (
            _("Sex of the doctor"),
            _("Any"),
            [(each, sexes[each]) for each in options["sexes"]],
        ),
    }
