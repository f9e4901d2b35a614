"""The joint agreement kept: breaches, ledger, meetings, votes and invoicing."""
