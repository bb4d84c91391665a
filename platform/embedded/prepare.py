"""Prepares the database and static files of the demo. Skips a step if nothing relevant has changed."""

import sys
from collections.abc import Mapping

from embedded import commands, database_logins, postgres
from embedded.fingerprint import files_below, fingerprint, matches
from embedded.progress import step
from embedded.run_folder import ROOT, Home
from embedded.setup_error import SetupError

_EXCLUDED = frozenset({".venv", ".git", ".local", "frontend", "tests", "charts", "embedded"})
PREPARED_STAMP = "stamps/prepared"
"""The file in a home that records for which code and database the preparation was done."""


def prepare_database(home: Home, env: Mapping[str, str]) -> None:
    """Migrate and create the demo clinics, unless this was done already for the same code and database.

    :raises SetupError: a command failed
    """
    code = [file for file in files_below(ROOT, without=_EXCLUDED) if file.suffix == ".py"]
    values = (postgres.database_identity(env), env["PUBLIC_PORT"], env["DEMO_OPERATOR_PASSWORD"])
    current = fingerprint([*code, ROOT / "requirements.lock"], *values)
    stamp, clinics = home.path / PREPARED_STAMP, home.path / "demo-clinics.json"
    if not (clinics.exists() and matches(stamp, current)):
        manage(home, env, "Migrating the database", "migrate_schemas")
        application_env = database_logins.without_owner(env)
        manage(home, application_env, "Creating the demo clinics", "open_demo", "--json", str(clinics))
        stamp.write_text(current)


def manage(home: Home, env: Mapping[str, str], title: str, *arguments: str) -> None:
    """Run `manage.py ARGUMENTS…` and show `title` meanwhile.

    :raises SetupError: the command failed
    """
    log = home.log(arguments[0])
    log.unlink(missing_ok=True)
    try:
        with step(title):
            commands.run([sys.executable, "manage.py", *arguments], log=log, folder=ROOT, env=env)
    except commands.CommandFailed as failure:
        raise SetupError(f"{title} failed. The end of {log}:\n{failure.output[-2000:]}") from None


def collect_static(home: Home, env: Mapping[str, str]) -> None:
    """Collect the static files into the folder that the web process serves, if any of them changed.

    :raises SetupError: the command failed
    """
    stamp, current = home.path / "stamps" / "static", static_fingerprint()
    if not ((home.path / "static").is_dir() and matches(stamp, current)):
        # Compressing source maps would take most of the time, and the demo does not need them.
        command = ("collectstatic", "--noinput", "--clear", "--ignore", "*.map")
        manage(home, env, "Collecting static files", *command)
        stamp.write_text(current)


def static_fingerprint() -> str:
    """Return the fingerprint of all static files."""
    in_apps = [file for file in files_below(ROOT, without=_EXCLUDED) if "static" in file.parts]
    return fingerprint([*in_apps, *files_below(ROOT / "frontend" / "dist"), ROOT / "requirements.lock"])
