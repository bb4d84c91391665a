"""URLs of the pages for finding a doctor and a time, booking and appointments."""

from django.urls import path

from scheduling.availability.pages.doctors import doctor_page, doctors_page, first_available_page
from scheduling.bookings.pages.appointment import appointment_page, cancel_page
from scheduling.bookings.pages.check import check_page
from scheduling.bookings.pages.check_in import check_in_page
from scheduling.bookings.pages.choose import choose_time
from scheduling.bookings.pages.code import code_page
from scheduling.bookings.pages.details import details_page
from scheduling.bookings.pages.move import confirm_move_page, move_page
from scheduling.recurring_visits.pages.repeat import repeat_page
from scheduling.waitlist.pages.appointments import appointments_page
from scheduling.waitlist.pages.join import join_waiting_list_page

urlpatterns = [
    path("doctors", doctors_page, name="doctors-page"),
    path("doctors/<uuid:doctor_id>", doctor_page, name="doctor-page"),
    path("first-available", first_available_page, name="first-available-page"),
    path("book", choose_time, name="choose-time"),
    path("booking/<uuid:slot_id>", details_page, name="booking-details-page"),
    path("booking/<uuid:slot_id>/code", code_page, name="booking-code-page"),
    path("booking/<uuid:slot_id>/check", check_page, name="booking-check-page"),
    path("appointments", appointments_page, name="appointments-page"),
    path("appointments/<uuid:booking_id>", appointment_page, name="appointment-page"),
    path("appointments/<uuid:booking_id>/cancel", cancel_page, name="cancel-page"),
    path("appointments/<uuid:booking_id>/move", move_page, name="move-page"),
    path("appointments/<uuid:booking_id>/move/<uuid:slot_id>", confirm_move_page, name="confirm-move-page"),
    path("appointments/<uuid:booking_id>/repeat", repeat_page, name="repeat-page"),
    path("check-in", check_in_page, name="check-in-page"),
    path("waiting-list", join_waiting_list_page, name="waiting-list-page"),
]
