"""A database has two logins: the owner's, which migrates, and the application's, which owns nothing."""

import hashlib
import hmac
from collections.abc import Mapping

OWNERS = ("DB_OWNER_USER", "DB_OWNER_PASSWORD")
"""What only those commands are told that make or change tables."""


def both(user: str, password: str) -> dict[str, str]:
    """The settings of both, where `user` owns the database and may make roles.

    The application's password follows from the owner's, so that everything that uses a server has the same.
    """
    ours = hmac.new(password.encode(), b"the application's login", hashlib.sha256).hexdigest()
    return {
        "DB_USER": f"{user[:50]}_app",
        "DB_PASSWORD": ours,
        "DB_OWNER_USER": user,
        "DB_OWNER_PASSWORD": password,
    }


def without_owner(env: Mapping[str, str]) -> dict[str, str]:
    """What web and workers get of `env`."""
    return {name: value for name, value in env.items() if name.removesuffix("_FILE") not in OWNERS}
