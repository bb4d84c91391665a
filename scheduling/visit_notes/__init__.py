"""Notes that doctors write about visits."""
