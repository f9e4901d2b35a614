"""People and organisations: the ground floor, which knows nothing of the rooms above."""
