"""What the schedule is made of."""

from scheduling.models.bookings import Booking, BookingEvent, IdempotentAnswer
from scheduling.models.closings import Closing
from scheduling.models.hours import DatedException, ExceptionInterval, WorkingHours
from scheduling.models.slots import Slot

__all__ = [
    "Booking",
    "BookingEvent",
    "Closing",
    "DatedException",
    "ExceptionInterval",
    "IdempotentAnswer",
    "Slot",
    "WorkingHours",
]
