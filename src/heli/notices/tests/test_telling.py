"""Telling people: wishes count, reminders gather into one digest a half-day, nothing is told twice."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heli.accounts import services as accounts
from heli.accounts.models import User
from heli.accounts.queries import people_who_may
from heli.accounts.testing import BEGINNING, World, build_world
from heli.audit.guard import UnauditedWrite, allowed
from heli.audit.services import writing
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Fault, Refused
from heli.notices import queries, services
from heli.notices.models import Delivery, Digest, Message
from heli.notices.rules import compute_how
from heli.notices.testing import MORNING, add_wecom, remind, tell
from heli.notices.types import Cadence, MessageKind

AFTERNOON = MORNING + timedelta(hours=6)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def officer(world: World) -> Actor:
    return world.a.actor("town_officer")


@pytest.fixture
def cadre(world: World) -> Actor:
    return world.a.actor("village_cadre")


def key(actor: Actor) -> int:
    assert actor.id is not None
    return actor.id


def titles(actor: Actor) -> list[str]:
    return [message.title for message in queries.inbox(actor)]


def test_a_notice_stands_in_the_inbox_until_it_is_read(officer: Actor, cadre: Actor) -> None:
    assert tell(key(officer), link="/places/", text="缺照片") == 1
    message = queries.inbox(officer).get()
    assert (queries.unread_count(officer), queries.unread_count(cadre)) == (1, 0)
    services.mark_read(actor=cadre, message=message)
    assert queries.unread_count(officer) == 1, "nobody reads for another"
    services.mark_read(actor=officer, message=message, at=MORNING)
    services.mark_read(actor=officer, message=message, at=AFTERNOON)
    assert queries.unread_count(officer) == 0
    assert queries.inbox(officer).get().read_at == MORNING


def test_nobody_is_told_of_their_own_act_nor_when_the_account_is_closed(world: World, officer: Actor) -> None:
    closed = world.a.users["auditor"]
    accounts.set_active(actor=SYSTEM, user=closed, is_active=False)
    with writing(officer, "notices.test", action="ui.read"):
        told = services.notify(
            actor=officer, recipients=[key(officer), closed.pk, world.nobody.pk], kind="tests.happened", title="x"
        )
    assert told == 1
    assert Message.objects.get().user == world.nobody


def test_what_waited_for_an_account_that_was_closed_is_not_gathered(world: World, officer: Actor) -> None:
    remind(key(officer))
    accounts.set_active(actor=SYSTEM, user=world.a.users["town_officer"], is_active=False)
    assert services.send_digests(actor=SYSTEM, at=MORNING) == 0


def test_telling_belongs_inside_a_write_and_links_lead_inside(officer: Actor) -> None:
    with pytest.raises(UnauditedWrite):
        services.notify(actor=SYSTEM, recipients=[key(officer)], kind="tests.happened", title="x")
    for link in ("https://example.cn/", "//example.cn/", "/\\example.cn", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="links to a page"):
            tell(key(officer), link=link)


def test_a_refused_write_tells_nobody(officer: Actor) -> None:
    def fail_after_telling() -> None:
        with writing(SYSTEM, "notices.test"):
            services.notify(actor=SYSTEM, recipients=[key(officer)], kind="tests.happened", title="x")
            raise Refused(Fault("no", "no"))

    with pytest.raises(Refused):
        fail_after_telling()
    assert not Message.objects.exists()


def test_the_closest_wish_counts_and_a_reminder_is_never_sent_by_itself() -> None:
    wishes = {"*": Cadence.OFF, "campaigns.*": Cadence.DIGEST, "campaigns.returned": Cadence.AT_ONCE}
    assert compute_how("campaigns.returned", Cadence.OFF, wishes) is Cadence.AT_ONCE
    assert compute_how("campaigns.accepted", Cadence.AT_ONCE, wishes) is Cadence.DIGEST
    assert compute_how("places.changed", Cadence.AT_ONCE, wishes) is Cadence.OFF
    assert compute_how("places.changed", Cadence.AT_ONCE, {}) is Cadence.AT_ONCE
    assert compute_how("campaigns.reminder", Cadence.AT_ONCE, {"campaigns.reminder": Cadence.AT_ONCE}) is Cadence.DIGEST
    assert compute_how("campaigns.reminder", Cadence.AT_ONCE, {"*": Cadence.OFF}) is Cadence.OFF


@pytest.fixture
def two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of notices that a context declares."""
    kinds = {
        kind.id: kind
        for kind in (MessageKind("tests.happened", "Happened"), MessageKind("tests.reminder", "Due", Cadence.DIGEST))
    }
    for module in ("queries", "forms", "services.channels"):
        monkeypatch.setattr(f"heli.notices.{module}.kinds", lambda: kinds)


