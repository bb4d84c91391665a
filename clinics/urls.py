"""URLs of the clinic and its people, below `/api/`."""

from django.urls import path

from clinics.api.dependants import DependantsView, DependantView
from clinics.api.email_code import EmailCodeSignInView
from clinics.api.home_page import HomePageView, LegalPageView, PictureView
from clinics.api.invitations import InvitationAcceptView, InvitationView
from clinics.api.photos import OwnPhotoView, PhotoView
from clinics.api.views import ClinicView, ProfileView, RegisterView

urlpatterns = [
    path("auth/invitations/show/", InvitationView.as_view(), name="invitation"),
    path("auth/invitations/accept/", InvitationAcceptView.as_view(), name="invitation-accept"),
    path("clinic/", ClinicView.as_view(), name="clinic"),
    path("clinic/home/", HomePageView.as_view(), name="clinic-home"),
    path("clinic/legal/<str:kind>/", LegalPageView.as_view(), name="clinic-legal"),
    path("clinic/pictures/<str:name>", PictureView.as_view(), name="clinic-picture"),
    path("auth/email-code/sign-in/", EmailCodeSignInView.as_view(), name="email-code-sign-in"),
    path("auth/register/", RegisterView.as_view(), name="register"),
    path("users/dependants/", DependantsView.as_view(), name="dependants"),
    path("users/dependants/<uuid:dependant_id>/", DependantView.as_view(), name="dependant"),
    path("auth/profile/", ProfileView.as_view(), name="profile"),
    path("portal/profile/photo/", OwnPhotoView.as_view(), name="portal-photo"),
    path("users/doctors/<uuid:doctor_id>/photo/<str:name>.jpg", PhotoView.as_view(), name="doctor-photo"),
]
