"""Telephone numbers: read as people write them, stored as E.164, and shown as they are dialled.

A number without a country code is read in the clinic's country. ITU-T E.164 numbers begin with `+` and have
at most 15 digits. Whether a number exists in its country's numbering plan is decided by `phonenumbers`.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import Lookup
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType
from rest_framework import serializers

from tenants.base.fields import LineField
from tenants.current import current_clinic_or_none

MAX_LENGTH = 32
"""The characters that people may write. E.164 needs 16."""
INVALID: Promise = _("Enter a real phone number, such as %(example)s.")
_WRITTEN = re.compile(r"[\d\s()+./\-\u2010-\u2015]+")
"""What a number may be written with. Letters are refused, so that no second number is dropped unseen."""
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_DEFAULT_EXAMPLE = "+44 20 7946 0018"

Country = Callable[[], str]
_countries: list[Country] = []


def phone_country(function: Country) -> Country:
    """Register the function that returns the country that the clinic has chosen; "" if it has chosen none.

    The clinics app registers it, which this one cannot import.
    """
    _countries.append(function)
    return function


def clinic_country() -> str:
    """Return the country (ISO 3166-1) in which the clinic reads national numbers; "" outside a clinic.

    It is the country in the clinic's settings, else that of its time zone, else that of its locale.
    """
    clinic = current_clinic_or_none()
    if clinic is None:
        return ""
    chosen = next((country for function in _countries if (country := function())), "")
    return chosen or _zone_countries().get(clinic.time_zone) or str(clinic.locale)[-2:]


@cache
def _zone_countries() -> dict[str, str]:
    """Return the country of each time zone, according to tzdata."""
    lines = files("tzdata.zoneinfo").joinpath("zone.tab").read_text().splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def parse_phone(text: str, *, country: str | None = None) -> str | None:
    """Return a telephone number as E.164; None if it is not a valid number.

    :param country: the country of a national number; None for the clinic's
    """
    number = _parsed(text, clinic_country() if country is None else country)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def format_phone(stored: str) -> str:
    """Return a stored number as people read it, such as `+44 20 7946 0018`.

    A stored text that is not a valid number is returned as it is.
    """
    return _international(stored) if stored else ""


@lru_cache(maxsize=4096)
def _international(stored: str) -> str:
    """Return a number with spaces. It takes 0.2 ms, and lists that reload contain many numbers."""
    number = _parsed(stored, "")
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else stored


def is_mobile(stored: str) -> bool:
    """Return whether text messages can reach the number: a mobile, or a kind that cannot be told from one."""
    number = _parsed(stored, "")
    return number is not None and phonenumbers.number_type(number) in _MOBILE


def number_digest(number: str) -> str:
    """Return a keyed hash of a number (E.164), which reveals nothing about it."""
    return salted_hmac("telephone number", number, algorithm="sha256").hexdigest()


def search_digits(text: str) -> list[str]:
    """Return the digits to look for in stored numbers, if `text` can be a number or a part of one.

    These are the digits as they are written, and without the prefix that a national or an international
    number is dialled with: `020 7946` finds `+44207946…`, and so does `0044 20 7946`.
    """
    if not _WRITTEN.fullmatch(text.strip()):
        return []
    digits = re.sub(r"\D", "", text)
    return list(dict.fromkeys(found for found in (digits, digits.lstrip("0")) if len(found) > 1))


def _parsed(text: str, country: str) -> PhoneNumber | None:
    """Return a valid number; None if `text` is none."""
    if len(text) > MAX_LENGTH or not _WRITTEN.fullmatch(text.strip()):
        return None
    try:
        number = phonenumbers.parse(text.strip(), country or None)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def invalid_message() -> str:
    """Return the refusal of an invalid number, with an example from the clinic's country."""
    example = phonenumbers.example_number(clinic_country())
    written = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL) if example else _DEFAULT_EXAMPLE
    return str(INVALID % {"example": written})


class PhoneSerializerField(LineField):
    """A telephone number in the API: any writing comes in, E.164 is stored and goes out."""

    def __init__(self, **options: Any) -> None:
        options = {"help_text": "Telephone number. Stored and returned as E.164.", **options}
        super().__init__(**{"max_length": MAX_LENGTH, "required": False, "allow_blank": True, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the number as E.164, or "".

        :raises ValidationError: it is not a valid number
        """
        text = super().run_validation(data)
        if not isinstance(text, str) or not text:
            return text
        number = parse_phone(text)
        if number is None:
            raise serializers.ValidationError(invalid_message())
        return number


class ReadablePhoneField(serializers.CharField):
    """A stored telephone number as people dial it. `source` is the field that stores it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"read_only": True, "help_text": "The number as people write it.", **options})

    def to_representation(self, value: Any) -> str:
        """Return the readable form."""
        return format_phone(value)


class PhoneFormField(forms.CharField):
    """A telephone number in a form. A stored text that is not a number stays as long as it is not edited."""

    stored = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.input_type = "tel"

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        """Remember the stored number."""
        self.stored = form.get_initial_for_field(self, field_name) or ""
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: Any) -> Any:
        """Show the readable form."""
        return format_phone(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        """Return the number as E.164.

        :raises ValidationError: it is not a valid number
        """
        text = super().to_python(value)
        if not text or text == self.stored:
            return text
        number = parse_phone(text)
        if number is None:
            raise ValidationError(invalid_message(), code="invalid")
        return number


class PhoneField(models.CharField):  # type: ignore[type-arg]  # a field is not subscriptable
    """A telephone number as E.164. Texts that were stored before numbers were checked remain.

    In the database and in migrations it is Django's CharField.
    """

    def deconstruct(self) -> Any:
        """Return a plain CharField."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """Return the form field that checks the number."""
        return super().formfield(**{"form_class": PhoneFormField, **kwargs})


@PhoneField.register_lookup
class Written(Lookup[Any]):
    """`phone__written=text`: the number contains the text or its digits, however either is written."""

    lookup_name = "written"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition and its parameters."""
        column, params = self.process_lhs(compiler, connection)
        parts = [str(self.rhs), *search_digits(str(self.rhs))]
        patterns = [f"%{connection.ops.prep_for_like_query(part)}%" for part in parts]
        condition = " OR ".join([f"{column} ILIKE %s"] * len(patterns))
        return f"({condition})", tuple(value for pattern in patterns for value in (*params, pattern))
