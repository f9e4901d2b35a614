"""Public answers, kept in memory before Django until what they show changes (docs/decisions/0028)."""
