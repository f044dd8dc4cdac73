"""Builders of assemblies, and who may open which page; a topic to a file."""

from heli.assemblies.testing import elections, polling, sittings
from heli.assemblies.testing.cases import DAY, contest, decide_case, post
from heli.ui.testing import AccessCase

__all__ = ["ACCESS", "DAY", "contest", "decide_case", "post"]

ACCESS: list[AccessCase] = [*sittings.ACCESS, *elections.ACCESS, *polling.ACCESS]
