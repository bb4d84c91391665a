"""Template tags for forms on pages for patients: the fields and the summary of errors, as in the web app."""

from typing import Any

from django import forms, template
from django.forms import BoundField

register = template.Library()
_SELECTS = (forms.Select,)


@register.inclusion_tag("tenants/page/field.html")
def field(bound: BoundField, classes: str = "") -> dict[str, Any]:
    """Write a field with its label, hint and error.

    :param classes: further classes of the input
    """
    described = [f"{bound.name}-hint"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.name}-error")
    is_select = isinstance(bound.field.widget, _SELECTS) and not isinstance(
        bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple
    )
    attributes: dict[str, Any] = {
        "class": f"{'form-select' if is_select else 'form-control'} {classes}".strip()
    }
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    is_password = isinstance(bound.field.widget, forms.PasswordInput)
    return {"field": bound, "input": bound.as_widget(attrs=attributes), "is_password": is_password}


@register.inclusion_tag("tenants/page/error_summary.html")
def error_summary(form: forms.Form) -> dict[str, Any]:
    """Write the errors of a form with links to their fields. The summary takes the focus."""
    return {"form": form}
