"""A local Postgres that listens on 127.0.0.1 only and requires a password."""

import signal
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from embedded import binaries, postgres_data, programs
from embedded.programs import Program, Running
from embedded.unprivileged import accessible_folder, server_user

_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path has a length limit
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "max_locks_per_transaction": "256",  # one migration locks the tables of many clinics
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_IDENTITY = (
    "SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = current_database()"
)
_UNSAFE_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def prepare(home: Path, *, port: int, password: str, non_durable: bool = False) -> Program:
    """Return the server of `home` as a program to start. Create its data folder if necessary.

    Tests use non-durable settings, which are faster but may lose data if the machine crashes.

    :raises SetupError: no Postgres is installed, or the data folder belongs to another version
    """
    user = server_user()
    parent = accessible_folder(home, user)
    folder = binaries.accessible_copy(binaries.postgres_folder(), user, parent)
    data = parent / "postgres"
    postgres_data.ensure_data_folder(data, folder, user, password=password)
    options = _OPTIONS | (_UNSAFE_OPTIONS if non_durable else {})
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        argv=(str(folder / "postgres"), "-D", str(data), "-p", str(port), *settings),
        env=postgres_data.clean_environment(),
        stop_signal=signal.SIGINT,
        user=user,
    )


def wait_until_ready(running: Running, *, port: int, password: str, log: Path) -> None:
    """Wait until the server accepts connections.

    :raises SetupError: the server ended, or did not answer in time
    """

    def accepts_connections() -> bool:
        try:
            psycopg.connect(address(port=port, password=password), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    programs.wait_until_ready(running, accepts_connections, title="Postgres", log=log)


def create_database(name: str, *, port: int, password: str) -> None:
    """Create the database `name` unless it exists."""
    with psycopg.connect(address(port=port, password=password), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def database_identity(settings: Mapping[str, str]) -> str:
    """Return an identifier of the database in the DB_ `settings`. A re-created database has another one."""
    with psycopg.connect(
        host=settings["DB_HOST"],
        port=settings["DB_PORT"],
        dbname=settings["DB_NAME"],
        user=settings["DB_OWNER_USER"],
        password=settings["DB_OWNER_PASSWORD"],
        connect_timeout=5,
    ) as connection:
        return str(connection.execute(_IDENTITY).fetchone())


def address(*, port: int, password: str, database: str = "postgres") -> str:
    """Return the database URL with the owner's login."""
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/{database}"
