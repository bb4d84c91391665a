"""Password hashing, as in production but cheap: tests make hundreds of users."""

from typing import ClassVar

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 with the least work it takes."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


class CountedArgon2(QuickArgon2):
    """Counts how often it works."""

    times: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        """A new hash."""
        self.times.append("encode")
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """A password held against a hash: as much work as making one."""
        self.times.append("verify")
        return super().verify(password, encoded)
