"""Email addresses that a mail server accepts: internationalised domains are encoded, other letters refused.

The part before the @ must be ASCII: few mail servers offer SMTPUTF8 (RFC 6531), which other letters need.
"""

from typing import Any

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class NotMailable(ValueError):
    """No mail server can be given this address."""


def smtp_address(email: str) -> str:
    """Return an address in ASCII, with its domain as IDNA 2008 (RFC 5891): `a@xn--bcher-kva.example`.

    :raises NotMailable: the part before the @ is not ASCII, or the domain has no encoding
    """
    local, _at, domain = email.strip().rpartition("@")
    if not local or not local.isascii():
        raise NotMailable
    if domain.isascii():
        return f"{local}@{domain}"
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except (idna.IDNAError, UnicodeError) as error:
        raise NotMailable from error


def is_same_address(one: str, other: str) -> bool:
    """Return whether two addresses are the same, in any case and with the domain encoded or not."""
    return _comparable(one) == _comparable(other)


def _comparable(email: str) -> str:
    try:
        return smtp_address(email).lower()
    except NotMailable:
        return email.strip().lower()


def check_mailable(email: str) -> None:
    """Check that emails can be sent to an address. Whether it is one is for Django's validator to say.

    :raises ValidationError: the part before the @ is not ASCII, or the domain has no encoding
    """
    local, at, _domain = str(email).strip().rpartition("@")
    if not at:
        return
    if not local.isascii():
        message = _("Use only letters without accents, digits and signs before the @, such as jo.muller@….")
        raise ValidationError(message, code="not_mailable")
    try:
        smtp_address(str(email))
    except NotMailable as error:
        message = _("We cannot send emails to this domain. Check the part after the @.")
        raise ValidationError(message, code="not_mailable") from error


class EmailFormField(forms.EmailField):
    """A form's field for an address that emails can be sent to."""

    def run_validators(self, value: Any) -> None:
        """Check whether emails can be sent to the address first, because that message is more helpful."""
        if value not in self.empty_values:
            check_mailable(value)
        super().run_validators(value)


class EmailAddressField(models.EmailField):
    """A model's field for an address that emails can be sent to."""

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """Return the field for forms."""
        return super().formfield(*args, **{"form_class": EmailFormField, **kwargs})

    def deconstruct(self) -> Any:
        """Describe it to migrations as Django's field, which has the same column."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs
