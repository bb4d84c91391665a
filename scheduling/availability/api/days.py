"""The days with open slots, from the cache of open slots."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from rest_framework import serializers

from scheduling.availability.api.open_slots import slot_query
from scheduling.availability.cache import cache_get, cache_set
from scheduling.availability.open_slots import open_days
from scheduling.calendar.local_times import clinic_day


class DayWithTimesOutput(serializers.Serializer[Any]):
    """A day with open slots."""

    date = serializers.DateField(source="day", help_text="The local day of the place.")
    count = serializers.IntegerField(help_text="The number of open slots.")


class DaysWithTimesOutput(serializers.Serializer[Any]):
    """The days with open slots, in order."""

    days = DayWithTimesOutput(many=True)


def cached_open_days(filters: dict[str, Any], *, now: datetime) -> list[dict[str, Any]]:
    """Return the days with open slots for validated `TimeFilters`, as the API shows them.

    A cached answer can count slots whose notice has passed within the last 30 seconds.

    :raises InvalidInput: the visit type does not exist
    """
    today = clinic_day(now)
    key = f"days:{today}?{urlencode(sorted(filters.items()))}"
    lookup = cache_get(key, now=now)
    if lookup.value is None:
        found = open_days(slot_query(filters, page=1, today=today), now=now)
        answer = json.dumps([{"date": day.day.isoformat(), "count": day.count} for day in found]).encode()
        cache_set(key, answer, lookup)
    else:
        answer = lookup.value
    days: list[dict[str, Any]] = json.loads(answer)
    return days
