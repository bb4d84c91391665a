"""Migrates the schemas of all clinics and creates new ones with all migrations applied."""
