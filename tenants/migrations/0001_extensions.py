"""The extensions every clinic's schema builds on, in a schema of their own, before any of them is made."""

from django.db import migrations

CREATE = """
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
