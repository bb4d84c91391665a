"""URLs of the scheduling API, below `/api/`."""

from django.urls import path

from scheduling.availability.api.doctors import DoctorsView, DoctorView
from scheduling.availability.api.next_free import NextFreeView
from scheduling.availability.api.options import SearchOptionsView
from scheduling.bookings.api.around_visit import BookAgainView, CheckInPageView, OnlineCheckInView
from scheduling.bookings.api.attendance import (
    AttendanceView,
    CancelView,
    CheckInView,
    CompleteView,
    ConfirmView,
    NoShowView,
    RescheduleView,
    StartView,
)
from scheduling.bookings.api.available import AvailableOrMovableView, NearestTimesView, OpenDaysView
from scheduling.bookings.api.bookings import BookingsView, BookingView, MyBookingsView
from scheduling.bookings.api.holds import HoldsView, HoldView
from scheduling.bookings.api.panel import BookingPanelView, StepsView, UndoView
from scheduling.bookings.api.questions import QuestionsView
from scheduling.clock_report.api import ClockReportView
from scheduling.explain.api import ExplainView
from scheduling.merging.api.merge import MergePreviewView, MergeView, UndoMergeView
from scheduling.moving.api.views import MoveView, UndoMoveView, WhyNotView
from scheduling.outside_calendars.api import (
    OutsideCalendarsView,
    OutsideCalendarView,
    RefreshOutsideCalendarView,
    TestOutsideCalendarView,
)
from scheduling.patients.api import PatientsView, PatientView
from scheduling.patients.portal_api import PortalPatientsView, PortalPatientView
from scheduling.recurring_visits.api.series import (
    CancelSeriesPreviewView,
    CancelSeriesView,
    SeriesListView,
    SeriesView,
)
from scheduling.schedule_changes.api import (
    DeactivateDoctorPreviewView,
    DeactivateDoctorView,
    ExceptionPreviewView,
    ExceptionsView,
    WorkingHoursPreviewView,
    WorkingHoursView,
)
from scheduling.schedule_changes.bookable_api import BookableView
from scheduling.schedule_changes.day_times_api import ScheduleDaysView, TimesPreviewView
from scheduling.slots.api.changed_slots import ChangedSlotsView
from scheduling.slots.api.schedule import AvailabilityView, MyAppointmentsView, RestoreSlotView, SlotView
from scheduling.staff_calendar.api.calendar import CalendarView
from scheduling.staff_calendar.api.doctors import PortalDoctorsView
from scheduling.staff_home.api.board import BoardView
from scheduling.staff_home.api.dashboard import DashboardView
from scheduling.staff_home.api.patients import PatientHistoryView, PatientVisitsView
from scheduling.time_off.api.absences import AbsencePreviewView, AbsencesView
from scheduling.time_off.api.time_off import HolidaysView, PreviewView, TimeOffsView, TimeOffView
from scheduling.visit_chains.api.chains import BookChainView, ChainsView, ChainTimesView
from scheduling.visit_notes.api import VisitNotesView
from scheduling.visit_types.portal_api import ChoicesView
from scheduling.waitlist.api.portal import PortalWaitlistOfferView, PortalWaitlistView
from scheduling.waitlist.api.possible import WaitingPossibleView
from scheduling.waitlist.api.waitlist import (
    AcceptView,
    DeclineView,
    WaitlistEntryView,
    WaitlistView,
    WithdrawView,
)

