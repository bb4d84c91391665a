"""What `rendering` asks Postgres' catalogs, each about one schema. Works on Postgres 15 and newer.

Names are quoted by `quote_ident`; a cast of the schema's name to `regnamespace` finds it without a scan.
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
WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r'
GROUP BY c.oid, c.relname, c.reloptions, n.nspname
ORDER BY c.oid
"""

COLUMNS_TO_COPY = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r'
GROUP BY c.oid, c.relname
ORDER BY c.oid
"""

SEQUENCES_IN_USE = """
SELECT 'SELECT pg_catalog.setval(' || quote_literal(name) || ', ' || last || ')'
FROM (
    -- Asked of a table the function raises, and only CASE says what is looked at first.
    SELECT oid, oid::regclass AS name, CASE relkind WHEN 'S' THEN pg_sequence_last_value(oid) END AS last
    FROM pg_class
    WHERE relnamespace = %(schema)s::regnamespace
) AS sequences
WHERE last IS NOT NULL
ORDER BY oid
"""

_CONSTRAINTS = """
SELECT 'ALTER TABLE ' || k.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
    || pg_get_constraintdef(k.oid)
FROM pg_class c
JOIN pg_constraint k ON k.conrelid = c.oid
WHERE c.relnamespace = %(schema)s::regnamespace
"""
CONSTRAINTS = f"{_CONSTRAINTS} AND k.contype IN ('p', 'u', 'x', 'c') ORDER BY k.oid"
FOREIGN_KEYS = f"{_CONSTRAINTS} AND k.contype = 'f' ORDER BY k.oid"

INDEXES = """
SELECT pg_get_indexdef(i.indexrelid)
FROM pg_class c
JOIN pg_index i ON i.indrelid = c.oid
WHERE c.relnamespace = %(schema)s::regnamespace
AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY i.indexrelid
"""

WHAT_CANNOT_BE_RENDERED = """
WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = %(schema)s::regnamespace)
SELECT CASE relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'view ' ELSE 'relation ' END || relname
FROM ours WHERE relkind NOT IN ('r', 'i', 'S') OR relpersistence <> 'p' OR relrowsecurity OR relispartition
UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger JOIN ours ON ours.oid = tgrelid WHERE NOT tgisinternal
UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite JOIN ours ON ours.oid = ev_class WHERE relkind = 'r'
UNION ALL SELECT 'type ' || typname FROM pg_type
    WHERE typnamespace = %(schema)s::regnamespace AND typtype IN ('d', 'e', 'r')
UNION ALL SELECT 'statistics ' || stxname FROM pg_statistic_ext WHERE stxnamespace = %(schema)s::regnamespace
UNION ALL SELECT 'heir ' || relname FROM pg_inherits JOIN ours ON ours.oid = inhrelid WHERE relkind = 'r'
UNION ALL SELECT 'comment on ' || relname FROM pg_description JOIN ours ON ours.oid = objoid
    WHERE classoid = 'pg_class'::regclass
UNION ALL SELECT 'foreign key out of the schema ' || conname
    FROM pg_constraint JOIN ours ON ours.oid = conrelid
    WHERE contype = 'f' AND confrelid NOT IN (SELECT oid FROM ours)
UNION ALL SELECT 'sequence ' || relname FROM ours JOIN pg_sequence ON seqrelid = ours.oid
    WHERE (seqstart, seqincrement, seqmin, seqcache, seqcycle) <> (1, 1, 1, 1, false)
    OR NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = ours.oid AND deptype = 'i'
    )
UNION ALL SELECT 'options of index ' || relname FROM ours JOIN pg_constraint ON conindid = ours.oid
    WHERE reloptions IS NOT NULL AND contype IN ('p', 'u', 'x')
"""
