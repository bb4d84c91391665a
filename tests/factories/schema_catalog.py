"""Describe a schema from the Postgres catalogs, to compare it with another."""

import re
from typing import Any

from django.db import connection

_COLUMNS = """
SELECT c.relname, c.reloptions, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
    format_type(a.atttypid, a.atttypmod), a.attnotnull,
    a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation::text,
    pg_get_serial_sequence(c.oid::regclass::text, a.attname)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r'
ORDER BY 1, 3
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, contype::text, condeferrable, condeferred, convalidated,
    pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
ORDER BY 1, 2
"""
_INDEXES = """
SELECT c.relname, i.indisvalid, i.indisprimary, i.indisunique, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = %(schema)s::regnamespace
ORDER BY 1
"""
_SEQUENCES = """
SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle,
    cache_size, last_value
FROM pg_sequences WHERE schemaname = %(schema)s
ORDER BY 1
"""
_OTHERS = """
SELECT relkind::text, relname FROM pg_class WHERE relnamespace = %(schema)s::regnamespace
UNION ALL SELECT 'function', proname FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
UNION ALL SELECT 'trigger of ' || tgrelid::regclass, tgconstraint::regclass::text
    FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
    WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
ORDER BY 1, 2
"""


def describe_schema(schema: str) -> dict[str, list[Any]]:
    """Return everything in `schema` except timestamps, with its name replaced by `ours`."""
    with connection.cursor() as cursor:

        def rows(query: str) -> list[Any]:
            cursor.execute(query, {"schema": schema})
            return [_renamed(row, schema) for row in cursor.fetchall()]

        parts = {
            "columns": rows(_COLUMNS),
            "constraints": rows(_CONSTRAINTS),
            "indexes": rows(_INDEXES),
            "sequences": rows(_SEQUENCES),
            "everything": rows(_OTHERS),
        }
        for table in sorted({column[0] for column in parts["columns"]}):
            parts[f"rows of {table}"] = rows(
                f"SELECT row::text FROM (SELECT to_jsonb(t) - 'applied' AS row "
                f'FROM {schema}."{table}" t) AS rows ORDER BY row'
            )
    return parts


def _renamed(row: tuple[Any, ...], schema: str) -> tuple[Any, ...]:
    return tuple(_normalised(part.replace(schema, "ours")) if isinstance(part, str) else part for part in row)


def _normalised(definition: str) -> str:
    """Remove casts between the two text types, and the brackets around them.

    Postgres rewrites `(ARRAY['a'::varchar])::text[]` as `ARRAY[('a'::varchar)::text]`, which is the same.
    """
    if "ANY (" not in definition:
        return definition
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", definition)
