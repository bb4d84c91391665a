"""Services for a clinic as a whole: lifecycle, schema, domains, export and restore."""
