"""Read and write the note of a visit, with an entry in the audit log."""

import uuid
from datetime import datetime

from django.db import transaction

from clinics.models import Patient
from scheduling.bookings.access import find_booking
from scheduling.models import Booking, VisitNote
from scheduling.visit_notes.errors import NoteChanged
from scheduling.visit_notes.selectors import versions_of
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.constraints import insert_unless_taken
from tenants.base.errors import NotFound


def open_note(*, booking_id: uuid.UUID, by: User) -> list[VisitNote]:
    """Return the versions of a note, the latest first, for `by` to read. The read is recorded.

    :param by: a doctor
    :raises NotFound: the booking does not exist, or is not with the doctor
    """
    booking = find_booking(booking_id=booking_id, by=by)
    versions = list(versions_of(booking))
    write_audit_entries(what=AuditAction.READ, by=by, about=[*versions[:1], booking.patient])
    return versions


def save_note(*, booking: Booking, based_on: int, text: str, by: User, now: datetime) -> list[VisitNote]:
    """Add a version to the note of a visit, and return all, the latest first. A text as before adds none.

    :param based_on: the version that was changed; 0 if there was none
    :param by: the booking's doctor, as `find_booking` has checked
    :raises NoteChanged: another version was saved since
    :raises NotFound: the patient has been erased
    """
    with transaction.atomic():
        # The lock makes erasing the patient wait, so that no text is saved after it.
        known = Patient.objects.known().select_for_update(no_key=True).filter(pk=booking.patient_id)
        if not known.exists():
            raise NotFound
        versions = list(versions_of(booking))
        latest = versions[0] if versions else None
        if based_on != (latest.version if latest else 0):
            raise NoteChanged
        if text == (latest.text if latest else ""):
            return versions
        note = VisitNote(booking=booking, version=based_on + 1, text=text, by=by, created_at=now)
        if not insert_unless_taken(note):
            raise NoteChanged
        what = AuditAction.CHANGED if latest else AuditAction.ADDED
        write_audit_entries(what=what, by=by, about=[note, booking.patient])
        return [note, *versions]
