"""The error message for language codes."""

from django.utils.translation import gettext_lazy as _

LANGUAGE_ERRORS = {"item_invalid": _("Enter language codes, for example en or pt-BR.")}
"""Replaces Django's message about an item of an array, which would hide the reason."""
