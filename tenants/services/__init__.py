"""A clinic's ground and its life: opening it, closing it for a while, naming it anew."""
