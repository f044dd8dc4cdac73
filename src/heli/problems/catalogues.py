"""Kinds of problems, and in how many working days one of a kind is usually settled."""

from heli.kernel.catalogues import shipped
from heli.kernel.packs import Key, Shape

DAYS = Key("days", Shape.WHOLE, "working days proposed for settling one", least=1)
problem_kinds = shipped(__file__, "problem-kinds", more=(DAYS,))
