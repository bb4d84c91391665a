"""The local servers and processes behind `make demo`, `make dev` and `make test`.

The product never imports this package.
"""