urlpatterns = [
    path("users/doctors/", DoctorsView.as_view(), name="doctors"),
    path("users/doctors/<uuid:doctor_id>/", DoctorView.as_view(), name="doctor"),
    path(
        "users/doctors/<uuid:doctor_id>/deactivate/",
        DeactivateDoctorView.as_view(),
        name="deactivate-doctor",
    ),
    path(
        "users/doctors/<uuid:doctor_id>/deactivate/preview/",
        DeactivateDoctorPreviewView.as_view(),
        name="preview-deactivate-doctor",
    ),
    path("users/patients/", PatientsView.as_view(), name="patients"),
    path("users/patients/<uuid:patient_id>/", PatientView.as_view(), name="patient"),
    path("portal/patients/<uuid:patient_id>/merge/", MergeView.as_view(), name="merge-patients"),
    path(
        "portal/patients/<uuid:patient_id>/merge/preview/",
        MergePreviewView.as_view(),
        name="preview-merge-patients",
    ),
    path(
        "portal/patients/<uuid:patient_id>/merge/undo/", UndoMergeView.as_view(), name="undo-merge-patients"
    ),
    path("appointments/available/", AvailableOrMovableView.as_view(), name="available"),
    path("appointments/available/days/", OpenDaysView.as_view(), name="open-days"),
    path("appointments/available/filters/", SearchOptionsView.as_view(), name="search-options"),
    path("appointments/available/nearest/", NearestTimesView.as_view(), name="nearest-times"),
    path("appointments/clock-report/", ClockReportView.as_view(), name="clock-report"),
    path("appointments/explain/", ExplainView.as_view(), name="explain"),
    path("appointments/bookings/", BookingsView.as_view(), name="bookings"),
    path("appointments/bookings/<uuid:booking_id>/", BookingView.as_view(), name="booking"),
    path("appointments/bookings/<uuid:booking_id>/cancel/", CancelView.as_view(), name="cancel-booking"),
    path(
        "appointments/bookings/<uuid:booking_id>/reschedule/",
        RescheduleView.as_view(),
        name="reschedule-booking",
    ),
    path(
        "appointments/bookings/<uuid:booking_id>/questions/",
        QuestionsView.as_view(),
        name="booking-questions",
    ),
    path(
        "appointments/bookings/<uuid:booking_id>/attendance/",
        AttendanceView.as_view(),
        name="confirm-attendance",
    ),
    path("appointments/bookings/<uuid:booking_id>/again/", BookAgainView.as_view(), name="book-again"),
    path(
        "appointments/bookings/<uuid:booking_id>/online-check-in/",
        OnlineCheckInView.as_view(),
        name="online-check-in",
    ),
    path("appointments/check-in/", CheckInPageView.as_view(), name="visits-to-check-in"),
    path("appointments/bookings/<uuid:booking_id>/confirm/", ConfirmView.as_view(), name="confirm-booking"),
    path("appointments/bookings/<uuid:booking_id>/check-in/", CheckInView.as_view(), name="check-in"),
    path("appointments/bookings/<uuid:booking_id>/complete/", CompleteView.as_view(), name="complete"),
    path("appointments/bookings/<uuid:booking_id>/no-show/", NoShowView.as_view(), name="no-show"),
    path("portal/bookings/steps/", StepsView.as_view(), name="portal-steps"),
    path("portal/bookings/<uuid:booking_id>/", BookingPanelView.as_view(), name="portal-booking"),
    path("portal/bookings/<uuid:booking_id>/start/", StartView.as_view(), name="portal-start"),
    path("portal/bookings/<uuid:booking_id>/undo/", UndoView.as_view(), name="portal-undo"),
    path("portal/bookings/<uuid:booking_id>/notes/", VisitNotesView.as_view(), name="portal-notes"),
    path("appointments/series/", SeriesListView.as_view(), name="series-list"),
    path("appointments/series/<uuid:series_id>/", SeriesView.as_view(), name="series"),
    path("appointments/series/<uuid:series_id>/cancel/", CancelSeriesView.as_view(), name="cancel-series"),
    path(
        "appointments/series/<uuid:series_id>/cancel/preview/",
        CancelSeriesPreviewView.as_view(),
        name="cancel-series-preview",
    ),
    path("appointments/chains/", ChainsView.as_view(), name="chains"),
    path("appointments/chains/<uuid:chain_id>/available/", ChainTimesView.as_view(), name="chain-times"),
    path("appointments/chains/<uuid:chain_id>/book/", BookChainView.as_view(), name="book-chain"),
    path("appointments/holds/", HoldsView.as_view(), name="holds"),
    path("appointments/holds/<uuid:hold_id>/", HoldView.as_view(), name="hold"),
    path("appointments/waitlist/", WaitlistView.as_view(), name="waitlist"),
    path("appointments/waitlist/possible/", WaitingPossibleView.as_view(), name="waiting-possible"),
    path("appointments/waitlist/<uuid:entry_id>/", WaitlistEntryView.as_view(), name="waitlist-entry"),
    path("appointments/waitlist/offers/<uuid:offer_id>/accept/", AcceptView.as_view(), name="accept-offer"),
    path(
        "appointments/waitlist/offers/<uuid:offer_id>/decline/", DeclineView.as_view(), name="decline-offer"
    ),
    path(
        "appointments/waitlist/offers/<uuid:offer_id>/withdraw/",
        WithdrawView.as_view(),
        name="withdraw-offer",
    ),
    path("appointments/my-bookings/", MyBookingsView.as_view(), name="my-bookings"),
    path("appointments/my-appointments/", MyAppointmentsView.as_view(), name="my-appointments"),
    path("appointments/availability/", AvailabilityView.as_view(), name="availability"),
    path("appointments/slots/<uuid:slot_id>/", SlotView.as_view(), name="slot"),
    path("appointments/slots/<uuid:slot_id>/restore/", RestoreSlotView.as_view(), name="restore-slot"),
    path("appointments/working-hours/", WorkingHoursView.as_view(), name="working-hours"),
    path(
        "appointments/working-hours/preview/",
        WorkingHoursPreviewView.as_view(),
        name="preview-working-hours",
    ),
    path("appointments/exceptions/", ExceptionsView.as_view(), name="exceptions"),
    path("appointments/exceptions/preview/", ExceptionPreviewView.as_view(), name="preview-exception"),
    path("appointments/time-off/", TimeOffsView.as_view(), name="time-off"),
    path("appointments/time-off/preview/", PreviewView.as_view(), name="preview-time-off"),
    path("appointments/time-off/<uuid:time_off_id>/", TimeOffView.as_view(), name="one-time-off"),
    path("portal/calendar/", CalendarView.as_view(), name="portal-calendar"),
    path("portal/doctors/", PortalDoctorsView.as_view(), name="portal-doctors"),
    path("portal/absences/", AbsencesView.as_view(), name="absences"),
    path("portal/absences/preview/", AbsencePreviewView.as_view(), name="preview-absence"),
    path("portal/outside-calendars/", OutsideCalendarsView.as_view(), name="outside-calendars"),
    path("portal/outside-calendars/test/", TestOutsideCalendarView.as_view(), name="test-outside-calendar"),
    path(
        "portal/outside-calendars/<uuid:calendar_id>/", OutsideCalendarView.as_view(), name="outside-calendar"
    ),
    path(
        "portal/outside-calendars/<uuid:calendar_id>/refresh/",
        RefreshOutsideCalendarView.as_view(),
        name="refresh-outside-calendar",
    ),
    path("appointments/holidays/", HolidaysView.as_view(), name="holidays"),
    path("portal/bookings/<uuid:booking_id>/move/", MoveView.as_view(), name="portal-move"),
    path("portal/bookings/<uuid:booking_id>/move/undo/", UndoMoveView.as_view(), name="portal-undo-move"),
    path("portal/why-not/", WhyNotView.as_view(), name="portal-why-not"),
    path("portal/hours/days/", ScheduleDaysView.as_view(), name="portal-hours-days"),
    path("portal/hours/preview-times/", TimesPreviewView.as_view(), name="portal-preview-times"),
    path("portal/bookable/", BookableView.as_view(), name="portal-bookable"),
    path("portal/slots/", ChangedSlotsView.as_view(), name="portal-slots"),
    path("portal/patients/", PortalPatientsView.as_view(), name="portal-patients"),
    path("portal/patients/<uuid:patient_id>/", PortalPatientView.as_view(), name="portal-patient"),
    path("portal/waitlist/", PortalWaitlistView.as_view(), name="portal-waitlist"),
    path(
        "portal/waitlist/<uuid:entry_id>/offer/",
        PortalWaitlistOfferView.as_view(),
        name="portal-waitlist-offer",
    ),
    path("portal/choices/", ChoicesView.as_view(), name="portal-choices"),
    path("portal/next-free/", NextFreeView.as_view(), name="portal-next-free"),
    path("portal/board/", BoardView.as_view(), name="portal-board"),
    path("portal/dashboard/", DashboardView.as_view(), name="portal-dashboard"),
    path("portal/patient-visits/", PatientVisitsView.as_view(), name="portal-patient-visits"),
    path(
        "portal/patients/<uuid:patient_id>/visits/",
        PatientHistoryView.as_view(),
        name="portal-patient-history",
    ),
]
