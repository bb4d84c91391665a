"""What every address that books shares: a refusal that carries the nearest open slots."""

from typing import Any

from rest_framework.views import APIView

from scheduling.api.serializers import SlotOutput


class OffersAlternatives(APIView):
    """Shows the slots to choose from instead."""

    def show_refusal_data(self, data: dict[str, Any] | None) -> dict[str, Any] | None:
        """The slots in the words of the API."""
        return data and {"alternatives": SlotOutput(data["alternatives"], many=True).data}
