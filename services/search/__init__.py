"""Finding published services: the address's state, the results and the counts."""
