"""Planning messages and sending them."""
