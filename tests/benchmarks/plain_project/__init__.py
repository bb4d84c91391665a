"""A Django project with the default middlewares and one static view: the limit that Django itself sets."""
