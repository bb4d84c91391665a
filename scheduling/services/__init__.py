"""What changes the schedule."""
