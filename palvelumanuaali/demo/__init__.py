"""What `make demo` runs: the whole system on this machine, with content and people to try it with."""
