"""Intake questions on the booking page of Django Admin."""

from typing import Any

from django import forms
from django.forms import ModelForm
from django.http import HttpRequest

from scheduling.models import Booking, IntakeQuestion
from scheduling.visit_types.intake_answers import answer_label, choices_of
from tenants.base.fields import MAX_PARAGRAPH_LENGTH

_PREFIX = "answer_"


def _questions(request: HttpRequest) -> list[IntakeQuestion]:
    """Return the questions asked when the chosen visit type is booked. Until the form is submitted: none."""
    chosen = request.POST.get("visit_type")
    return list(IntakeQuestion.objects.when_booking().filter(visit_type__in=[chosen])) if chosen else []


def answer_fields(request: HttpRequest) -> dict[str, forms.Field]:
    """Return a form field for each question of the chosen visit type.

    The fields exist once the form was submitted. If an answer is missing, the page is shown again with them.
    """
    return {f"{_PREFIX}{question.pk}": _field(question) for question in _questions(request)}


def _field(question: IntakeQuestion) -> forms.Field:
    """Return the form field for one question."""
    options: dict[str, Any] = {"label": question.text, "label_suffix": "", "required": question.is_required}
    choices = [(choice, answer_label(choice)) for choice in choices_of(question)]
    if choices:
        return forms.ChoiceField(choices=[("", "---------"), *choices], **options)
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}), max_length=MAX_PARAGRAPH_LENGTH, **options
    )


def submitted_answers(form: ModelForm[Booking]) -> dict[str, str]:
    """Return the answers of a valid form by question id."""
    values = form.cleaned_data.items()
    return {name.removeprefix(_PREFIX): answer for name, answer in values if name.startswith(_PREFIX)}