def test_wishes_are_kept_once_and_only_for_kinds_there_are(officer: Actor, two_kinds: None) -> None:
    for how in (Cadence.DIGEST, Cadence.OFF, Cadence.OFF):
        services.set_subscription(actor=officer, pattern="tests.*", how=how)
    assert queries.wishes_of([key(officer)]) == {key(officer): {"tests.*": Cadence.OFF}}
    assert tell(key(officer)) == 0
    with pytest.raises(Refused) as refused:
        services.set_subscription(actor=officer, pattern="nonsense.*", how=Cadence.OFF)
    assert refused.value.faults[0].code == "kind_unknown"
    services.set_subscription(actor=officer, pattern="tests.happened", how=Cadence.AS_INTENDED)
    assert tell(key(officer)) == 1


def test_the_same_reminder_about_the_same_matter_gathers_once(officer: Actor) -> None:
    for _day in range(3):
        remind(key(officer), about="step:1")
    remind(key(officer), about="step:2")
    assert services.send_digests(actor=SYSTEM, at=MORNING) == 1
    assert Digest.objects.get().gathered.count() == 2
    remind(key(officer), about="step:1", at=AFTERNOON)
    assert services.send_digests(actor=SYSTEM, at=AFTERNOON) == 1, "said anew in the next half-day"


def test_a_digest_is_one_notice_and_one_message_whatever_it_holds(officer: Actor) -> None:
    add_wecom(officer)
    for number in range(70):
        remind(key(officer), title=f"第 {number} 项")
    assert titles(officer) == []
    services.send_digests(actor=SYSTEM, at=MORNING)
    message = queries.inbox(officer).get()
    assert message.title.startswith("70")
    assert len(message.text.splitlines()) == 51
    assert Delivery.objects.count() == 1
    services.mark_read(actor=officer, message=message)
    assert not Message.objects.filter(read_at=None).exists(), "what it gathered is read with it"


def test_no_digest_before_the_morning(officer: Actor) -> None:
    remind(key(officer), at=MORNING - timedelta(hours=4))
    assert services.send_digests(actor=SYSTEM, at=MORNING - timedelta(hours=2)) == 0
    assert services.send_digests(actor=SYSTEM, at=MORNING) == 1


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("remind"), st.integers(0, 2), st.integers(0, 4)),
        st.tuples(st.just("digest"), st.just(0), st.just(0)),
    ),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(EVENTS, st.lists(st.integers(1, 300), min_size=25, max_size=25))
def test_one_digest_per_person_and_half_day_whatever_happens(
    world: World, events: list[tuple[str, int, int]], minutes: list[int]
) -> None:
    people = [world.a.users[role].pk for role in ("town_officer", "village_cadre", "auditor")]
    with allowed():
        Delivery.objects.all().delete()
        Message.objects.all().delete()
        Digest.objects.all().delete()
    at: datetime = MORNING
    said: set[tuple[int, int]] = set()
    for (what, who, number), passed in zip(events, minutes, strict=False):
        at += timedelta(minutes=passed)
        if what == "remind":
            remind(people[who], title=str(number), at=at)
            said.add((people[who], number))
        else:
            services.send_digests(actor=SYSTEM, at=at)
    services.send_digests(actor=SYSTEM, at=at + timedelta(days=1, hours=12 - at.hour % 12))
    slots = list(Digest.objects.values_list("user_id", "day", "half"))
    assert len(slots) == len(set(slots))
    summaries = Message.objects.filter(kind="notices.digest")
    assert sorted(summaries.values_list("about", flat=True)) == sorted(
        f"digest:{public_id}" for public_id in Digest.objects.values_list("public_id", flat=True)
    )
    gathered = Message.objects.filter(kind="tests.reminder")
    assert {(message.user_id, int(message.title)) for message in gathered} == said
    assert not gathered.filter(digest=None).exists(), "none is lost"
    assert all(
        message.user_id == message.digest.user_id for message in gathered.select_related("digest") if message.digest
    )


