"""Validate the answers to a visit type's intake questions."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from scheduling.models import IntakeQuestion, VisitType
from tenants.base.errors import InvalidInput

_YES_NO = ("yes", "no")


def check_answers(
    visit_type: VisitType | None, answers: Mapping[str, str], *, required: bool = True
) -> list[dict[str, str]]:
    """The answers to the questions asked when booking, each with the current text of its question, in order.

    Answers to other questions are ignored.

    :param answers: by the question's id
    :param required: whether required questions must be answered
    :raises InvalidInput: a required answer is missing, or an answer is not one of the choices
    """
    if visit_type is None:
        return []
    checked, errors = [], []
    for question in visit_type.questions.when_booking():
        answer = answers.get(str(question.pk), "").strip()
        if not answer:
            if question.is_required and required:
                errors.append(_("Answer this question: %(question)s") % {"question": question.text})
        elif answer not in (choices_of(question) or [answer]):
            errors.append(
                _("Choose one of the answers to this question: %(question)s") % {"question": question.text}
            )
        else:
            checked.append({"question": str(question.pk), "text": question.text, "answer": answer})
    if errors:
        raise InvalidInput(errors={"answers": errors})
    return checked


def choices_of(question: IntakeQuestion) -> list[str]:
    """The possible answers to a question; empty if it is answered in text."""
    if question.kind == IntakeQuestion.Kind.YES_NO:
        return list(_YES_NO)
    return list(question.choices) if question.kind == IntakeQuestion.Kind.CHOICE else []
