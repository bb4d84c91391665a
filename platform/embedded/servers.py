"""Starts Postgres, Valkey and the mail server of a home, and returns the settings with their addresses.

A server is not started if the environment already configures one of its kind.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from embedded import database_logins, mail_sink, postgres, valkey
from embedded.programs import Program, Running
from embedded.run_folder import Home
from embedded.setup_error import SetupError

_DATABASE = "clinics"
_DATABASE_SETTINGS = ("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD")

Launch = Callable[[Program], Running]
"""Starts a program and writes its output to the home's log of that name."""


def start_postgres(
    home: Home, launch: Launch, environ: Mapping[str, str], *, non_durable: bool
) -> dict[str, str]:
    """Return the DB_ settings, with both logins, of the server in `environ`, else of one started for `home`.

    If `environ` configures only one login, it is the owner's.

    :raises SetupError: `environ` configures a host but lacks other DB_ settings
    """
    if _is_set("DB_HOST", environ):
        values = {"DB_PORT": "5432"} | _values(_DATABASE_SETTINGS, environ)
        if missing := [name for name in _DATABASE_SETTINGS if name not in values]:
            raise SetupError(f"DB_HOST is set, so these must be set too: {', '.join(missing)}.")
        if all(_is_set(name, environ) for name in database_logins.OWNER_SETTINGS):
            return values | _values(database_logins.OWNER_SETTINGS, environ)
        return values | database_logins.login_settings(values["DB_USER"], values["DB_PASSWORD"])
    port, password = home.port("postgres"), home.secret("postgres_password")
    running = launch(postgres.prepare(home.path, port=port, password=password, non_durable=non_durable))
    postgres.wait_until_ready(running, port=port, password=password, log=home.log("postgres"))
    postgres.create_database(_DATABASE, port=port, password=password)
    address = {"DB_HOST": "127.0.0.1", "DB_PORT": str(port), "DB_NAME": _DATABASE}
    return address | database_logins.login_settings("postgres", password)


def start_valkey(home: Home, launch: Launch, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the REDIS_URL of the server in `environ`, else of one started for `home`."""
    if _is_set("REDIS_URL", environ):
        return _values(("REDIS_URL",), environ)
    port = home.port("valkey")
    valkey.wait_until_ready(launch(valkey.prepare(home.path, port=port)), port=port, log=home.log("valkey"))
    return {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}


def start_mail(home: Home, launch: Launch, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the EMAIL_URL of the server in `environ`, else of one started for `home`.

    If one is started, also return MAIL_DIR, the folder of its messages, and MAIL_PAGE, its web page.
    """
    if _is_set("EMAIL_URL", environ):
        return _values(("EMAIL_URL",), environ)
    smtp_port, web_port, folder = home.port("smtp"), home.port("mail"), home.path / "mail"
    running = launch(mail_sink.program(folder=folder, smtp_port=smtp_port, web_port=web_port))
    mail_sink.wait_until_ready(running, smtp_port=smtp_port, web_port=web_port, log=home.log("mail"))
    return {
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "MAIL_DIR": str(folder),
        "MAIL_PAGE": f"http://localhost:{web_port}/",
    }


def start_all(
    home: Home, launch: Launch, environ: Mapping[str, str], *, non_durable: bool = False
) -> dict[str, str]:
    """Start the servers that `environ` does not configure. Return the settings of all three."""
    return (
        start_postgres(home, launch, environ, non_durable=non_durable)
        | start_valkey(home, launch, environ)
        | start_mail(home, launch, environ)
    )


def with_settings(environ: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` updated with `settings`, without the NAME_FILE variables that would override them."""
    return {
        name: value for name, value in environ.items() if name.removesuffix("_FILE") not in settings
    } | dict(settings)


def _is_set(name: str, environ: Mapping[str, str]) -> bool:
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def _values(names: tuple[str, ...], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings `names` of `environ`. A NAME_FILE is replaced by the file's content."""
    values = {}
    for name in names:
        if file := environ.get(f"{name}_FILE"):
            values[name] = Path(file).read_text().strip()
        elif name in environ:
            values[name] = environ[name]
    return values