def test_telling_many_takes_no_more_queries_than_telling_one(world: World) -> None:
    everybody = list(User.objects.values_list("pk", flat=True))
    for user in User.objects.all():
        add_wecom(Actor(user.pk, "x"))
    with CaptureQueriesContext(connection) as one:
        tell(everybody[0])
    with CaptureQueriesContext(connection) as many:
        tell(*everybody)
    assert len(many) == len(one)
    assert Delivery.objects.count() == len(everybody) + 1


def test_whoever_may_do_it_at_the_place_is_found_up_the_tree(world: World) -> None:
    half = world.a
    held = people_who_may("campaigns.accept", half.village.pk, BEGINNING)
    assert held == sorted(half.users[role].pk for role in ("district_officer", "town_officer"))
    assert half.users["town_officer"].pk not in people_who_may("campaigns.accept", half.other_village.pk, BEGINNING)
    assert people_who_may("campaigns.fill", half.village.pk, BEGINNING - timedelta(days=1)) == []


# -- pages --------------------------------------------------------------------------------------------------------------


def test_the_bell_costs_one_query_and_shows_what_is_unread(world: World, officer: Actor) -> None:
    client = world.client("town_officer")
    address = reverse("notices:settings")
    with CaptureQueriesContext(connection) as before:
        assert "bell__count" not in client.get(address).content.decode()
    asked = [query["sql"] for query in before if "notices_message" in query["sql"]]
    assert len(asked) == 1
    tell(key(officer))
    assert '<span class="bell__count" aria-hidden="true">1</span>' in client.get(address).content.decode()
    with CaptureQueriesContext(connection) as inbox:
        client.get(reverse("notices:inbox"))
    assert len([query for query in inbox if "COUNT" in query["sql"] and "read_at" in query["sql"]]) == 1


def test_opening_a_notice_reads_it_and_goes_where_it_points(world: World, officer: Actor) -> None:
    client = world.client("town_officer")
    tell(key(officer), link="/places/")
    tell(key(officer), title="没有去处")
    for message, to in zip(queries.inbox(officer), ("/notices/", "/places/"), strict=True):
        answer = client.post(reverse("notices:open", args=[message.public_id]))
        assert (answer.status_code, answer["Location"]) == (303, to)
    assert "没有去处" not in client.get("/notices/?unread=1").content.decode()
    assert "没有去处" in client.get("/notices/").content.decode()


def test_everything_is_read_at_once(world: World, officer: Actor) -> None:
    tell(key(officer))
    tell(key(officer), title="y")
    tell(world.nobody.pk)
    world.client("town_officer").post(reverse("notices:read_all"))
    assert queries.unread_count(officer) == 0
    assert Message.objects.filter(read_at=None).count() == 1
    assert services.mark_all_read(actor=officer) == 0


def test_wishes_are_chosen_on_the_page(world: World, officer: Actor, two_kinds: None) -> None:
    client, address = world.client("town_officer"), reverse("notices:subscribe")
    form = {"all": Cadence.OFF, "tests.happened": Cadence.AT_ONCE, "tests.reminder": Cadence.DIGEST}
    assert client.post(address, form).status_code == 303
    assert queries.wishes_of([key(officer)])[key(officer)] == {"*": Cadence.OFF}, "what stays as intended is no wish"
    assert client.post(address, {**form, "tests.reminder": Cadence.AT_ONCE}).status_code == 422, "reminders gather"
    assert "Happened" in client.get(reverse("notices:settings")).content.decode()


def test_every_context_declares_its_kinds_of_notices_well() -> None:
    for name, kind in queries.kinds().items():
        assert "." in name
        assert kind.title
        assert queries.how_of(name, {}) is not Cadence.OFF
        assert queries.how_of(name, {"*": Cadence.AT_ONCE}) is (
            Cadence.DIGEST if name.endswith(".reminder") else Cadence.AT_ONCE
        )
