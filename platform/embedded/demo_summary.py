"""Publishes a running demo: addresses on the terminal, demo.json for programs, settings for `make manage`."""

import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from embedded import database_logins
from embedded.run_folder import Home, write_private


def save_environment(home: Home, settings: Mapping[str, str]) -> None:
    """Save the demo's settings, so that `make manage` uses the same."""
    write_private(home.path / "environment.json", json.dumps(dict(settings), indent=2))


def publish(home: Home, settings: Mapping[str, str], *, port: int) -> None:
    """Write demo.json. It exists only while the demo is ready."""
    demo = json.loads((home.path / "demo-clinics.json").read_text())
    summary = {
        "base_url": f"http://localhost:{port}",
        "console_url": demo["console_url"],
        "database_url": _database_url(settings),
        "redis_url": settings["REDIS_URL"],
        "mail_url": settings.get("MAIL_PAGE"),
        "operator": demo["operator"],
        "clinics": demo["clinics"],
    }
    write_private(home.path / "demo.json", json.dumps(summary, indent=2))


def unpublish(home: Home) -> None:
    """Remove the files that only a running demo may have."""
    for name in ("demo.json", "environment.json"):
        (home.path / name).unlink(missing_ok=True)


def announcement_text(home: Home, *, seconds: float) -> str:
    """Return the addresses and sign-ins to print."""
    summary: dict[str, Any] = json.loads((home.path / "demo.json").read_text())
    lines = [f"\nReady after {seconds:.0f} s.\n"]
    for clinic in summary["clinics"]:
        lines.append(f"{clinic['slug']} ({clinic['time_zone']})   {clinic['url']}")
        people = [("clinic admin", clinic["admin"])]
        people += [("receptionist", clinic["receptionist"])]
        people += [("doctor", doctor) for doctor in clinic["doctors"][:2]]
        people += [("patient", patient) for patient in clinic["patients"][:1]]
        lines += [f"    {role:<13} {_sign_in(person)}" for role, person in people]
    lines.append(
        f"Operators' console   {summary['console_url']}\n    {'operator':<13} {_sign_in(summary['operator'])}"
    )
    lines.append(f"Mail   {summary['mail_url'] or _external_mail()}")
    lines.append(f"Logs   {home.path / 'logs'}")
    lines.append("\nStop with Ctrl-C.")
    return "\n".join(lines)


def _external_mail() -> str:
    return f"is sent to the server in EMAIL_URL ({os.environ.get('EMAIL_URL', 'see EMAIL_URL_FILE')})"


def _sign_in(person: Mapping[str, str]) -> str:
    return f"{person['email']} / {person['password']}"


def _database_url(settings: Mapping[str, str]) -> str:
    user, password = (quote(settings[name], safe="") for name in database_logins.OWNER_SETTINGS)
    location = f"{settings['DB_HOST']}:{settings['DB_PORT']}/{settings['DB_NAME']}"
    # The owner's login, because the application's login cannot read everything.
    return f"postgresql://{user}:{password}@{location}"
