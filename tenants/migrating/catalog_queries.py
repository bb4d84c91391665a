"""Queries on Postgres' catalogs for `rendering`, each about one schema. They work on Postgres 15 and newer.

No catalog has an index on the namespace column, but pg_depend has one on the objects that depend on a
namespace. So the relations are found through pg_depend first and the other queries get their ids. Scanning a
catalog takes a tenth of a second with a thousand clinics.
"""

RELATIONS = """
SELECT coalesce(array_agg(objid::bigint), '{}') FROM pg_depend
WHERE refclassid = 'pg_namespace'::regclass AND refobjid = %(schema)s::regnamespace
AND classid = 'pg_class'::regclass
"""

TABLES = """
SELECT 'CREATE TABLE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' (' || string_agg(
    quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END
    || CASE
        WHEN a.attidentity <> '' THEN
            ' GENERATED ' || CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END
            || ' AS IDENTITY (SEQUENCE NAME '
            || quote_ident(n.nspname) || '.' || quote_ident(s.relname) || ')'
        WHEN a.attgenerated <> '' THEN
            ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') '
            || CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END
        WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
        ELSE ''
    END
    -- Since Postgres 18 a NOT NULL has a name.
    || CASE WHEN a.attnotnull THEN coalesce(' CONSTRAINT ' || quote_ident(k.conname), '') || ' NOT NULL'
        ELSE '' END,
    ', ' ORDER BY a.attnum
) || ')' || coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = a.attnum
LEFT JOIN pg_depend p ON a.attidentity <> '' AND p.classid = 'pg_class'::regclass AND p.deptype = 'i'
    AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid AND p.refobjsubid = a.attnum
LEFT JOIN pg_class s ON s.oid = p.objid
WHERE c.oid = ANY (%(relation_ids)s) AND c.relkind = 'r'
GROUP BY c.oid, c.relname, c.reloptions, n.nspname
ORDER BY c.oid
"""

COLUMNS_TO_COPY = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.oid = ANY (%(relation_ids)s) AND c.relkind = 'r'
GROUP BY c.oid, c.relname
ORDER BY c.oid
"""

SEQUENCES_IN_USE = """
SELECT 'SELECT pg_catalog.setval(' || quote_literal(name) || ', ' || last || ')'
FROM (
    -- The function raises an error for a table, and only CASE guarantees the order of evaluation.
    SELECT oid, oid::regclass AS name, CASE relkind WHEN 'S' THEN pg_sequence_last_value(oid) END AS last
    FROM pg_class
    WHERE oid = ANY (%(relation_ids)s)
) AS sequences
-- NULL: the sequence has not been used yet.
WHERE last IS NOT NULL
ORDER BY oid
"""

_CONSTRAINTS = """
SELECT 'ALTER TABLE ' || k.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
    || pg_get_constraintdef(k.oid)
FROM pg_class c
JOIN pg_constraint k ON k.conrelid = c.oid
WHERE c.oid = ANY (%(relation_ids)s)
"""
CONSTRAINTS = f"{_CONSTRAINTS} AND k.contype IN ('p', 'u', 'x', 'c') ORDER BY k.oid"
FOREIGN_KEYS = f"{_CONSTRAINTS} AND k.contype = 'f' ORDER BY k.oid"

INDEXES = """
SELECT pg_get_indexdef(i.indexrelid)
FROM pg_class c
JOIN pg_index i ON i.indrelid = c.oid
WHERE c.oid = ANY (%(relation_ids)s)
-- Indexes of primary keys, unique and exclusion constraints are created with the constraint.
AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY i.indexrelid
"""

UNSUPPORTED_OBJECTS = """
WITH relations AS (SELECT * FROM pg_class WHERE oid = ANY (%(relation_ids)s))
-- Objects of other kinds, such as functions and types
SELECT pg_describe_object(classid, objid, 0) FROM pg_depend
    WHERE refclassid = 'pg_namespace'::regclass AND refobjid = %(schema)s::regnamespace
    AND classid NOT IN ('pg_class'::regclass, 'pg_default_acl'::regclass)
-- Views, partitions, unlogged tables, tables with row-level security
UNION ALL SELECT pg_describe_object('pg_class'::regclass, oid, 0) FROM relations
    WHERE relkind NOT IN ('r', 'S') OR relpersistence <> 'p' OR relrowsecurity OR relispartition
-- Triggers, except those of foreign keys
UNION ALL SELECT pg_describe_object('pg_trigger'::regclass, t.oid, 0)
    FROM relations JOIN pg_trigger t ON tgrelid = relations.oid WHERE NOT tgisinternal
-- Rules
UNION ALL SELECT pg_describe_object('pg_rewrite'::regclass, r.oid, 0)
    FROM relations JOIN pg_rewrite r ON ev_class = relations.oid WHERE relkind = 'r'
UNION ALL SELECT 'inheritance of ' || relname FROM relations JOIN pg_inherits ON inhrelid = relations.oid
UNION ALL SELECT 'comment on ' || relname FROM relations JOIN pg_description ON objoid = relations.oid
    WHERE classoid = 'pg_class'::regclass
-- A foreign key to another schema would still point to that schema's rows.
UNION ALL SELECT 'foreign key out of the schema ' || conname
    FROM relations JOIN pg_constraint ON conrelid = relations.oid
    WHERE contype = 'f' AND confrelid NOT IN (SELECT oid FROM relations)
-- Sequences with options, or without an identity column that owns them
UNION ALL SELECT 'sequence ' || relname FROM relations JOIN pg_sequence ON seqrelid = relations.oid
    WHERE (seqstart, seqincrement, seqmin, seqcache, seqcycle) <> (1, 1, 1, 1, false)
    OR NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relations.oid AND deptype = 'i'
    )
-- pg_get_constraintdef leaves out the storage options of the index behind a constraint.
UNION ALL SELECT 'options of index ' || conname FROM relations JOIN pg_constraint ON conrelid = relations.oid
    JOIN pg_class i ON i.oid = conindid WHERE contype IN ('p', 'u', 'x') AND i.reloptions IS NOT NULL
"""
