"""Reads the codes that the installation has emailed."""

import email
import email.policy
import os
import re
from pathlib import Path

from tests.factories.waiting import wait_until


def code_sent_to(address: str, *, number: int = 1, folder: Path | None = None) -> str:
    """Wait for the code that was emailed to `address` for the `number`-th time and return it.

    :param folder: where the emails are, by default those of this test run
    """
    folder = folder or Path(os.environ["MAIL_DIR"])

    def codes() -> list[str]:
        files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime)
        mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        ours = [mail for mail in mails if address in str(mail["To"])]
        texts = [str(mail.get_body(("plain",)).get_content()) for mail in ours]  # type: ignore[union-attr]
        return [found for text in texts for found in re.findall(r"^\d{6}(?=\s)", text, re.MULTILINE)]

    wait_until(lambda: len(codes()) >= number, f"{number} code(s) to {address}")
    return codes()[number - 1]
