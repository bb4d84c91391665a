"""The details that a patient enters when they register and may change later."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.base.page_forms import PageForm, text_input, typed_input


class PersonForm(PageForm):
    """Name, date of birth and phone number."""

    first_name = forms.CharField(
        label=_("First name"),
        error_messages={"required": _("Enter your first name")},
        widget=text_input(autocomplete="given-name"),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        error_messages={"required": _("Enter your last name")},
        widget=text_input(autocomplete="family-name"),
    )
    date_of_birth = forms.CharField(
        label=_("Date of birth"), required=False, widget=typed_input("date", autocomplete="bday")
    )
    phone = forms.CharField(
        label=_("Phone number"), required=False, widget=typed_input("tel", autocomplete="tel")
    )
