"""Matters merged, split and linked: every voice is kept."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.matters import services
from heli.matters.link_services import link
from heli.matters.models import Matter, MatterLink, MatterVoice
from heli.matters.queries import linked_to
from heli.matters.testing import filed, reported
from heli.records.testing import DAY, codes, district_of

CONTACT = "13912345678 王阿姨"


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def test_merging_and_splitting_keep_every_voice(world: World) -> None:
    officer, about = world.a.actor("district_officer"), district_of(world.a)
    voices = [reported(world.a), reported(world.a, contact=CONTACT)]
    first, second = (voice.matter for voice in voices)
    services.add_voice(actor=officer, matter=second)
    kept = services.merge(actor=officer, matter=second, into=first)
    assert (kept.voices, kept.heard.count()) == (3, 3)
    parts = services.split(actor=officer, about=about, matter=kept, titles=["灯", " ", "路面"])
    assert [one.title for one in parts] == ["灯", "路面"]
    total = sum(one.voices or 0 for one in Matter.objects.all())
    assert total == MatterVoice.objects.count() == 3
    with pytest.raises(Refused) as refused:
        services.merge(actor=officer, matter=second, into=first)
    assert codes(refused) == {"not_now"}


def test_two_matters_are_linked_once_and_keep_their_voices(world: World) -> None:
    officer = world.a.actor("district_officer")
    first, second = filed(world.a), reported(world.a).matter
    tie: dict[str, Any] = {"actor": officer, "matter": second, "to": first}
    link(**tie)
    assert [one.pk for one in linked_to(first)] == [second.pk]
    assert [one.pk for one in linked_to(second)] == [first.pk]
    for more, code in ((tie, "linked_already"), ({**tie, "to": second}, "link_to_itself")):
        with pytest.raises(Refused) as refused:
            link(**more)
        assert codes(refused) == {code}
    for pair, name in (((first, first), "matter_link_in_order"), ((first, second), "matter_linked_once|UNIQUE")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "matters.test"):
            MatterLink.objects.create(first=pair[0], second=pair[1], linked_on=DAY, linked_by="x")
    assert [one.voices or 0 for one in Matter.objects.order_by("number")] == [0, 1]


TIED = st.lists(
    st.tuples(st.sampled_from(["report", "voice", "merge", "split", "link"]), st.integers(0, 9), st.integers(0, 9)),
    max_size=12,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=8, deadline=None
)
@given(steps=TIED)
def test_whatever_is_merged_split_and_linked_no_voice_is_lost(world: World, steps: list[tuple[str, int, int]]) -> None:
    """Every code leads to a matter that stands, and the numbers of voices are those of the codes."""
    half, officer = world.a, world.a.actor("district_officer")
    with transaction.atomic():
        codes_given = [reported(half).code]
        for what, one, other in steps:
            known = list(Matter.objects.order_by("number"))
            first, second = known[one % len(known)], known[other % len(known)]
            try:
                if what == "report":
                    codes_given.append(reported(half).code)
                elif what == "voice":
                    codes_given.append(services.add_voice(actor=officer, matter=first).code)
                elif what == "merge":
                    services.merge(actor=officer, matter=first, into=second)
                elif what == "split":
                    services.split(actor=officer, about=district_of(half), matter=first, titles=["灯", "路面"])
                else:
                    link(actor=officer, matter=first, to=second)
            except Refused:
                continue
        voices = MatterVoice.objects.select_related("matter")
        assert sorted(one.code for one in voices) == sorted(codes_given)
        assert all(one.matter.status != "merged" for one in voices)
        for row in Matter.objects.all():
            assert (row.voices or 0) == voices.filter(matter=row).count()
        transaction.set_rollback(True)
