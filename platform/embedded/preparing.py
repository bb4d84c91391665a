"""What the demo has the product do before it is used: each step only when what it depends on has changed."""

import sys
from collections.abc import Mapping

from embedded import commands, logins, postgres
from embedded.fingerprint import files_below, fingerprint, matches
from embedded.home import ROOT, Home
from embedded.progress import step
from embedded.setup_error import SetupError

_NOT_OURS = frozenset({".venv", ".git", ".local", "frontend", "tests", "charts", "embedded"})
PREPARED = "stamps/prepared"
"""Below a home: which code has prepared which database."""


def prepare_database(home: Home, env: Mapping[str, str]) -> None:
    """Migrate, and open the demo clinics, unless just this code has done so in this very database.

    :raises SetupError: it did not succeed
    """
    code = [file for file in files_below(ROOT, without=_NOT_OURS) if file.suffix == ".py"]
    facts = (postgres.identity(env), env["PUBLIC_PORT"], env["DEMO_OPERATOR_PASSWORD"])
    mark = fingerprint([*code, ROOT / "requirements.lock"], *facts)
    stamp, clinics = home.path / PREPARED, home.path / "demo-clinics.json"
    if not (clinics.exists() and matches(stamp, mark)):
        manage(home, env, "Bringing the database up to date", "migrate_schemas")
        ours = logins.without_owner(env)
        manage(home, ours, "Opening the demo clinics", "open_demo", "--json", str(clinics))
        stamp.write_text(mark)


def manage(home: Home, env: Mapping[str, str], title: str, *words: str) -> None:
    """Run `manage.py WORDS…`, showing `title`.

    :raises SetupError: it did not succeed
    """
    log = home.log(words[0])
    log.unlink(missing_ok=True)
    try:
        with step(title):
            commands.run([sys.executable, "manage.py", *words], log=log, folder=ROOT, env=env)
    except commands.CommandFailed as failure:
        raise SetupError(
            f"{title} did not succeed. The end of {log} says:\n{failure.output[-2000:]}"
        ) from None


def collect_static(home: Home, env: Mapping[str, str]) -> None:
    """Bring the static files together where the web process serves them from, if any of them changed.

    :raises SetupError: it did not succeed
    """
    stamp, mark = home.path / "stamps" / "static", static_mark()
    if not ((home.path / "static").is_dir() and matches(stamp, mark)):
        # Source maps would be the larger part of the work, and nobody looks at them here.
        words = ("collectstatic", "--noinput", "--clear", "--ignore", "*.map")
        manage(home, env, "Collecting static files", *words)
        stamp.write_text(mark)


def static_mark() -> str:
    """A word for all static files as they are now."""
    in_apps = [file for file in files_below(ROOT, without=_NOT_OURS) if "static" in file.parts]
    return fingerprint([*in_apps, *files_below(ROOT / "frontend" / "dist"), ROOT / "requirements.lock"])
