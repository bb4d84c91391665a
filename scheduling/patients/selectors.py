"""The patients whose records a user may read, and the condition of the patient search."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinics.models import Patient
from scheduling.models import Booking
from tenants.accounts.models import User


def visible_patients(user: User) -> QuerySet[Patient]:
    """The patients whose records `user` may read, by name: all for the front desk, their own for doctors."""
    patients: QuerySet[Patient] = (
        Patient.objects.known().select_related("user").order_by("last_name", "first_name", "id")
    )
    if user.is_front_desk:
        return patients
    with_them = Booking.objects.filter(patient=OuterRef("pk"), doctor__user=user)
    return patients.filter(Exists(with_them))


def search_condition(text: str) -> Q:
    """Condition on a patient: every word of the search is in their name, telephone number or email."""
    condition = Q()
    for word in text.split():
        condition &= (
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(phone__icontains=word)
            | Q(user__email__icontains=word)
        )
    return condition
