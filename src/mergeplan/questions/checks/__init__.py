"""Answers recomputed from the bare file: nothing here is shared with what solves, and what solves uses nothing of it."""
