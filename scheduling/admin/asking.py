"""What a visit asks, on the page on which the desk books it."""

from typing import Any

from django import forms
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from scheduling.models import Booking, IntakeQuestion
from scheduling.services.answers import choices_of
from tenants.base.fields import LONGEST_PARAGRAPH

ANSWER = "answer_"


def answer_in_words(answer: str) -> str:
    """An answer as a person says it."""
    return {"yes": _("Yes"), "no": _("No")}.get(answer, answer)


def questions_asked(request: HttpRequest) -> list[IntakeQuestion]:
    """What the visit asks that was chosen; nothing before the page was sent."""
    chosen = request.POST.get("visit_type")
    return list(IntakeQuestion.objects.filter(visit_type__in=[chosen])) if chosen else []


def answer_fields(request: HttpRequest) -> dict[str, forms.Field]:
    """A field for each question. Where an answer is due the page comes back with them, and is sent again."""
    return {f"{ANSWER}{question.pk}": field_of(question) for question in questions_asked(request)}


def field_of(question: IntakeQuestion) -> forms.Field:
    """How a question is answered."""
    told: dict[str, Any] = {"label": question.text, "label_suffix": "", "required": question.is_required}
    choices = [(choice, answer_in_words(choice)) for choice in choices_of(question)]
    if choices:
        return forms.ChoiceField(choices=[("", "---------"), *choices], **told)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST_PARAGRAPH, **told)


def answers_given(form: ModelForm[Booking]) -> dict[str, str]:
    """By the question's id."""
    given = form.cleaned_data.items()
    return {name.removeprefix(ANSWER): answer for name, answer in given if name.startswith(ANSWER)}
