"""The field of a form in which a carer chooses whom an appointment is for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinics.models import Patient

ME = "me"
"""The value for the user, beside the ids of their dependants."""


def patient_field(dependants: list[Patient], *, empty: Any = None, **options: Any) -> forms.ChoiceField:
    """Return a required field with the user and their dependants.

    :param empty: the label of a first option without a value, for a select
    :param options: further options of the field, such as its widget
    """
    return forms.ChoiceField(
        label=_("Who is the appointment for?"),
        choices=[
            *([("", empty)] if empty else []),
            (ME, _("Me")),
            *((str(one.pk), one.full_name) for one in dependants),
        ],
        error_messages={"required": _("Select who the appointment is for")},
        **options,
    )
