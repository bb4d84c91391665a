"""A clinic's addresses and a view that does nothing, to measure Django, middleware and server alone."""

from django.urls import path

from config.urls_clinic import urlpatterns as clinic_urls
from tests.benchmarks.static_view import static_view

urlpatterns = [path("static-view/<int:size>", static_view), *clinic_urls]
