"""The values that the search filters of patients offer: only those with which a doctor can be found."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from scheduling.availability.conditions import MAIN_ADDRESS

# Doctors whom patients can find, and the places of their present and future hours. NULL is the main address.
_OPTIONS = """
WITH found AS (
    SELECT id, languages, sex FROM clinics_doctor WHERE is_active
), at_places AS (
    SELECT DISTINCT place_id FROM scheduling_workinghours AS hours JOIN found ON found.id = hours.doctor_id
    WHERE valid_until IS NULL OR valid_until >= %(today)s
)
SELECT
    ARRAY(SELECT DISTINCT language FROM found, unnest(languages) AS language ORDER BY 1),
    ARRAY(SELECT DISTINCT sex FROM found WHERE sex <> '' ORDER BY 1),
    EXISTS (SELECT FROM at_places WHERE place_id IS NULL),
    (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name) ORDER BY name), '[]')
        FROM scheduling_place WHERE id IN (SELECT place_id FROM at_places))
"""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The values that can be chosen."""

    languages: list[str]
    """Language tags, as the doctors' profiles have them."""
    sexes: list[str]
    places: list[dict[str, Any]]
    """The id and name of each place; `MAIN_ADDRESS` stands for the clinic's own. Empty for a single place."""


def search_options(*, main_name: str, today: date) -> SearchOptions:
    """Return the values that the doctors whom patients can find have. One query.

    :param main_name: the name of the clinic's own address
    :param today: the clinic's day
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPTIONS, {"today": today})
        languages, sexes, is_at_main, places = cursor.fetchone()
    if is_at_main:
        places = [{"id": MAIN_ADDRESS, "name": main_name}, *places]
    return SearchOptions(languages, sexes, places if len(places) > 1 else [])
