"""The product's own processes and commands, as the demo runs them."""

import sys
from collections.abc import Mapping

from embedded import commands, postgres
from embedded.fingerprint import files_below, fingerprint, matches
from embedded.home import ROOT, Home
from embedded.programs import Program
from embedded.progress import step
from embedded.setup_error import SetupError

_NOT_OURS = frozenset({".venv", ".git", ".local", "frontend", "tests", "charts"})

MIGRATED = "stamps/migrated"
"""Below a home: which migrations its database has seen."""


def settings(home: Home, *, port: int) -> dict[str, str]:
    """What the demo sets besides the addresses of its servers."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "PYTHONTZPATH": "",  # zones come from the pinned tzdata package alone
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": home.secret("secret_key"),
        "JWT_SECRET": home.secret("jwt_secret"),
        "DEMO": "1",
        "DEMO_OPERATOR_PASSWORD": home.secret("operator_password", size=12),  # people type it
        "BASE_DOMAIN": "localhost",
        "PUBLIC_SCHEME": "http",
        "PUBLIC_PORT": str(port),
        "STATIC_ROOT": str(home.path / "static"),
    }


def programs(home: Home, env: Mapping[str, str], *, port: int) -> list[Program]:
    """Web, worker and beat."""
    web = f"granian --interface wsgi config.wsgi:application --host 127.0.0.1 --port {port}"
    lines = {
        "web": [*web.split(), "--workers", "2", "--blocking-threads", "4"],
        "worker": ["celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "info"],
        "beat": ["celery", "-A", "config", "beat", "-s", str(home.path / "beat" / "schedule")],
    }
    pools = {"web": {"DB_POOL": "1"}}  # the worker forks, and a pool does not survive that
    return [
        Program(
            name=name,
            argv=(sys.executable, "-m", *words),
            env=dict(env) | pools.get(name, {}),
            folder=ROOT,
        )
        for name, words in lines.items()
    ]


def migrate(home: Home, env: Mapping[str, str]) -> None:
    """Bring the database up to date, unless this very database has seen just these migrations.

    :raises SetupError: it did not succeed
    """
    migrations = (file for file in files_below(ROOT, without=_NOT_OURS) if "migrations" in file.parts)
    sources = [file for file in migrations if file.suffix == ".py"]
    mark = fingerprint([*sources, ROOT / "requirements.lock"], postgres.identity(env))
    stamp = home.path / MIGRATED
    if not matches(stamp, mark):
        manage(home, env, "Bringing the database up to date", "migrate_schemas")
        stamp.write_text(mark)


def open_clinics(home: Home, env: Mapping[str, str]) -> None:
    """Open the demo clinics that are not open, and have it written down how to sign in.

    :raises SetupError: it did not succeed
    """
    file = home.path / "demo-clinics.json"
    manage(home, env, "Opening the demo clinics", "open_demo", "--json", str(file))


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
    in_apps = [file for file in files_below(ROOT, without=_NOT_OURS) if "static" in file.parts]
    mark = fingerprint([*in_apps, *files_below(ROOT / "frontend" / "dist"), ROOT / "requirements.lock"])
    stamp = home.path / "stamps" / "static"
    if not ((home.path / "static").is_dir() and matches(stamp, mark)):
        manage(home, env, "Collecting static files", "collectstatic", "--noinput", "--clear")
        stamp.write_text(mark)
