"""Text fields of serializers."""

import pytest
from rest_framework.serializers import ValidationError

from tenants.base.fields import LineField, ParagraphField


@pytest.mark.parametrize("text", ["Ann\r\nBcc: x@example", "Ann\u2028Lee", "Ann\x1b[2J"])
def test_a_line_field_rejects_line_breaks_and_control_characters(text: str) -> None:
    with pytest.raises(ValidationError):
        LineField().run_validation(text)


def test_a_paragraph_field_accepts_line_breaks() -> None:
    assert ParagraphField().run_validation("First\nsecond") == "First\nsecond"
