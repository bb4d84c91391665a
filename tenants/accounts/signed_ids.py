"""Signed tokens for links in emails. A token is a row's id, signed for one purpose at one clinic.

Tokens are made when the email is written and never stored, so a database dump contains no working link.
"""

import uuid

from django.core.signing import BadSignature, Signer

from tenants.base.errors import DomainError
from tenants.current import current_clinic


def sign_id(row_id: uuid.UUID, *, purpose: str) -> str:
    """Return the token for a row of the current clinic."""
    return _signer(purpose).sign(row_id.hex)


def read_id(token: str, *, purpose: str, refusal: type[DomainError]) -> uuid.UUID:
    """Return the id in a token.

    :raises DomainError: `refusal`, if the signature is invalid, or for another purpose or clinic
    """
    try:
        return uuid.UUID(_signer(purpose).unsign(token))
    except (BadSignature, ValueError) as error:
        raise refusal from error


def _signer(purpose: str) -> Signer:
    return Signer(sep=".", salt=f"{purpose} at {current_clinic().pk}")
