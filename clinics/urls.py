"""The clinic and its people, below `/api/`."""

from django.urls import path

from clinics.api.views import ClinicView, ProfileView, RegisterView

urlpatterns = [
    path("clinic/", ClinicView.as_view(), name="clinic"),
    path("auth/register/", RegisterView.as_view(), name="register"),
    path("auth/profile/", ProfileView.as_view(), name="profile"),
]
