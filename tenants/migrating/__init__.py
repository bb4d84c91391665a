"""Bringing the schemas of all clinics to the state of the code, and making new ones in that state."""
