"""Validate the answers to a visit type's intake questions."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from scheduling.models import IntakeQuestion, VisitType
from tenants.base.errors import InvalidInput

YES_NO = ("yes", "no")


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
    questions = list(visit_type.questions.when_booking())
    return checked_answers(questions, answers, required=questions if required else [])


def checked_answers(
    questions: Collection[IntakeQuestion],
    answers: Mapping[str, str],
    *,
    required: Collection[IntakeQuestion],
) -> list[dict[str, str]]:
    """The answers to some questions, each with the current text of its question, in their order.

    :param answers: by the question's id
    :param required: the questions that must be answered if they are marked as required
    :raises InvalidInput: a required answer is missing, or an answer is not one of the choices
    """
    checked, errors = [], []
    for question in questions:
        answer = answers.get(str(question.pk), "").strip()
        if not answer:
            if question.is_required and question in required:
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


def answers_before_visit(
    visit_type: VisitType | None, answers: Iterable[dict[str, str]]
) -> list[dict[str, str]]:
    """Those of stored answers that belong to the questions asked before the visit."""
    if visit_type is None:
        return []
    asked = {str(pk) for pk in visit_type.questions.before_visit().values_list("pk", flat=True)}
    return [row for row in answers if row["question"] in asked]


def choices_of(question: IntakeQuestion) -> list[str]:
    """The possible answers to a question; empty if it is answered in text."""
    if question.kind == IntakeQuestion.Kind.YES_NO:
        return list(YES_NO)
    return list(question.choices) if question.kind == IntakeQuestion.Kind.CHOICE else []


def answer_label(answer: str) -> str:
    """The answer to show: “Yes” or “No” instead of the stored value."""
    return {"yes": _("Yes"), "no": _("No")}.get(answer, answer)
