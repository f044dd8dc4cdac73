"""How lists, figures and outlines of others come into the register: read, check, preview, apply.

Reading and checking are pure and happen outside any transaction; only `services` writes, in one set-based transaction.
"""
