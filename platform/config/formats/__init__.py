"""Date and time formats of each locale, for Django's `FORMAT_MODULE_PATH`."""
