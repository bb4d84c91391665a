"""What forms that are pages of ours share."""

from django import forms

from tenants.base.errors import DomainError


def show_refusal(form: forms.Form, refused: DomainError) -> None:
    """Say at the field, or on top where there is none, why it was refused."""
    for field, reasons in (refused.errors or {"": [refused.user_message]}).items():
        form.add_error(field if field in form.fields else None, [str(reason) for reason in reasons])
