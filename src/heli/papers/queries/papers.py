"""What documents are filled with: campaign, plan, towns, villages, steps and proof, for many places in few queries."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from operator import attrgetter

from django.utils import translation

from heli.campaigns.queries import Campaign
from heli.campaigns.queries.picture import CampaignPicture, PlaceTrack, StepRow, picture
from heli.campaigns.queries.standing import colours_of, live_standing
from heli.campaigns.queries.steps import accepted_days, proof_in_force
from heli.campaigns.queries.workpoints import due_by
from heli.campaigns.texts import COLOURS, EVIDENCE, STATUSES, role_of
from heli.campaigns.types import DONE, OPEN, Colour, EvidenceKind, StepStatus
from heli.files.documents import official_date
from heli.files.templating.documents import Value, Values
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Ask, Waiting
from heli.kernel.levels import Per
from heli.kernel.offers import offered
from heli.kernel.quantities import Ratio
from heli.kernel.telling import Told
from heli.kernel.workdays import calendar
from heli.papers.queries.asked import asked_in
from heli.papers.queries.figures import MEASURES, SEPARATOR, number
from heli.papers.queries.owned import entered_in, whose
from heli.papers.queries.templates import catalogue
from heli.places import queries as places
from heli.planning import queries as planning
from heli.planning.queries import MergerUnit
from heli.planning.wording import KIND_LABELS

NAMED = 8
"""So many problems are named in a document of the district."""


@dataclass(frozen=True)
class Papers:
    """What documents of some places of a campaign are filled with, read once. Texts are Chinese, as documents are."""

    campaign: Campaign
    on: date
    seen: CampaignPicture
    standing: planning.ScenarioStanding | None
    names: Mapping[int, str]
    kinds: Mapping[int, str]
    codes: Mapping[int, str]
    facts: Mapping[str, Mapping[int, tuple[int, date]]]
    accepted: Mapping[int, date]
    proof: Mapping[int, Sequence[tuple[str, str, date]]]
    entered: Mapping[int, Mapping[str, Value]]

    # --- shared by all documents of the campaign -----------------------------------------------------------------------

    @cached_property
    def units(self) -> list[MergerUnit]:
        """The units of the plan that the campaign carries out."""
        return planning.units_of(self.standing) if self.standing is not None else []

    @cached_property
    def unit_of(self) -> Mapping[int, MergerUnit]:
        """Units by each of their members, and by what the members went on in."""
        found = {member: unit for unit in self.units for member, _name in unit.members}
        by_track = {track.lane.id: track for track in self.seen.tracks.values()}
        for track in self.seen.tracks.values():
            heir = by_track.get(track.lane.successor or 0)
            if heir is not None and track.lane.place in found:
                found.setdefault(heir.lane.place, found[track.lane.place])
        return found

    @cached_property
    def late(self) -> Mapping[int, int]:
        """{step: working days late} of all steps read."""
        return {row.id: self.seen.days_late(row) for steps in self.seen.rows.values() for row in steps.values()}

    @cached_property
    def matters_due(self) -> list[tuple[Waiting, date]]:
        """What waits in the whole campaign and is due by Sunday (problems, decisions), the most pressing first."""
        found = due_by(self.campaign, self.on - timedelta(days=self.on.weekday()) + timedelta(days=6))
        return [(one, due_on) for due, one, due_on in found if not due.is_spread]

    def short(self, place: int | None) -> str:
        """A place as sentences call it, "" for none."""
        return self.names.get(place or 0, "")

    def spoken(self, town: int | None) -> dict[str, str]:
        """How a town is spoken of by its kind: its name, its office, what it calls itself, its Party committee."""
        kind = catalogue().offices.get(self.kinds.get(town or 0, "")) or catalogue().offices[""]
        name = self.short(town)
        office = name + kind.suffix if name else ""
        return {"town": name, "town_office": office, "town_kind": kind.itself, "town_party": kind.party}

    @cached_property
    def common(self) -> dict[str, Value]:
        """The fields of the campaign and its plan."""
        campaign, monday = self.campaign, self.on - timedelta(days=self.on.weekday())
        days = [date.fromisoformat(window[1]) for window in campaign.windows.values()]
        values: dict[str, Value] = {
            "district": self.short(campaign.district_id),
            "campaign_name": campaign.name,
            "campaign_start": official_date(campaign.starts_on),
            "campaign_end": official_date(campaign.fixed_on or max(days)) if campaign.fixed_on or days else "",
            "today": official_date(self.on),
            "week_from": official_date(monday),
            "week_to": official_date(monday + timedelta(days=6)),
            "timetable": list(self._timetable()),
        }
        return values | self._plan()

    def _timetable(self) -> Iterator[dict[str, str]]:
        days = calendar()
        stages = {stage.key: stage.title.zh for stage in self.seen.playbook.stages}
        for place, rule in enumerate(self.seen.playbook.steps, 1):
            start, due = (date.fromisoformat(day) for day in self.campaign.windows[rule.key])
            provisional = days.is_provisional(start) or days.is_provisional(due)
            yield {
                "number": str(place),
                "stage": stages[rule.stage],
                "title": rule.title.zh,
                "who": role_of(rule.does),
                "start": start.isoformat(),
                "due": due.isoformat(),
                "note": provisional_word() if provisional else "",
            }

    def _plan(self) -> dict[str, Value]:
        standing = self.standing
        if standing is None or not self.units:
            return {}
        counts, accepted = planning.villages_by_town(standing), standing.acceptance
        before, after = (sum(pair[part] for pair in counts.values()) for part in (0, 1))
        changed = [unit for unit in self.units if unit.is_change]
        return {
            "plan_name": standing.scenario.name,
            "plan_number": accepted.document_number if accepted else "",
            "plan_date": official_date(accepted.document_on) if accepted else "",
            "villages_before": number(before),
            "villages_after": number(after),
            "villages_removed": number(before - after),
            "reduction": f"{Ratio(before - after, before).percent_text()}%" if before else "",
            "towns_count": number(len(counts)),
            "mergers": [self._unit_row(place, unit) for place, unit in enumerate(changed, 1)],
        }

    def _unit_row(self, place: int, unit: MergerUnit) -> dict[str, str]:
        return {
            "number": str(place),
            "name": unit.name,
            "town": unit.town,
            "kind": str(KIND_LABELS[unit.kind]),
            "members": SEPARATOR.join(name for _place, name in unit.members),
            "population": number(unit.population),
            "centre": unit.centre,
        }

    # --- the district --------------------------------------------------------------------------------------------------

    def of_district(self) -> Values:
        """A document of the whole district."""
        colours: dict[Colour, int] = dict.fromkeys(Colour, 0)
        villages = {track.lane.place for track in self.seen.villages}
        standing = live_standing(self.campaign, self.on)
        for one in colours_of(standing, self.seen.clock, self.seen.rules):
            if one.place in villages:
                colours[Colour(one.colour)] += 1
        rows = [row for steps in self.seen.rows.values() for row in steps.values()]
        done, late, every = self._counts(rows)
        return {
            **self.common,
            "steps_all": number(every),
            "steps_done": number(done),
            "steps_late": number(late),
            **{f"{colour}_count": number(count) for colour, count in colours.items()},
            "towns": list(self._towns()),
            "problems": [self._problem(place, row) for place, row in enumerate(self.told("problems.open")[:NAMED], 1)],
            "red_again": SEPARATOR.join(self.short(row.place) for row in self.told("warnings.red_again")),
        }

    def told(self, telling: str) -> Sequence[Told]:
        """The rows that another room tells by name, as they stand on the day."""
        ask, about = Ask(district_ids=(self.campaign.district_id,), on=self.on), self.campaign.public_id
        return next((one.read(ask, about) for one in offered("sentences", "TELLINGS") if one.id == telling), ())

    def _problem(self, number_: int, row: Told) -> dict[str, str]:
        is_late = row.due_on is not None and row.due_on < self.on
        names = places.names_at({key for key in (row.town, row.place) if key is not None}, self.on)
        return {
            "number": str(number_),
            "town": names.get(row.town or 0, ""),
            "place": names.get(row.place or 0, ""),
            "title": row.title,
            "who": row.who,
            "due": f"{row.due_on.month}月{row.due_on.day}日" if row.due_on else "",
            "state": ("是" if is_late else "否") if row.due_on else "",
        }

    def _counts(self, rows: Sequence[StepRow]) -> tuple[int, int, int]:
        """Done, late and all of some steps; what went on elsewhere does not count."""
        done = sum(row.status in DONE for row in rows)
        return done, sum(self.late[row.id] > 0 for row in rows), done + sum(row.status in OPEN for row in rows)

    def _town_rows(self, town: int) -> list[StepRow]:
        tracks = [track for track in self.seen.tracks.values() if town in (track.lane.town, track.lane.place)]
        return [row for track in tracks for row in self.seen.rows.get(track.lane.id, {}).values()]

    def _towns(self) -> Iterator[dict[str, str]]:
        plan = planning.villages_by_town(self.standing) if self.standing is not None else {}
        towns = [track for track in self.seen.tracks.values() if track.per is Per.TOWN]
        for place, track in enumerate(sorted(towns, key=lambda track: track.lane.place), 1):
            before, after = plan.get(track.lane.place, (0, 0))
            done, late, every = self._counts(self._town_rows(track.lane.place))
            known = track.lane.place in plan
            yield {
                "number": str(place),
                "name": self.short(track.lane.place),
                "before": number(before) if known else "",
                "after": number(after) if known else "",
                "removed": number(before - after) if known else "",
                "done": number(done),
                "open": number(every - done),
                "late": number(late),
            }

    # --- a town --------------------------------------------------------------------------------------------------------

    def of_town(self, town: int) -> Values:
        """A document of one town."""
        plan = planning.villages_by_town(self.standing) if self.standing is not None else {}
        values: dict[str, Value] = {**self.common, **self.spoken(town)}
        values |= asked_in(self.campaign, self.seen, town, self.names, self.on)
        if town in plan:
            before, after = plan[town]
            changed = [unit for unit in self.units if unit.is_change and unit.town_id == town]
            values |= {
                "town_before": number(before),
                "town_after": number(after),
                "town_removed": number(before - after),
                "town_mergers": [self._unit_row(place, unit) for place, unit in enumerate(changed, 1)],
            }
        rows = self._town_rows(town)
        done, late, every = self._counts(rows)
        sunday = self.on - timedelta(days=self.on.weekday()) + timedelta(days=6)
        due = [row for row in rows if row.status in OPEN and self.on <= row.due_on <= sunday]
        overdue = sorted((row for row in rows if self.late[row.id]), key=lambda row: -self.late[row.id])
        return values | {
            "town_steps_all": number(every),
            "town_steps_done": number(done),
            "town_steps_late": number(late),
            "due_steps": [
                self._step(place, row) for place, row in enumerate(sorted(due, key=attrgetter("due_on", "ordinal")), 1)
            ],
            "late_steps": [self._step(place, row) for place, row in enumerate(overdue, 1)],
            "due_matters": [
                {
                    "number": str(place),
                    "place": self.short(one.place),
                    "title": one.title,
                    "who": one.who,
                    "due": due_on.isoformat(),
                }
                for place, (one, due_on) in enumerate((pair for pair in self.matters_due if pair[0].town == town), 1)
            ],
        }

    def _step(self, place: int, row: StepRow) -> dict[str, str]:
        rule = self.seen.playbook.by_key[row.key]
        stages = {stage.key: stage.title.zh for stage in self.seen.playbook.stages}
        provisional = calendar().is_provisional(row.due_on)
        return {
            "number": str(place),
            "place": self.short(self.seen.tracks[row.track].lane.place),
            "stage": stages[rule.stage],
            "title": rule.title.zh,
            "who": role_of(rule.does),
            "start": row.start_on.isoformat(),
            "due": row.due_on.isoformat() + (f"({provisional_word()})" if provisional else ""),
            "status": str(STATUSES[StepStatus(row.status)]),
            "done": self.accepted[row.id].isoformat() if row.id in self.accepted else "",
            "proof": str(len(self.proof.get(row.id, ()))),
            "days": str(self.late[row.id]),
            "colour": str(COLOURS[self.seen.colour(row)]),
        }

    # --- a village and what it goes on in ------------------------------------------------------------------------------

    def of_village(self, village: int) -> Values:
        """A document of one village: itself, its town, what it goes on in, its steps and their proof."""
        track = self.seen.by_place.get(village)
        town = track.lane.town if track is not None else None
        rows = list(self.seen.rows.get(track.lane.id, {}).values()) if track is not None else []
        days = [self.facts[measure][village][1] for measure in self.facts if village in self.facts[measure]]
        unit = self.unit_of.get(village)
        return {
            **self.common,
            **self.spoken(town),
            "village": self.short(village),
            "village_name": places.committee_name(self.short(village)),
            "code": self.codes.get(village, ""),
            **{field: self._figure(village, field) for field in MEASURES},
            "figures_on": official_date(max(days)) if days else "",
            **whose(self.entered.get(village, {}), self.short(village), self.common.get("plan_date", "")),
            "steps": [self._step(place, row) for place, row in enumerate(rows, 1)],
            "evidence": list(self._evidence(rows)),
            **(self._successor(unit) if unit is not None and unit.is_change else {}),
        }

    def _figure(self, place: int, field: str) -> str:
        measure, unit, decimals = MEASURES[field]
        known = self.facts[measure].get(place)
        return number(known[0], unit, decimals) if known is not None else ""

    def _evidence(self, rows: Sequence[StepRow]) -> Iterator[dict[str, str]]:
        pieces = [(row, piece) for row in rows for piece in self.proof.get(row.id, ())]
        for place, (row, (kind, name, day)) in enumerate(pieces, 1):
            title = self.seen.playbook.by_key[row.key].title.zh
            shown = str(EVIDENCE[EvidenceKind(kind)])
            yield {"number": str(place), "title": title, "kind": shown, "name": name, "on": day.isoformat()}

    def _successor(self, unit: MergerUnit) -> dict[str, Value]:
        row = self._unit_row(1, unit)
        homes = [self.facts["households"].get(member) for member, _name in unit.members]
        known = [value for one in homes if one is not None for value in one[:1]]
        return {
            "new_village": row["name"],
            "merger_kind": row["kind"],
            "member_names": row["members"],
            "member_count": number(len(unit.members)),
            "new_population": row["population"],
            # A sum that lacks a village would look like a total.
            "new_households": number(sum(known)) if len(known) == len(unit.members) else "",
            "centre": row["centre"],
            "members": [self._member(place, *member) for place, member in enumerate(unit.members, 1)],
        }

    def _member(self, place: int, member: int, name: str) -> dict[str, str]:
        fields = ("population", "households", "groups", "party_members", "farmland")
        return {
            "number": str(place),
            "name": name,
            **{field: self._figure(member, field) for field in fields},
            "income": self._figure(member, "collective_income"),
        }

    def of(self, per: Per, place: int) -> Values:
        """The values of a document that is made once per this, for the place."""
        with translation.override("zh-hans"):
            if per is Per.DISTRICT:
                return self.of_district()
            return self.of_town(place) if per is Per.TOWN else self.of_village(place)


def provisional_word() -> str:
    """How documents mark a day that rests on a year without an official calendar."""
    return translation.gettext("provisional")


def load_papers(campaign: Campaign, on: date, place_ids: Collection[int], *, whole: bool = True) -> Papers:
    """Everything that documents of these places need. `whole`: towns and the district too, so that every step is read.

    The number of queries does not grow with the places.
    """
    wanted = set(place_ids)
    tracks = None if whole else [track.lane.id for track in _tracks(campaign, on) if track.lane.place in wanted]
    seen = picture(SYSTEM, campaign, on, track_ids=tracks)
    standing = planning.standing(campaign.scenario) if campaign.scenario is not None else None
    draft = Papers(campaign, on, seen, standing, {}, {}, {}, {}, {}, {}, {})
    units = [draft.unit_of[place] for place in wanted if place in draft.unit_of]
    members = wanted | {member for unit in units for member, _name in unit.members}
    named = members | {track.lane.place for track in seen.tracks.values()} | {campaign.district_id}
    rows = places.rows_of(named, on)
    steps = [row.id for place in wanted for row in _steps(seen, place)]
    return Papers(
        campaign=campaign,
        on=on,
        seen=seen,
        standing=standing,
        names=places.names_at(named, on),
        kinds={key: row.kind for key, row in rows.items()},
        codes={key: row.code for key, row in rows.items()},
        facts={measure: _facts(members, measure, on) for measure, _unit, _decimals in MEASURES.values()},
        accepted=accepted_days(steps),
        proof=proof_in_force(steps, seen.playbook),
        entered=entered_in(campaign.public_id, wanted, on),
    )


def _tracks(campaign: Campaign, on: date) -> Collection[PlaceTrack]:
    return picture(SYSTEM, campaign, on, track_ids=()).tracks.values()


def _steps(seen: CampaignPicture, place: int) -> Collection[StepRow]:
    track = seen.by_place.get(place)
    return seen.rows.get(track.lane.id, {}).values() if track is not None else ()


def _facts(place_ids: Collection[int], measure: str, on: date) -> dict[int, tuple[int, date]]:
    return {place: (fact.value, fact.on) for place, fact in places.facts_on(place_ids, measure, on).items()}
