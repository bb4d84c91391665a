"""Models of the accounts app."""

from tenants.accounts.models.audit_batch import AuditBatch
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.accounts.models.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.models.invitation import Invitation
from tenants.accounts.models.users import (
    EmailVerification,
    PasswordReset,
    RefreshToken,
    Tries,
    User,
    UserManager,
    UserSession,
)

__all__ = [
    "AuditBatch",
    "AuditEntry",
    "Authenticator",
    "EmailVerification",
    "Invitation",
    "PasswordReset",
    "RecoveryCodes",
    "RefreshToken",
    "Tries",
    "User",
    "UserManager",
    "UserSession",
]
