"""Register patients, add doctors and change profiles."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from clinics.models import Doctor, Patient, Specialty
from clinics.selectors import get_profile
from clinics.services.booking_rules import announce_rules_change
from clinics.services.patient_changes import record_patient_change
from clinics.services.text_messages import set_sms_consent
from tenants.accounts.active_account import lock_active_account
from tenants.accounts.audit.changes import field_names
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.email_verification.services import send_verification
from tenants.accounts.languages import set_language
from tenants.accounts.models import User
from tenants.accounts.sessions.services import Session, start_session
from tenants.accounts.users import create_user


@transaction.atomic
def register_patient(
    *,
    email: str,
    password: str | None,
    first_name: str,
    last_name: str,
    phone: str = "",
    date_of_birth: date | None = None,
    confirmed_at: datetime | None = None,
    language: str = "",
) -> Patient:
    """Create a patient with a user account.

    :param password: None for an account that signs in with codes sent by email
    :param confirmed_at: when the patient proved that they read emails to this address; None if they have not
    :param language: the language of pages and messages for the patient; "" for the clinic's default
    :raises InvalidInput: the password is too weak
    :raises EmailTaken: `confirmed_at` is given, and the address belongs to another account
    """
    user = create_user(
        email=email,
        password=password,
        first_name=first_name,
        last_name=last_name,
        role=User.Role.PATIENT,
        phone=phone,
        confirmed_at=confirmed_at,
        language=language,
    )
    patient: Patient = Patient.objects.create(
        user=user, first_name=first_name, last_name=last_name, phone=phone, date_of_birth=date_of_birth
    )
    record_patient_change(patient)
    return patient


@transaction.atomic
def sign_up_patient(*, now: datetime, **person: Any) -> Session:
    """Register a patient, start a session, and have a worker write to the address.

    Known and new addresses take the same steps here, so neither the response nor its time tells whether the
    address has an account. The worker emails a link to confirm a new address, and tells the owner of a known
    one that somebody tried to register with it.

    :param person: the arguments of `register_patient`
    :raises InvalidInput: the password is too weak
    """
    user = register_patient(**person).user
    assert user is not None  # noqa: S101  it was created with the patient
    send_verification(user=user, now=now)
    return start_session(user=user, now=now)


@transaction.atomic
def add_doctor(
    *, name: str, title: str = "", user: User | None = None, specialties: Iterable[str] = (), **details: Any
) -> Doctor:
    """Create a doctor. Without `user`, the front desk manages the doctor's schedule.

    :param specialties: codes of the clinic's specialties
    :param details: further fields of `Doctor`
    """
    doctor = Doctor.objects.create(name=name, title=title, user=user, **details)
    doctor.specialties.set(Specialty.objects.filter(code__in=list(specialties)))
    return doctor


@transaction.atomic
def update_profile(
    *,
    user: User,
    person: Mapping[str, Any],
    profile: Mapping[str, Any],
    sms_consent: bool | None = None,
    language: str | None = None,
    now: datetime | None = None,
) -> User:
    """Change a user's own account and profile.

    :param person: name and telephone number of the account
    :param profile: fields of the patient's or doctor's record; ignored if the user has neither
    :param sms_consent: whether the patient agrees to text messages, from `now` on; None: as before
    :param language: the language of pages and messages; None: as before
    :raises InvalidInput: the number's owner has stopped text messages with STOP
    :raises SessionEnded: the account was closed meanwhile
    """
    lock_active_account(user)
    changes = {**profile, **(person if user.role == User.Role.PATIENT else {})}
    _store(user, person)
    record = get_profile(user)
    if record is not None:
        _store(record, changes)
    if isinstance(record, Patient) and changes:
        record_patient_change(record)
    if isinstance(record, Patient) and sms_consent is not None and now is not None:
        set_sms_consent(patient=record, wanted=sms_consent, by=user, now=now)
    if language is not None:
        set_language(user=user, language=language)
    if isinstance(record, Doctor) and "accepting_new_patients" in changes:
        announce_rules_change(record)
    if person or changes:
        write_audit_entries(
            what=AuditAction.CHANGED,
            by=user,
            about=[user, *([record] if record else [])],
            changes=field_names([*person, *changes]),
        )
    return user


def _store(row: User | Doctor | Patient, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.save(update_fields=list(changes))
