"""A view that does nothing, and the address at which the server is asked whether it responds."""

from django.urls import path

from tests.benchmarks.static_view import static_view

urlpatterns = [
    path("health/ready", static_view, {"size": 1}),
    path("static-view/<int:size>", static_view),
]
