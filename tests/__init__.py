"""The tests. They read as sentences and run on a real PostgreSQL and Valkey."""
