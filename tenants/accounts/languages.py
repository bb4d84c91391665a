"""The language of a user: that of responses to their requests, and of messages to them."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import translation

from tenants.accounts.audit.changes import field_names
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.locales import Language, language_of
from tenants.current import current_clinic, current_clinic_or_none
from tenants.routing.languages import chosen_in_address, request_language


def use_language_of(user: User, request: HttpRequest) -> None:
    """Write the rest of a response to an API request in the user's language. Staff read English."""
    clinic = current_clinic_or_none()
    if clinic is None:
        return
    is_patient = user.role == User.Role.PATIENT
    code = request_language(request, clinic, stored=user.language) if is_patient else clinic.language_code
    _activate(code)


def use_language_of_visitor(user: User, request: HttpRequest) -> None:
    """Write a page for patients in the language of a signed-in user, and store one chosen in its address.

    Staff who look at these pages read English, unless they choose another language.
    """
    clinic, is_patient = current_clinic(), user.role == User.Role.PATIENT
    chosen = chosen_in_address(request)
    if is_patient and chosen in clinic.patient_languages:
        set_language(user=user, language=chosen)
    stored = user.language if is_patient else Language.ENGLISH.value
    _activate(request_language(request, clinic, stored=stored))


def _activate(code: str) -> None:
    """Activate a language until the request ends, when the middleware restores the one before."""
    if code != translation.get_language():
        translation.activate(code)


def active_language() -> str:
    """Return the language in use, without its region, to store it with a new user."""
    return language_of(translation.get_language())


def message_language(recipient: User | None) -> str:
    """Return Django's code of the language of messages to a user, such as `es-us`.

    It is the patient's own choice if the clinic offers it, else the clinic's default. Staff read English.

    :param recipient: None for somebody who has no account
    """
    clinic = current_clinic()
    if recipient is not None and recipient.role != User.Role.PATIENT:
        return clinic.language_code
    return patient_message_language(recipient.language if recipient is not None else "")


def patient_message_language(language: str) -> str:
    """Return Django's code of the language of messages to a patient who has chosen `language`."""
    clinic = current_clinic()
    return clinic.code_of(language if language in clinic.patient_languages else clinic.default_language)


@transaction.atomic
def set_language(*, user: User, language: str) -> None:
    """Store the language that a user has chosen for pages and messages, if it is a new one."""
    if User.objects.filter(pk=user.pk, is_active=True).exclude(language=language).update(language=language):
        write_audit_entries(
            what=AuditAction.CHANGED, by=user, about=[user], changes=field_names(["language"])
        )
    user.language = language


def keep_language_used(user: User) -> None:
    """Store the language in use with a patient who signs in and has not chosen one yet."""
    if user.role == User.Role.PATIENT and not user.language and len(current_clinic().patient_languages) > 1:
        set_language(user=user, language=active_language())
