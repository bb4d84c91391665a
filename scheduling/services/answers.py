"""Answers to what a visit type asks when it is booked."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from scheduling.models import IntakeQuestion, VisitType
from tenants.base.errors import InvalidInput

_YES_NO = ("yes", "no")


def checked_answers(
    visit_type: VisitType | None, given: Mapping[str, str], *, required: bool = True
) -> list[dict[str, str]]:
    """The answers with their questions as they are asked now, in their order. Others than asked are left out.

    :param given: by the question's id
    :param required: whether to insist on those that must be answered
    :raises InvalidInput: one is missing, or is not among the answers to choose from
    """
    if visit_type is None:
        return []
    checked, wrong = [], []
    for question in visit_type.questions.all():
        answer = given.get(str(question.pk), "").strip()
        if not answer:
            if question.is_required and required:
                wrong.append(_("Please answer: %(question)s") % {"question": question.text})
        elif answer not in (choices_of(question) or [answer]):
            wrong.append(_("Please choose one of the answers: %(question)s") % {"question": question.text})
        else:
            checked.append({"question": str(question.pk), "text": question.text, "answer": answer})
    if wrong:
        raise InvalidInput(errors={"answers": wrong})
    return checked


def choices_of(question: IntakeQuestion) -> list[str]:
    """The answers there are to choose from; none where it is answered in words."""
    if question.kind == IntakeQuestion.Kind.YES_NO:
        return list(_YES_NO)
    return list(question.choices) if question.kind == IntakeQuestion.Kind.CHOICE else []
