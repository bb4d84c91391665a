"""The patients whose records a user may read."""

from django.db.models import Exists, OuterRef, Q

from clinics.models import Patient
from clinics.models.patients import PatientQuerySet
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctor, IsFrontDesk, IsSelf, rows_allowed_by


@IsSelf.row_rule(Patient)
def _own_records(user: User) -> Q:
    """A patient's own record and those of the patient's dependants."""
    return Q(pk__in=Patient.objects.of_user(user).values("pk"))


@IsDoctor.row_rule(Patient)
def _patients_of_doctor(user: User) -> Q:
    """The patients who have or had a booking with the doctor, also a cancelled one. A hold is no booking."""
    return Q(Exists(Booking.objects.booked().filter(patient=OuterRef("pk"), doctor__user=user)))


@IsFrontDesk.row_rule(Patient)
def _all_patients(user: User) -> Q:
    """Every patient of the clinic. A newcomer who holds a time is nobody's patient yet."""
    return Q(is_newcomer=False)


def visible_patients(user: User) -> PatientQuerySet:
    """The patients whose records `user` may read as a member of staff, by name."""
    patients: PatientQuerySet = (
        Patient.objects.known().select_related("user").order_by("last_name", "first_name", "id")
    )
    return patients.filter(rows_allowed_by(IsFrontDesk, IsDoctor, model=Patient, user=user))
