"""Pages on who is responsible for which services, and on moving that to another partner."""
