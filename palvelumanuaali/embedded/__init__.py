"""PostgreSQL and Valkey with no install: for `make demo` and `make test`.

Nothing here imports Django: it runs before there is a database to set Django up with.
"""
