"""What a request says, and where it comes from."""

from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework import serializers

from tenants.base.requests import client_address, read

forms = list["Outer"]()


class Inner(serializers.Serializer[Any]):
    """A form in a form."""

    name = serializers.CharField(max_length=3)


class Outer(serializers.Serializer[Any]):
    """Fields of all kinds; every form that was checked is in `forms`."""

    day = serializers.DateField(required=False)
    several = serializers.ListField(child=serializers.IntegerField(max_value=3), required=False)
    named = serializers.DictField(child=serializers.CharField(max_length=3), required=False)
    inner = Inner(required=False)
    inners = Inner(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        forms.append(self)
        return attrs


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"day": "2026-03-29", "several": [1, 2], "named": {"a": "b"}, "inner": {"name": "x"}, "inners": []},
        {"inners": [{"name": "x"}, {"name": "y"}]},
        {"day": "soon", "several": [1, 9], "named": {"a": "long"}, "inner": {}, "inners": [{}]},
        {"several": "no list", "named": [], "inner": 1, "inners": {}},
        [],
        None,
    ],
)
def test_a_form_says_what_it_says_to_rest_framework(given: Any) -> None:
    expected = Outer(data=given)

    found: tuple[Any, Any]
    try:
        found = (read(Outer, given), {})
    except serializers.ValidationError as refused:
        found = ({}, refused.detail)

    expected.is_valid()
    assert found == (expected.validated_data, expected.errors)


def test_two_requests_share_no_field() -> None:
    forms.clear()

    for _twice in range(2):
        read(Outer, {})

    first, second = (list(form.fields.values()) for form in forms)
    assert [field for field in first if field in second] == []
    for form in forms:
        assert {field.parent for field in form.fields.values()} == {form}
        several: Any = form.fields["several"]
        assert several.child.parent is several


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_address_is_known_in_one_form(told: str, address: str) -> None:
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=told)) == address


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "198.51.100.1", "192.0.2.1"),
        (True, "198.51.100.1", "198.51.100.1"),
        (True, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (True, "198.51.100.1,nonsense", ""),
        (True, "", "192.0.2.1"),
    ],
)
def test_only_the_last_word_of_our_proxy_is_believed(
    settings: Any, behind_proxy: bool, forwarded: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == address
