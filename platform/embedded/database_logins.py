"""The two database logins: the owner's, which migrates, and the application's, which owns nothing."""

import hashlib
import hmac
from collections.abc import Mapping

OWNER_SETTINGS = ("DB_OWNER_USER", "DB_OWNER_PASSWORD")
"""Settings that only commands which create or change tables receive."""


def login_settings(user: str, password: str) -> dict[str, str]:
    """Return the settings of both logins. `user` owns the database and may create roles.

    The application's password is derived from the owner's, so every process computes the same one.
    """
    app_password = hmac.new(password.encode(), b"the application's login", hashlib.sha256).hexdigest()
    return {
        "DB_USER": f"{user[:50]}_app",
        "DB_PASSWORD": app_password,
        "DB_OWNER_USER": user,
        "DB_OWNER_PASSWORD": password,
    }


def without_owner(env: Mapping[str, str]) -> dict[str, str]:
    """Return `env` without the owner's login, for web and workers."""
    return {name: value for name, value in env.items() if name.removesuffix("_FILE") not in OWNER_SETTINGS}
