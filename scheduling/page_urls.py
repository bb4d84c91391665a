"""URLs of the pages for finding a doctor and a time, booking and appointments."""

from django.urls import path

from clinics.pages.web_app import web_app

urlpatterns = [
    path("doctors", web_app, name="doctors-page"),
    path("doctors/<uuid:doctor_id>", web_app, name="doctor-page"),
    path("first-available", web_app, name="first-available-page"),
    path("booking/<uuid:slot_id>", web_app, name="booking-details-page"),
    path("booking/<uuid:slot_id>/check", web_app, name="booking-check-page"),
    path("appointments", web_app, name="appointments-page"),
    path("appointments/<uuid:booking_id>", web_app, name="appointment-page"),
    path("appointments/<uuid:booking_id>/cancel", web_app, name="cancel-page"),
    path("appointments/<uuid:booking_id>/move", web_app, name="move-page"),
    path("appointments/<uuid:booking_id>/move/<uuid:slot_id>", web_app, name="confirm-move-page"),
    path("waiting-list", web_app, name="waiting-list-page"),
    path("sign-in", web_app),
    path("register", web_app),
    path("profile", web_app),
    path("profile/data", web_app),
]
