"""Proposed lineage between the register and a later list: pure matching, what is kept of it, and what a person confirms."""
