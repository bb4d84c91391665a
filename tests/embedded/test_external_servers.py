import pytest

from embedded import external_servers, servers
from embedded.ports import free_port
from embedded.run_folder import Home
from embedded.setup_error import SetupError
from tests.embedded.conftest import Launch

BOTH = {"DB_HOST": "named", "REDIS_URL": "named"}


def test_servers_that_answer_pass_and_each_failure_is_explained(home: Home, launch: Launch) -> None:
    found = servers.start_postgres(home, launch, {}, non_durable=True) | servers.start_valkey(
        home, launch, {}
    )

    external_servers.check_connections(BOTH, found)

    for change, sentence in (
        (
            {"DB_OWNER_PASSWORD": "wrong"},
            r"^Cannot connect to the Postgres in DB_HOST and DB_PORT \(.+\): .*password",
        ),
        ({"DB_NAME": "no_such"}, r'^Cannot connect to the Postgres .+: .*database "no_such" does not exist'),
        ({"DB_PORT": str(free_port())}, r"^Cannot connect to the Postgres .+: .*Connection refused"),
        (
            {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"},
            r"^Cannot connect to the server in REDIS_URL: ",
        ),
        ({"REDIS_URL": "127.0.0.1"}, r"^Cannot connect to the server in REDIS_URL: "),
    ):
        with pytest.raises(SetupError, match=sentence):
            external_servers.check_connections(BOTH, found | change)


def test_servers_that_are_not_configured_are_not_checked() -> None:
    external_servers.check_connections(
        {}, {"DB_HOST": "nowhere.invalid", "REDIS_URL": "redis://nowhere.invalid"}
    )
