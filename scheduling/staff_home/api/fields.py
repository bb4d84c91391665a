"""Serializer fields of the board and of the visits of patients."""

import uuid
from typing import Any

from rest_framework import serializers

_MAX_IDS = 50


class IdList(serializers.CharField):
    """At most 50 ids, separated by commas. Needs `error_messages` for `invalid` and `too_many`."""

    def to_internal_value(self, data: Any) -> Any:
        """Parse the ids to a tuple."""
        try:
            ids = tuple(uuid.UUID(part) for part in str(data).split(","))
        except ValueError:
            self.fail("invalid")
        if len(ids) > _MAX_IDS:
            self.fail("too_many")
        return ids
