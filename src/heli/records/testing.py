"""What a room inherits for its tests: the access cases of its pages, rows in any state, a suite that tries every move.

class TestProblems(LedgerSuite):
    ledger, enterers = PROBLEMS, EDITORS
    movers = {"claim": EDITORS, "close": ("district_officer", "town_officer")}
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from html import unescape
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from heli.accounts.testing import WriteCase
from heli.files.testing import draw_photo
from heli.kernel import access
from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.records import queries, services
from heli.records.abouts import DISTRICT, About
from heli.records.checks import check_invariants
from heli.records.fields import Field, FieldKind, ShownIn
from heli.records.ledgers import Ledger, Move
from heli.records.lists import heads, read_drafts
from heli.records.services import Draft, FormFile
from heli.ui.exports import template_xlsx
from heli.ui.testing import EVERYONE, STAFF, AccessCase, Kwargs

ACCESS = [AccessCase("records:inbox", EVERYONE)]

DAY, DUE = date(2026, 3, 2), date(2026, 3, 20)
PARTS = ("town_officer", "village_cadre", "grid_worker")
"""Roles that reach less than a district."""


def district_of(half: Any) -> About:
    """The district of one half of the small world, as an about."""
    return DISTRICT.about(half.district.pk, half.district.public_id)


def values_for(ledger: Ledger, half: Any, names: Collection[str], **more: Any) -> dict[str, Any]:
    """A value for each of these fields, as it may be typed in that half of the world."""
    return {name: _value(ledger.fields[name], half) for name in names} | more


def _value(one: Field, half: Any) -> Any:
    if one.kind is FieldKind.CHOICE:
        return next(iter(one.words()))
    if one.example:
        return one.example
    known = {
        FieldKind.TEXT: "欠款未核实",
        FieldKind.DAY: DAY if one.is_past else DUE,
        FieldKind.PLACE: half.village.pk,
        FieldKind.HOLDER: f"body:{half.bodies['group'].public_id}",
        FieldKind.FILE: None,
        FieldKind.AREA: 200_000,
    }
    return known.get(one.kind, min(one.most, max(one.least, 100)))


def enter_row(
    ledger: Ledger, half: Any, about: About, *, bare: bool = False, at: datetime | None = None, **more: Any
) -> Any:
    """A row in the cadre's village, entered by the district officer; `bare`: with nothing that may be left empty."""
    names = [one.name for one in ledger.at(ShownIn.FORM) if one.required or not bare]
    drafts = [Draft(values_for(ledger, half, names, **more))]
    return services.enter(
        actor=half.actor("district_officer"), ledger=ledger, about=about, drafts=drafts, on=DAY, at=at
    )[0]


def asked(ledger: Ledger, half: Any, step: Move) -> dict[str, Any]:
    """Everything a move asks, as the service takes it."""
    said: dict[str, Any] = {"reason": "材料不全" if step.reason else "", "note": "已办结" if step.evidence else ""}
    if step.photo:
        said["upload"] = FormFile("x.jpg", [draw_photo(64, 48)])
    return {"values": values_for(ledger, half, step.asks), "on": DUE, **said}


def make(ledger: Ledger, half: Any, actor: Actor, row: Any, step: Move, **more: Any) -> Any:
    """The move with everything it asks."""
    given = {**asked(ledger, half, step), **more}
    return services.move(actor=actor, ledger=ledger, row=row, name=step.name, **given)


def row_in(ledger: Ledger, half: Any, about: About, status: str) -> Any:
    """A row that stands in this state, led there by whoever may, each step by another person."""
    for bare in (False, True):
        row = enter_row(ledger, half, about, bare=bare)
        seen: set[str] = {row.status}
        ways: list[tuple[str, tuple[Move, ...]]] = [(row.status, ())]
        for at, way in ways:
            if at == status:
                for step in way:
                    row = make(ledger, half, next(_actors(half, step, row)), row, step)
                return row
            for step in ledger.moves_from(at):
                if (led := step.leads(at)) not in seen:
                    seen.add(led)
                    ways.append((led, (*way, step)))
    raise LookupError(f"no way leads a row of {ledger.name} to {status}")


