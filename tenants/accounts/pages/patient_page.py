"""Pages for signed-in patients."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.accounts.models import User
from tenants.accounts.pages.page_view import PageView, SeeOther, page_view
from tenants.accounts.pages.sign_in import sign_in_form
from tenants.accounts.pages.visitor import visitor
from tenants.base.paths import with_query

PatientView = Callable[..., HttpResponse]


def patient_page(*, post: bool = False) -> Callable[[PatientView], PageView]:
    """Make a page for patients out of a view that takes the request and the user.

    Visitors who are not signed in get the sign-in form and then return. Staff get a link to the portal.

    :param post: whether the page has a form that is sent to it
    """

    def decorate(view: PatientView) -> PageView:
        @page_view(post=post)
        @wraps(view)
        def page(request: HttpRequest, **arguments: Any) -> HttpResponse:
            user = visitor(request)
            if user is None:
                here = request.get_full_path()
                if request.method == "POST":
                    return SeeOther(with_query("/sign-in", next=here))
                return sign_in_form(request, next_path=here)
            if user.role != User.Role.PATIENT:
                return render(request, "accounts/pages/staff_notice.html")
            request.user = user  # for serializers, whose output depends on the user's rights
            return view(request, user, **arguments)

        return page

    return decorate
