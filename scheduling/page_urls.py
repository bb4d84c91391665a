"""URLs of the pages for finding a doctor and a time, booking and appointments."""

from django.urls import path

from clinics.pages.web_app import web_app
from scheduling.availability.pages.doctors import doctor_page, doctors_page, first_available_page

from scheduling.bookings.pages.check import check_page
from scheduling.bookings.pages.choose import choose_time
from scheduling.bookings.pages.details import details_page

urlpatterns = [
    path("", doctors_page, name="home"),
    path("doctors", doctors_page, name="doctors-page"),
    path("doctors/<uuid:doctor_id>", doctor_page, name="doctor-page"),
    path("first-available", first_available_page, name="first-available-page"),
    path("book", choose_time, name="choose-time"),
    path("booking/<uuid:slot_id>", details_page, name="booking-details-page"),
    path("booking/<uuid:slot_id>/check", check_page, name="booking-check-page"),
    path("appointments", web_app, name="appointments-page"),
    path("appointments/<uuid:booking_id>", web_app, name="appointment-page"),
    path("appointments/<uuid:booking_id>/cancel", web_app, name="cancel-page"),
    path("appointments/<uuid:booking_id>/move", web_app, name="move-page"),
    path("appointments/<uuid:booking_id>/move/<uuid:slot_id>", web_app, name="confirm-move-page"),
    path("waiting-list", web_app, name="waiting-list-page"),
]
