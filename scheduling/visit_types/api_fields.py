"""Serializer field for answers to a visit type's questions."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tenants.base.fields import ParagraphField

_MAX_ANSWERS = 50


class AnswersField(serializers.DictField):
    """Answers to the questions of a visit type: question id -> answer."""

    child = ParagraphField(allow_blank=True)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Limit the number of answers."""
        answers: dict[str, str] = super().to_internal_value(data)
        if len(answers) > _MAX_ANSWERS:
            raise serializers.ValidationError(_("There are too many answers. Send at most 50."))
        return answers