def _actors(half: Any, step: Move, row: Any) -> Iterator[Actor]:
    """Those who may make the move; the one with the smaller part first, so that a district officer is left to judge."""
    for role in ("town_officer", "department_liaison", *STAFF):
        actor = half.actor(role)
        given: dict[str, Any] = {"actor": actor, "step": step, "row": row}
        may = access.may(actor, step.right, row.place_id) and services.speaks(**given)
        if may and not services.is_first_person(**given):
            yield actor


def _anybody(half: Any, step: Move, row: Any) -> Actor:
    """Somebody for whom a move fails by its own rules before anybody's rights are looked at."""
    return next(_actors(half, step, row), half.actor("district_officer"))


def codes(refused: Any) -> set[str]:
    """The codes of a refusal."""
    return {fault.code for fault in refused.value.faults}


def access_of(
    ledger: Ledger,
    *,
    readers: Collection[str],
    enterers: Collection[str],
    about: Any = district_of,
    enter: Any = None,
    movers: Collection[str] = (),
) -> list[AccessCase]:
    """Who may open which page of a ledger: readers its list and rows, enterers its forms and the first move.

    `enter(half, place)` makes a row where the room's own services do; `movers` make the first move where enterers do not.
    """
    made = enter or (lambda half, place: enter_row(ledger, half, about(half), bare=True, place=place.pk))

    def home(half: Any) -> Kwargs:
        return {"about_id": about(half).id}

    def row(half: Any, place: Any = None) -> Kwargs:
        where = place or half.village
        key = f"{ledger.name}_{where.pk}"
        if key not in half.links:
            half.links[key] = made(half, where).public_id
        return {**home(half), "row_id": half.links[key]}

    def case(page: str, allowed: Collection[str], build: Any = home, **more: Any) -> AccessCase:
        given: dict[str, Any] = {"own": lambda world: build(world.a), "foreign": lambda world: build(world.b), **more}
        return AccessCase(f"{ledger.name}:{page}", allowed, **given)

    narrow = {
        "narrow": [role for role in PARTS if role in readers],
        "elsewhere": lambda world: row(world.a, world.a.other_village),
    }
    pressed = {"method": "post", "data": lambda world: {"did": ledger.moves_from(ledger.first)[0].name}}
    entering = [
        case("new", enterers),
        case("new", enterers, method="post", success=(422,)),
        case("take_in", enterers),
        case("take_in", enterers, query="?template=1"),
        case("take_in", enterers, method="post", success=(422,)),
    ]
    return [
        AccessCase(f"{ledger.name}:all", readers),
        case("list", readers),
        *(entering if ledger.enters else ()),
        case("row", readers, row, **narrow),
        case("row", movers or enterers, row, refused=(403, 404), success=(422,), **pressed),
    ]


