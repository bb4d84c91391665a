"""Services that change a clinic's people and settings."""
