"""What is told to the person at the terminal when something can't start."""


class StartError(Exception):
    """Something can't start; the message is one line that says what to do."""
