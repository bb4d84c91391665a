"""Claim a row that can be used once, such as an invitation."""

from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def lock_unless_taken(rows: "models.QuerySet[M]") -> M | None:
    """Lock the row of `rows` until the transaction ends; None if there is none, or another request has it.

    Nobody waits for the lock. Otherwise the losers would wait while the winner hashes a password, and on a
    busy machine longer than `lock_timeout`.
    """
    return rows.select_for_update(skip_locked=True, no_key=True).first()
