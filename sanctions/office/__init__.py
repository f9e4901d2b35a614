"""The office: the pages on which it is seen that the agreement is kept."""
