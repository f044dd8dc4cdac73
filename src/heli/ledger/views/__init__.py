"""Pages of the ledger, by topic."""
