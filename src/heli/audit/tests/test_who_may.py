"""Who may go on from a broken trail: the command line, no role."""

import pytest

from heli.accounts.testing import SYSTEM_ONLY, WriteCase, build_world
from heli.audit import services

pytestmark = pytest.mark.django_db
CASES = [WriteCase(services.accept, SYSTEM_ONLY, lambda world: {"reason": "looked into"})]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
