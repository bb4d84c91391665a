"""Cheap password hashing: tests make hundreds of users."""

from typing import ClassVar

from tenants.accounts.passwords.hashing import LimitedArgon2PasswordHasher


class QuickArgon2(LimitedArgon2PasswordHasher):
    """Argon2 at its lowest cost."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


class CountedArgon2(QuickArgon2):
    """Records every call in `calls`."""

    calls: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        """Hash a password."""
        self.calls.append("encode")
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Verify a password, which costs as much as hashing one."""
        self.calls.append("verify")
        return super().verify(password, encoded)
