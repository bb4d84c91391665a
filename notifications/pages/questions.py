"""The page behind the link to the questions before a visit.

It never shows answers: anybody with the link, such as a mail scanner, could read them.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from notifications.links import MessageLink, Purpose
from notifications.pages.link_page import (
    SeeOther,
    State,
    appointment_context,
    link_page,
    settled_state,
    state_page,
)
from scheduling.bookings.answer_questions import answer_questions, can_answer, questions_before_visit
from scheduling.errors import BookingNotChangeable
from scheduling.models import IntakeQuestion
from scheduling.visit_types.intake_answers import answer_label, choices_of
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.base.fields import MAX_PARAGRAPH_LENGTH


class QuestionsForm(forms.Form):
    """The questions before a visit. A question that was answered may be left empty, to keep the answer."""

    def __init__(self, link: MessageLink, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        answered = {row["question"] for row in link.booking.answers}
        for question in questions_before_visit(link.booking):
            self.fields[str(question.pk)] = _field(question, is_answered=str(question.pk) in answered)


def _field(question: IntakeQuestion, *, is_answered: bool) -> forms.Field:
    """Return the form field of a question, without its answer."""
    label = "%(question)s" if question.is_required else _("%(question)s (optional)")
    options: dict[str, Any] = {
        "label": label % {"question": question.text},
        "required": question.is_required and not is_answered,
        "help_text": _("You have answered this. Leave it empty to keep your answer.") if is_answered else "",
        "error_messages": {"required": _("Answer this question: %(question)s") % {"question": question.text}},
    }
    if choices := choices_of(question):
        labelled = [(choice, answer_label(choice)) for choice in choices]
        return forms.ChoiceField(choices=labelled, widget=forms.RadioSelect, **options)
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(max_length=MAX_PARAGRAPH_LENGTH, widget=widget, **options)


@link_page(Purpose.QUESTIONS)
def questions_page(request: HttpRequest, link: MessageLink) -> HttpResponse:
    """Show the questions before the visit, and store the answers until the visit starts."""
    is_sent = request.method == "POST"
    if not can_answer(link.booking, now=now()):
        return SeeOther(request.path) if is_sent else state_page(request, link, _closed_state(link))
    if not is_sent and "sent" in request.GET:
        return state_page(request, link, State.ANSWERED)
    form = QuestionsForm(link, request.POST if is_sent else None)
    if not form.fields:
        return state_page(request, link, State.NO_QUESTIONS)
    if is_sent and form.is_valid() and _store(link, form):
        return SeeOther(f"{request.path}?sent")
    status = 400 if form.errors else 200
    context = {**appointment_context(link), "form": form}
    return render(request, "notifications/links/questions.html", context, status=status)


def _closed_state(link: MessageLink) -> State:
    """Return why the questions cannot be answered any more."""
    return settled_state(link.booking, now=now()) or State.OVER


def _store(link: MessageLink, form: QuestionsForm) -> bool:
    """Store the answers of a valid form. Return False if they were refused, with the reasons in the form."""
    try:
        answer_questions(booking=link.booking, answers=form.cleaned_data, by=link.recipient, now=now())
    except InvalidInput as error:
        form.add_error(None, [str(reason) for reasons in error.errors.values() for reason in reasons])
        return False
    except BookingNotChangeable:
        return True  # the page that follows shows the state
    return True
