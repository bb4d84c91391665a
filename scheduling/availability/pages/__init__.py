"""Pages for finding a doctor and a time."""
