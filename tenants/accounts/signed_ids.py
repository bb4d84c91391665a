"""What the link of a mail carries: the id of the row it is about, signed for one purpose at one clinic.

Nothing that is stored opens anything: the token is made when the mail is written.
"""

import uuid

from django.core.signing import BadSignature, Signer

from tenants.base.errors import DomainError
from tenants.door import current_clinic


def sign_id(row_id: uuid.UUID, *, purpose: str) -> str:
    """The token for a row of the current clinic."""
    return _signer(purpose).sign(row_id.hex)


def read_id(token: str, *, purpose: str, refusal: type[DomainError]) -> uuid.UUID:
    """The id in a token.

    :raises DomainError: `refusal`: it is not one of ours, for something else, or another clinic's
    """
    try:
        return uuid.UUID(_signer(purpose).unsign(token))
    except (BadSignature, ValueError) as error:
        raise refusal from error


def _signer(purpose: str) -> Signer:
    return Signer(sep=".", salt=f"{purpose} at {current_clinic().pk}")
