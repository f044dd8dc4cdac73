"""Figures of ledgers, as they stood at a moment by the history of their rows."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.utils import timezone

from heli.kernel.declare import Ask
from heli.kernel.telling import Told
from heli.places.counted import CountedRow, counted, moment_of
from heli.records.ledgers import Ledger
from heli.records.models import Event


@dataclass(frozen=True, slots=True)
class Then:
    """A row as it stood at the moment: its state, its due day, the day of its last event by then."""

    row: CountedRow
    status: str
    due_on: date | None
    day: date


@dataclass(frozen=True, slots=True)
class Past:
    """Readers over a ledger's rows as its history has them at the moment; `fields` are what a reader sees of each.

    The cells of a row: these fields, where it stood, until when it was due, when it was settled (`heads` names them).
    """

    ledger: Ledger
    fields: tuple[str, ...]

    def rows(self, ask: Ask) -> list[Then]:
        """Every row known at the moment; one query, read once."""
        return ask.shared(f"ledger.{self.ledger.name}", lambda: self._read(ask))

    def _read(self, ask: Ask) -> list[Then]:
        ledger, at = self.ledger, moment_of(ask)
        known: Any = ledger.model._default_manager.filter(district_id__in=ask.district_ids, opened_at__lte=at)
        if "found_on" in ledger.columns:
            known = known.filter(found_on__lte=ask.on)
        last = Event.objects.filter(ledger=ledger.name, row=OuterRef("public_id"), at__lte=at).order_by("-pk")
        rows = known.order_by("about", "number").annotate(
            status_then=Subquery(last.values("status")[:1]),
            due_then=Subquery(last.values("due_on")[:1]),
            moved_at=Subquery(last.values("at")[:1]),
        )
        columns = ("place_id", "town_id", "district_id", "about", "public_id", "status_then", "due_then", "moved_at")
        found = []
        for line in rows.values_list(*columns, *self.fields):
            about, public_id, status, due, moved = line[3:8]
            day, url = timezone.localdate(moved), ledger.url("row", about, public_id)
            shown = [self._cell(name, value) for name, value in zip(self.fields, line[8:], strict=True)]
            cells = [*shown, str(ledger.states(status).label), due or "", day if status == ledger.done else ""]
            found.append(Then(counted(ask, line[:3], (1, 1), cells, url), status, due, day))
        return found

    def _cell(self, name: str, value: Any) -> Any:
        return str(self.ledger.fields[name].words().get(value, value)) if self.ledger.fields[name].options else value

    def told(self, ask: Ask, about: str) -> list[Told]:
        """What an about had found and not settled at the moment, the earliest due first; one query."""
        ledger, at = self.ledger, moment_of(ask)
        last = Event.objects.filter(ledger=ledger.name, row=OuterRef("public_id"), at__lte=at).order_by("-pk")
        then: dict[str, Any] = {"about": about, "opened_at__lte": at, "found_on__lte": ask.on}
        rows = ledger.model._default_manager.filter(**then).annotate(
            status_then=Subquery(last.values("status")[:1]), due_then=Subquery(last.values("due_on")[:1])
        )
        columns = (
            "place_id",
            "town_id",
            "title",
            "kind",
            "cause" if "cause" in ledger.fields else Value(""),
            "leader_body__name",
            "leader_person__office",
            "leader_person__public_id",
        )
        found = [
            Told(
                place=place,
                town=town,
                title=title,
                kind=kind,
                cause=cause,
                who=body or office or "",
                person=person or "",
                due_on=due,
            )
            for place, town, title, kind, cause, body, office, person, status, due in rows.order_by(
                "number"
            ).values_list(*columns, "status_then", "due_then")
            if status != ledger.done
        ]
        return sorted(found, key=lambda one: one.due_on or date.max)

    def known(self, ask: Ask) -> list[CountedRow]:
        """Every row."""
        return [then.row for then in self.rows(ask)]

    def done(self, ask: Ask) -> list[CountedRow]:
        """Settled ones over all."""
        return [replace(then.row, above=int(then.status == self.ledger.done)) for then in self.rows(ask)]

    def in_time(self, ask: Ask) -> list[CountedRow]:
        """Those settled by their due day over all settled ones."""
        done = (then for then in self.rows(ask) if then.status == self.ledger.done)
        return [replace(then.row, above=int(then.due_on is None or then.day <= then.due_on)) for then in done]

    def late(self, ask: Ask) -> list[CountedRow]:
        """Open ones whose due day has ended."""
        opened = (then for then in self.rows(ask) if then.status != self.ledger.done)
        return [then.row for then in opened if then.due_on is not None and then.due_on < ask.on]
