"""For ICT: how the search understands and orders, and what its words are also called."""
