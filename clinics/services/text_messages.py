"""Consent to text messages: given and withdrawn by patients and staff, and by answering STOP or START."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Patient, SmsSettings, StoppedNumber
from clinics.selectors import is_number_stopped
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.phone_numbers import number_digest


@transaction.atomic
def set_sms_consent(*, patient: Patient, wanted: bool, by: User | None, now: datetime) -> None:
    """Record that a patient agrees to text messages, or no longer does. It is written to the audit log.

    :raises InvalidInput: the owner of the number has stopped text messages, and has to send START first
    """
    if wanted == (patient.sms_consent_at is not None):
        return
    if wanted and is_number_stopped(patient.phone):
        raise InvalidInput(
            errors={
                "sms_consent": [
                    _("Text messages to this number were stopped with STOP. Answer one of them with START.")
                ]
            }
        )
    patient.sms_consent_at = now if wanted else None
    patient.save(update_fields=["sms_consent_at"])
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=[patient], changes={"sms_consent_at": None})


@transaction.atomic
def stop_text_messages(*, number: str) -> int:
    """Stop text messages to a number, for every account that has it now or later.

    :return: the number of accounts for which they were on
    """
    StoppedNumber.objects.bulk_create([StoppedNumber(digest=number_digest(number))], ignore_conflicts=True)
    return Patient.objects.filter(phone=number).exclude(sms_consent_at=None).update(sms_consent_at=None)


@transaction.atomic
def resume_text_messages(*, number: str, now: datetime) -> int:
    """Switch text messages on for the accounts with a number whose owner asks for them with START.

    :return: the number of accounts
    """
    StoppedNumber.objects.filter(digest=number_digest(number)).delete()
    accounts = Patient.objects.known().filter(phone=number, user__isnull=False)
    return accounts.update(sms_consent_at=now, undeliverable_phone="")


def mark_phone_undeliverable(*, patient: Patient, digest: str) -> None:
    """Record that a text message could not be delivered, if the patient still has the number.

    :param digest: the `number_digest` of the number that it was sent to
    """
    if patient.phone and number_digest(patient.phone) == digest:
        Patient.objects.filter(pk=patient.pk, phone=patient.phone).update(undeliverable_phone=patient.phone)


def switch_sms_off_after_restore() -> None:
    """Switch text messages of a restored clinic off: the exported clinic sends them."""
    SmsSettings.objects.update(is_on=False)