@pytest.mark.kit
class MoveSuite:
    """Every declared move by who may, who may not and the first person; a room's tests say who makes each move."""

    ledger: ClassVar[Ledger]
    enterers: ClassVar[Collection[str]]
    movers: ClassVar[Mapping[str, Collection[str]]] = {}

    def about(self, half: Any) -> About:
        """What the rows are about in that half of the world."""
        return district_of(half)

    def row_in(self, half: Any, status: str) -> Any:
        """A row that stands in this state; a room whose own services lead there makes it itself."""
        return row_in(self.ledger, half, self.about(half), status)

    def row_for(self, half: Any, step: Move) -> Any:
        """A row with which the move can be made."""
        return self.row_in(half, step.sources[0].value)

    def wrong(self, world: Any, service: Any, may: Collection[str], given: Kwargs, **more: Any) -> list[str]:
        """What any role, of either district, is answered wrongly by the service."""
        return WriteCase(service, may, lambda _world: given, **more).wrong_answers(world)

    def test_every_move_is_made_by_those_who_may_and_by_nobody_else(self, world: Any) -> None:
        """Not by the first person either, where a second one is asked."""
        for step in self.ledger.moves:
            row = self.row_for(world.a, step)
            first = [role for role in STAFF if services.is_first_person(actor=world.a.actor(role), step=step, row=row)]
            assert len(first) == bool(step.never)
            given = {"ledger": self.ledger, "row": row, "name": step.name, **asked(self.ledger, world.a, step)}
            movers = self.movers.get(step.name, self.enterers)
            hidden = "no_liaison" if step.speaks_for else "forbidden"
            more = {"first": "".join(first), "hidden": hidden}
            assert self.wrong(world, services.move, movers, given, **more) == [], step.name

    def test_no_move_is_made_from_another_state(self, world: Any) -> None:
        for state in self.ledger.states:
            row = self.row_in(world.a, state.value)
            for step in self.ledger.moves:
                if state not in step.sources:
                    with pytest.raises(Refused) as refused:
                        make(self.ledger, world.a, _anybody(world.a, step, row), row, step)
                    assert codes(refused) == {"not_now"}, (step.name, state)

    def test_words_and_evidence_that_a_move_asks_are_not_left_out(self, world: Any) -> None:
        for step in self.ledger.moves:
            row = self.row_for(world.a, step)
            actor = _anybody(world.a, step, row)
            shown = ("photo_missing", {"upload": None}) if step.photo else ("evidence_missing", {"note": " "})
            left_out: list[tuple[str, dict[str, Any]]] = [("reason_empty", {"reason": " "}), shown]
            for code, more in left_out:
                if step.reason if "reason" in more else step.evidence:
                    with pytest.raises(Refused) as refused:
                        make(self.ledger, world.a, actor, row, step, **more)
                    assert code in codes(refused)

    def test_history_tells_where_a_row_stood_and_the_check_finds_nothing(self, world: Any) -> None:
        for state in self.ledger.states:
            row = self.row_in(world.a, state.value)
            assert list(queries.events_of(self.ledger, row).values_list("status", flat=True))[-1] == state.value
        assert list(check_invariants()) == []

    def test_the_page_shows_each_button_to_those_who_may_press_it(self, world: Any, settings: Any) -> None:
        settings.SECOND_FACTOR = False
        for step in self.ledger.moves:
            row = self.row_for(world.a, step)
            page = self.ledger.url("row", self.about(world.a).id, row.public_id)
            for role in STAFF:
                answer = world.client(role).get(page)
                may_press = role in self.movers.get(step.name, self.enterers)
                pressed = may_press and not services.is_first_person(actor=world.a.actor(role), step=step, row=row)
                assert (f'value="{step.name}"' in answer.content.decode()) is pressed, (step.name, role)


