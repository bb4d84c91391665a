"""The clinics' entries in Redis."""

from django_redis import get_redis_connection

from tenants.models import Clinic


def empty_cache(clinic: Clinic) -> None:
    """Remove all entries and markers of a clinic."""
    redis = get_redis_connection("default")
    if keys := list(redis.scan_iter(f"{clinic.pk}:*", count=10_000)):
        redis.delete(*keys)
