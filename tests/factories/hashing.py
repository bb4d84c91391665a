"""Password hashing, as in production but cheap: tests make hundreds of users."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 with the least work it takes."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
