"""The languages of patients in the API."""

from typing import Any

from rest_framework import serializers

from tenants.base.locales import Language
from tenants.current import current_clinic


class PatientLanguageOutput(serializers.Serializer[Any]):
    """A language that patients can choose."""

    code = serializers.CharField(help_text="`en`, `es`, `de` or `ar`.")
    name = serializers.CharField(help_text="Its name in the language itself.")


class LanguageField(serializers.ChoiceField):
    """A language that the clinic offers its patients."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Language.choices, **options)

    def to_internal_value(self, data: Any) -> Any:
        """Return the code of the language.

        :raises ValidationError: the clinic does not offer it
        """
        language = super().to_internal_value(data)
        if language not in current_clinic().patient_languages:
            self.fail("invalid_choice", input=data)
        return language


def patient_languages() -> list[dict[str, str]]:
    """Return the clinic's languages for patients, as `PatientLanguageOutput`."""
    return [{"code": code, "name": str(Language(code).label)} for code in current_clinic().patient_languages]
