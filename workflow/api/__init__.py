"""The interface where it writes: what it takes, and the actions of the desk that it takes them to."""
