"""Paths to which a form may lead back."""

import pytest

from tenants.base.paths import is_own_path


@pytest.mark.parametrize("path", ["/", "/doctors?visit_type=1&continue=1", "/x?next=https://evil.example"])
def test_a_path_of_this_site_is_accepted(path: str) -> None:
    assert is_own_path(path)


@pytest.mark.parametrize(
    "path",
    ["", "doctors", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "\x00/"],
)
def test_an_address_of_another_site_is_refused(path: str) -> None:
    assert not is_own_path(path)
