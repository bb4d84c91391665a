"""What changes a clinic's people and settings."""
