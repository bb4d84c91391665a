"""Starts the web server: python -m config.server --port 8000."""

from config.server.command import main

main()
