"""The servers and processes behind `make demo` and `make test`. Nothing of the product imports this."""
