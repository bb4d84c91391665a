"""Pagination of API lists."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from tenants.base.errors import InvalidInput


class PageNumberPages(PageNumberPagination):
    """Pagination with `?page=` and `?page_size=`. A page that does not exist is a 400, not a 404."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return the rows of the requested page.

        :raises InvalidInput: there is no such page
        """
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound as error:
            raise InvalidInput(
                errors={"page": [_("There is no page with this number. Start again at page 1.")]}
            ) from error
