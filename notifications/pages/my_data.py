"""The page of the data that the clinic holds about a patient."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.renderers import JSONRenderer

from notifications.api.personal_data import MyDataOutput
from notifications.api.readable_data import readable_data
from notifications.services.personal_data import export_my_data
from tenants.accounts.models import User
from tenants.accounts.pages.patient_page import patient_page
from tenants.base.clock import now


@patient_page(post=True)
def my_data_page(request: HttpRequest, user: User) -> HttpResponse:
    """Explain what is stored. POST: show it or download it, which the audit log records."""
    if request.method != "POST":
        return render(request, "notifications/my_data.html")
    if "view" in request.POST:
        response = render(request, "notifications/readable_data.html", {"data": readable_data(request)})
        response["Cache-Control"] = "no-store"
        return response
    output = MyDataOutput(export_my_data(user=user, now=now()), context={"request": request}).data
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "no-store"}
    body = JSONRenderer().render(output, renderer_context={"indent": 2})
    return HttpResponse(body, content_type="application/json", headers=headers)
