"""A visit by telephone needs a number at which the clinic reaches the patient."""

from clinics.models import Patient
from clinics.selectors import telephone_numbers
from scheduling.errors import PhoneRequired
from scheduling.models import Booking, VisitType


def check_phone(visit_type: VisitType | None, *, patient: Patient, moving: Booking | None = None) -> None:
    """Check that the clinic can call the patient, or a carer, if the visit is by telephone.

    Every path to a booking calls this. A hold does not need the number yet: it is asked for with the other
    details. A visit by telephone that is moved stays possible without one, because it was booked already.

    :param moving: the booking that is moved; None for a new one
    :raises PhoneRequired: the visit is by telephone, and neither of them has a valid number
    """
    by_phone = visit_type is not None and visit_type.mode == VisitType.Mode.PHONE
    if moving is not None and moving.visit_type == visit_type:
        return
    if by_phone and not telephone_numbers(patient):
        raise PhoneRequired