class LedgerSuite(MoveSuite):
    """The moves, rows entered, lists taken in, pages in both languages.

    A room's tests subclass it and say who enters rows and who makes each move; a move not named is made by the enterers.
    """

    def test_rows_are_entered_by_those_who_may_and_numbered_without_gaps(self, world: Any) -> None:
        about, ledger, half = self.about(world.a), self.ledger, world.a
        draft = Draft(values_for(ledger, half, [one.name for one in ledger.at(ShownIn.FORM)]))
        elsewhere = Draft({**draft.values, "place": half.other_village.pk})
        given: dict[str, Any] = {"ledger": ledger, "about": about, "on": DAY}
        assert self.wrong(world, services.enter, self.enterers, {**given, "drafts": [draft]}) == []
        # Each place is asked about by itself: the own village does not carry another town's along.
        over_towns = [role for role in self.enterers if role not in PARTS]
        assert self.wrong(world, services.enter, over_towns, {**given, "drafts": [draft, elsewhere]}) == []
        made = []
        for role in self.enterers:
            made += services.enter(actor=half.actor(role), drafts=[draft, draft], **given)
        assert [row.number for row in made] == list(range(1, 2 * len(self.enterers) + 1))
        assert {(row.about, row.district_id, row.town_id) for row in made} == {
            (about.id, half.district.pk, half.town.pk)
        }

    def test_what_lies_in_another_town_is_neither_listed_nor_opened(self, world: Any, settings: Any) -> None:
        settings.SECOND_FACTOR = False
        about, elsewhere = self.about(world.a), world.a.other_village.pk
        near, far = (enter_row(self.ledger, world.a, about, **more) for more in ({}, {"place": elsewhere}))
        for role, seen in (("town_officer", {near.pk}), ("district_officer", {near.pk, far.pk})):
            lines = queries.lines_of(self.ledger, world.a.actor(role), about, DAY)
            assert {line.entry.pk for line in lines} == seen, role
        client, first = world.client("town_officer"), self.ledger.moves_from(self.ledger.first)[0]
        page = self.ledger.url("row", about.id, far.public_id)
        assert (client.get(page).status_code, client.post(page, {"did": first.name}).status_code) == (404, 404)

    def test_a_list_is_taken_in_whole_or_every_mistake_is_named_by_its_row(self, world: Any) -> None:
        about, actor, columns = self.about(world.a), world.a.actor("district_officer"), self.ledger.at(ShownIn.EXCEL)
        values = values_for(self.ledger, world.a, [one.name for one in columns])
        good = [self.cell(one, values[one.name], world.a) for one in columns]
        wrong = ["" if one.kind is FieldKind.TEXT else "？" for one in columns]
        given: dict[str, Any] = {"ledger": self.ledger, "actor": actor, "about": about, "on": DAY}
        drafts, _hash, _listed = read_drafts(self.listed(good), "list.xlsx", **given)
        assert drafts[0].values == values
        with pytest.raises(Refused) as refused:
            read_drafts(self.listed(good, wrong), "list.xlsx", **given)
        assert len(refused.value.faults) >= sum(one.required or one.kind is not FieldKind.TEXT for one in columns)
        assert {fault.field for fault in refused.value.faults} <= set(heads(self.ledger))
        assert len({fault.source for fault in refused.value.faults}) == 1

    def cell(self, one: Field, value: Any, half: Any) -> Any:
        """A value as people write it into a list."""
        written = {FieldKind.PLACE: "岩门村", FieldKind.HOLDER: "岩门工作组"}
        if one.kind is FieldKind.CHOICE:
            return str(one.words()[value])
        return written.get(one.kind, str(one.typed(value) if one.is_counted else value))

    def listed(self, *lines: list[Any]) -> bytes:
        """A list with its headings."""
        return template_xlsx("list", heads(self.ledger), lines)

    def test_the_pages_speak_both_languages(self, world: Any, settings: Any) -> None:
        settings.SECOND_FACTOR = False
        about, row = self.about(world.a), enter_row(self.ledger, world.a, self.about(world.a))
        pages = [self.ledger.url(page, about.id) for page in ("list", "new", "take_in")]
        client = world.client("district_officer")
        for language in ("zh-hans", "en"):
            client.cookies["heli-language"] = language
            with translation.override(language):
                shown = [one for one in self.ledger.at(ShownIn.PAGE) if not one.is_lead and not one.beside]
                # What only moves write is not there yet.
                fields = [one for one in shown if one.kind is not FieldKind.TEXT or ShownIn.FORM in one.where]
                fields = [one for one in fields if one.kind is not FieldKind.FILE]
                words = [str(one.label) for one in fields if one.name != self.ledger.title]
                answer = unescape(client.get(self.ledger.url("row", about.id, row.public_id)).content.decode())
                assert [word for word in words if word not in answer] == []
                for page in pages:
                    assert str(self.ledger.words.tab) in client.get(page).content.decode()

    def test_a_longer_list_takes_no_more_queries(self, world: Any) -> None:
        about, actor = self.about(world.a), world.a.actor("town_officer")
        enter_row(self.ledger, world.a, about)
        with CaptureQueriesContext(connection) as few:
            queries.lines_of(self.ledger, actor, about, DAY)
        for _time in range(5):
            enter_row(self.ledger, world.a, about)
        with CaptureQueriesContext(connection) as many:
            assert len(queries.lines_of(self.ledger, actor, about, DAY)) == 6
        assert len(many) == len(few)
