"""`manage.py migrate`, which Django itself calls for a test database: the same as `migrate_schemas`."""

from tenants.management.commands.migrate_schemas import Command

__all__ = ["Command"]
