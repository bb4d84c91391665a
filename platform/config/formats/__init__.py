"""How the admin writes dates, by language: as our own words do."""
