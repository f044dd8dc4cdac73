"""The small world, one per test."""

import pytest

from heli.accounts.testing import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """Two districts with someone in every role."""
    return build_world()
