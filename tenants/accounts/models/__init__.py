"""Models of the accounts app."""

from tenants.accounts.models.audit_batch import AuditBatch
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.accounts.models.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.models.email_change import EmailChange
from tenants.accounts.models.email_code import EmailCode
from tenants.accounts.models.invitation import Invitation
from tenants.accounts.models.users import (
    AttemptCounter,
    EmailVerification,
    PasswordReset,
    RefreshToken,
    User,
    UserManager,
    UserSession,
)

__all__ = [
    "AttemptCounter",
    "AuditBatch",
    "AuditEntry",
    "Authenticator",
    "EmailChange",
    "EmailCode",
    "EmailVerification",
    "Invitation",
    "PasswordReset",
    "RecoveryCodes",
    "RefreshToken",
    "User",
    "UserManager",
    "UserSession",
]
