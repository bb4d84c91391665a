"""What is said of languages that are not written as codes."""

from django.utils.translation import gettext_lazy as _

LANGUAGES_REFUSED = {"item_invalid": _("Write each language as its code, such as en or pt-BR.")}
"""Django's own words, of an item in an array, would be all that is left of the reason."""
