"""The web server: granian, and the adapter that runs Django's WSGI application behind its RSGI interface."""
