"""Reports: text, tables and pictures composed from the figures of a snapshot, every number with its mark."""
