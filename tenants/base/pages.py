"""Lists a page at a time."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from tenants.base.errors import InvalidInput


class Pages(PageNumberPagination):
    """`?page=` and `?page_size=`; a page that does not exist is a mistake in the request."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """The rows of the page that is asked for.

        :raises InvalidInput: there is no such page
        """
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound as error:
            raise InvalidInput(
                errors={"page": [_("There is no page with this number. Start again at page 1.")]}
            ) from error
