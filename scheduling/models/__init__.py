"""The models of the schedule."""

from scheduling.models.account_closures import Closing
from scheduling.models.bookings import Booking, BookingEvent, BookingQuerySet, IdempotentAnswer
from scheduling.models.hours import DatedException, ExceptionInterval, WorkingHours
from scheduling.models.next_open import NextOpen
from scheduling.models.outside_calendars import BusyPeriod, OutsideCalendar
from scheduling.models.places import Place, Room
from scheduling.models.series import Series
from scheduling.models.slots import Slot
from scheduling.models.time_off import HolidayChoice, TimeOff, TimeOffEffect
from scheduling.models.visit_notes import VisitNote
from scheduling.models.visit_types import Chain, ChainStep, IntakeQuestion, VisitType
from scheduling.models.waitlist import WaitlistEntry, WaitlistOffer

__all__ = [
    "Booking",
    "BookingEvent",
    "BookingQuerySet",
    "BusyPeriod",
    "Chain",
    "ChainStep",
    "Closing",
    "DatedException",
    "ExceptionInterval",
    "HolidayChoice",
    "IdempotentAnswer",
    "IntakeQuestion",
    "NextOpen",
    "OutsideCalendar",
    "Place",
    "Room",
    "Series",
    "Slot",
    "TimeOff",
    "TimeOffEffect",
    "VisitNote",
    "VisitType",
    "WaitlistEntry",
    "WaitlistOffer",
    "WorkingHours",
]
