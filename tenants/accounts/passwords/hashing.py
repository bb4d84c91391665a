"""Hashes passwords with Argon2, within a limited amount of memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from tenants.base.errors import Unavailable

_KIB_PER_MIB = 1024
WAIT = 3.0
"""Seconds that a request waits for memory to hash in."""


class MemoryBudget:
    """Limits the memory that is in use at the same time, in KiB."""

    def __init__(self, limit: int) -> None:
        self._limit = self._free = limit
        self._changed = threading.Condition()

    @contextmanager
    def reserved(self, amount: int, *, seconds: float) -> Iterator[None]:
        """Reserve `amount` for the `with` block, all there is if `amount` is more than the limit.

        :raises Unavailable: it was not free within `seconds`
        """
        amount = min(amount, self._limit)
        with self._changed:
            if not self._changed.wait_for(lambda: self._free >= amount, timeout=seconds):
                raise Unavailable
            self._free -= amount
        try:
            yield
        finally:
            with self._changed:
                self._free += amount
                self._changed.notify_all()


budget = MemoryBudget(settings.PASSWORD_MEMORY_MIB * _KIB_PER_MIB)
"""The budget of this process."""


class LimitedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the first parameters that OWASP's Password Storage Cheat Sheet recommends.

    Django's own need 100 MiB and four times as much CPU time for each sign-in, so a few sign-ins at the same
    time exhaust a server. A hash with other parameters is replaced when its user signs in.
    """

    time_cost = 1
    memory_cost = 46 * _KIB_PER_MIB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Return the hash of a new password.

        :raises Unavailable: too many passwords are being hashed
        """
        with budget.reserved(self.memory_cost, seconds=WAIT):
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether the password matches, with the memory that the hash was made with.

        :raises Unavailable: too many passwords are being hashed
        """
        with budget.reserved(self.decode(encoded)["memory_cost"], seconds=WAIT):
            return super().verify(password, encoded)
