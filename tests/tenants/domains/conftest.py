"""The name server that the application uses in these tests."""

from tests.factories.https_fixtures import names

__all__ = ["names"]
