"""What all pages for patients have in common: limits, refusals as pages, and what may be stored."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import ValidationError

from tenants.accounts.languages import use_language_of_visitor
from tenants.accounts.pages.visitor import visitor
from tenants.accounts.rate_limits import AddressThrottle, count_anonymous_request
from tenants.base.clock import now
from tenants.base.errors import DomainError, NotFound
from tenants.cache import MarkedCache

PageView = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """A redirect from a submitted form to a page (303), so that reloading the page submits nothing again."""

    status_code = 303


def page_view(
    *, public: bool = False, post: bool = False, cache: MarkedCache | None = None
) -> Callable[[PageView], PageView]:
    """Make a page out of a view.

    Anonymous requests count towards the limit of the API's reads. A refusal that the view lets pass is shown
    as a page.

    :param public: whether the page is the same for everybody who is not signed in
    :param post: whether the page has a form that is sent to it
    :param cache: where a public page is cached (`config.cached_responses`)
    """
    methods = ["GET", "HEAD", "POST"] if post else ["GET", "HEAD"]

    def decorate(view: PageView) -> PageView:
        @require_http_methods(methods)
        @wraps(view)
        def page(request: HttpRequest, **arguments: Any) -> HttpResponse:
            try:
                user = visitor(request) if settings.REFRESH_COOKIE in request.COOKIES else None
                if user is not None:
                    use_language_of_visitor(user, request)
                else:
                    count_anonymous_request(request, AddressThrottle.default_limit, now=now())
                response = view(request, **arguments)
            except (NotFound, ValidationError) as error:
                # An address or a hidden field that no page of ours has.
                raise Http404 from error
            except DomainError as error:
                response = refusal_page(request, error)
            patch_vary_headers(response, ["Cookie"])
            if settings.REFRESH_COOKIE in request.COOKIES:
                response.headers["Cache-Control"] = "no-store"
            return response

        page.public_data = public  # type: ignore[attr-defined]
        page.response_cache = cache  # type: ignore[attr-defined]
        return page

    return decorate


def refusal_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return a page that says why a request is refused, with the clinic's phone number."""
    response = render(request, "clinics/refusal.html", {"error": error}, status=error.status)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response
