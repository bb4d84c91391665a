"""Validation of a clinic's name, address and time zone."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import InvalidInput
from tenants.models import Clinic


def validate_clinic(clinic: Clinic) -> None:
    """Validate the fields of a clinic.

    :raises InvalidInput: a field is invalid; `errors` says which and why
    """
    # A name is one line: it stands in page titles and in the From line of emails.
    if not clinic.name.isprintable():
        raise InvalidInput(errors={"name": [_("Enter the name in one line, without control characters.")]})
    try:
        clinic.clean_fields()
    except ValidationError as error:
        raise InvalidInput(errors=error.message_dict) from error
