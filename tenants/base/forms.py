"""Helpers for Django forms."""

from django import forms

from tenants.base.errors import DomainError


def add_service_errors(form: forms.Form, error: DomainError) -> None:
    """Add a service's errors to the form, at their fields where the form has them."""
    for field, reasons in (error.errors or {"": [error.user_message]}).items():
        form.add_error(field if field in form.fields else None, [str(reason) for reason in reasons])
