"""The base of forms on pages for patients. Ids, hints and errors are those of the web app's forms."""

from typing import Any

from django import forms
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer

from tenants.base.errors import InvalidInput
from tenants.base.forms import add_service_errors
from tenants.base.requests import validate


class PageForm(forms.Form):
    """A form whose fields have their names as ids."""

    use_required_attribute = False

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id="%s", label_suffix="", **options)

    def validated(self, serializer_class: type[Serializer[Any]], **more: Any) -> dict[str, Any] | None:
        """Return the fields as the API validates them; None with the errors in the form if they are invalid.

        Empty optional fields are left out.
        """
        if not self.is_valid():
            return None
        sent = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return self.checked(serializer_class, {**sent, **more})

    def checked(self, serializer_class: type[Serializer[Any]], sent: dict[str, Any]) -> dict[str, Any] | None:
        """Return `sent` as the API validates it; None with the errors in the form if it is invalid."""
        try:
            return validate(serializer_class, sent)
        except ValidationError as error:
            self.add_api_errors(error)
            return None

    def add_api_errors(self, error: ValidationError) -> None:
        """Add the errors of a serializer to the form."""
        detail = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        add_service_errors(self, InvalidInput(errors={name: _texts(value) for name, value in detail.items()}))


def _texts(value: Any) -> list[str]:
    """Return the messages in the error of a field, which may have errors of its own fields."""
    if isinstance(value, dict):
        return [text for nested in value.values() for text in _texts(nested)]
    return [text for nested in value for text in _texts(nested)] if isinstance(value, list) else [str(value)]


def text_input(**attributes: Any) -> forms.TextInput:
    """Return a text input with these attributes, such as `autocomplete`."""
    return forms.TextInput(attrs=attributes)


def typed_input(kind: str, **attributes: Any) -> forms.TextInput:
    """Return an input of a type that Django has no widget for, or another format: `date`, `tel`."""
    widget = forms.TextInput(attrs=attributes)
    widget.input_type = kind
    return widget
