"""Sign in and register with a code that is sent by email."""
