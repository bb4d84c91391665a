"""Register a patient at the front desk, for example during a call, and change a patient's record there."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clinics.errors import PossibleDuplicates
from clinics.models import ClinicSettings, Patient
from clinics.patient_lookup import fold, has_digits
from clinics.services.patient_changes import record_patient_change
from tenants.accounts.audit.changes import field_names
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.email_verification.services import send_verification
from tenants.accounts.models import User
from tenants.accounts.users import create_user
from tenants.base.errors import InvalidInput, NotFound

_SIMILAR = 0.75
"""The ratio of equal letters from which two names count as alike, since one may have been misheard."""
_MAX_DUPLICATES = 10


@transaction.atomic
def register_caller(
    *, details: Mapping[str, Any], email: str = "", duplicate_ok: bool = False, by: User, now: datetime
) -> Patient:
    """Create a patient for the front desk.

    With an email address the patient gets an account without a password, messages, and a link to confirm the
    address.

    :param details: fields of `Patient`
    :param duplicate_ok: whether to create the record although a similar one exists
    :raises PossibleDuplicates: there are similar records
    """
    # Lock, so that two desks that register the same caller at once do not both find no similar record.
    ClinicSettings.objects.select_for_update(no_key=True).only("pk").get()
    if not duplicate_ok and (found := _similar_patients(**details, email=email)):
        raise PossibleDuplicates(found)
    patient: Patient = Patient.objects.create(**details)
    if email:
        _add_account(patient, email=email, now=now)
    record_patient_change(patient)
    write_audit_entries(what=AuditAction.ADDED, by=by, about=[patient])
    return patient


@transaction.atomic
def change_at_desk(
    *, patient_id: uuid.UUID, details: Mapping[str, Any], email: str = "", by: User, now: datetime
) -> Patient:
    """Change a patient's name, date of birth or telephone number; add an email address if there is none.

    :param details: fields of `Patient`
    :raises NotFound: the patient does not exist
    :raises InvalidInput: the patient has an account, whose address only they can change
    """
    patient = Patient.objects.known().select_for_update(no_key=True).filter(pk=patient_id).first()
    if patient is None:
        raise NotFound
    if email and patient.user is not None:
        message = _("This patient has an account. Only the patient can change its email address.")
        raise InvalidInput(errors={"email": [message]})
    for name, value in details.items():
        setattr(patient, name, value)
    if details:
        patient.save(update_fields=list(details))
    if patient.user is not None and (of_user := {"first_name", "last_name", "phone"} & details.keys()):
        for name in of_user:
            setattr(patient.user, name, details[name])
        patient.user.save(update_fields=sorted(of_user))
    if email:
        _add_account(patient, email=email, now=now)
    changed = [*details, *(["email"] if email else [])]
    if changed:
        record_patient_change(patient)
        write_audit_entries(what=AuditAction.CHANGED, by=by, about=[patient], changes=field_names(changed))
    return patient


def _similar_patients(
    *,
    first_name: str,
    last_name: str,
    date_of_birth: date | None = None,
    phone: str = "",
    email: str = "",
) -> list[Patient]:
    """Return the patients who may be the same person, by name.

    They were born on the same day and have a similar name, or they have the same telephone number or email
    address. Members of a family share those, so the front desk decides.
    """
    condition = Q(pk__in=[])
    if date_of_birth:
        condition |= Q(date_of_birth=date_of_birth)
    if phone:
        condition |= has_digits(phone.removeprefix("+"))
    if email:
        condition |= Q(user__email=email.strip().lower())
    found = Patient.objects.known().select_related("user").filter(condition)
    name = fold(f"{first_name} {last_name}")
    same = [
        patient
        for patient in found.order_by("last_name", "first_name", "id")
        if (phone and patient.phone == phone)
        or (email and patient.user and patient.user.email == email.strip().lower())
        or (patient.date_of_birth == date_of_birth and _is_similar(name, fold(patient.full_name)))
    ]
    return same[:_MAX_DUPLICATES]


def _is_similar(name: str, other: str) -> bool:
    """Whether two folded names are alike, in any order of their words."""
    return any(
        SequenceMatcher(None, name, written).ratio() >= _SIMILAR for written in (other, _reversed(other))
    )


def _reversed(name: str) -> str:
    return " ".join(reversed(name.split()))


def _add_account(patient: Patient, *, email: str, now: datetime) -> None:
    """Give the patient an account, so that messages reach them. They choose a password with a reset link."""
    user = create_user(
        email=email,
        password=None,
        first_name=patient.first_name,
        last_name=patient.last_name,
        role=User.Role.PATIENT,
        phone=patient.phone,
    )
    patient.user = user
    patient.save(update_fields=["user"])
    send_verification(user=user, now=now)
