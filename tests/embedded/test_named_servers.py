import pytest

from embedded import named_servers, servers
from embedded.home import Home
from embedded.ports import free_port
from embedded.setup_error import SetupError
from tests.embedded.conftest import Launch

BOTH = {"DB_HOST": "named", "REDIS_URL": "named"}


def test_servers_that_answer_are_fine_and_each_refusal_is_named(home: Home, launch: Launch) -> None:
    found = servers.start_postgres(home, launch, {}, forgetful=True) | servers.start_valkey(home, launch, {})

    named_servers.check(BOTH, found)

    for change, sentence in (
        (
            {"DB_OWNER_PASSWORD": "wrong"},
            r"^The Postgres that DB_HOST and DB_PORT name \(.+\) refuses: .*password",
        ),
        ({"DB_NAME": "no_such"}, r'^The Postgres that .+ refuses: .*database "no_such" does not exist'),
        ({"DB_PORT": str(free_port())}, r"^The Postgres that .+ refuses: .*Connection refused"),
        (
            {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"},
            r"^The server that REDIS_URL names does not answer: ",
        ),
        ({"REDIS_URL": "127.0.0.1"}, r"^The server that REDIS_URL names does not answer: "),
    ):
        with pytest.raises(SetupError, match=sentence):
            named_servers.check(BOTH, found | change)


def test_servers_that_were_not_named_are_not_asked() -> None:
    named_servers.check({}, {"DB_HOST": "nowhere.invalid", "REDIS_URL": "redis://nowhere.invalid"})
