"""Text at the edge."""

import pytest
from rest_framework.serializers import ValidationError

from tenants.base.fields import Line, Paragraph


@pytest.mark.parametrize("text", ["Ann\r\nBcc: x@example", "Ann\u2028Lee", "Ann\x1b[2J"])
def test_a_line_holds_no_line_end_and_no_control_character(text: str) -> None:
    with pytest.raises(ValidationError):
        Line().run_validation(text)


def test_a_paragraph_holds_line_ends() -> None:
    assert Paragraph().run_validation("First\nsecond") == "First\nsecond"
