"""What is done to cases, meetings, handovers and the ledger: one action a thing, each in one transaction."""
