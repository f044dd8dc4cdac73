"""Keying the papers of counting tables: blind, by two people; what differs is read by a third beside the photo."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.assemblies.catalogues import limit
from heli.assemblies.models import CountSheet, SheetState, UnitContest
from heli.assemblies.queries.elections import KEY, facts_of, paper_of, standing_sheets
from heli.assemblies.rules.law import shelf
from heli.assemblies.rules.tallies import Numbers, check_numbers, differing, is_unusual, returned_of
from heli.assemblies.services.elections import hold_open
from heli.assemblies.texts import as_fault
from heli.audit.services import writing
from heli.files.services import take_given
from heli.files.services.uploads import Multipart
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.ui.uploads import Uploaded

WHAT = "assemblies.tallies"


def key_sheet(
    *,
    actor: Actor,
    sheet: CountSheet,
    numbers: Numbers,
    word: str = "",
    photo: Uploaded | Multipart | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> CountSheet:
    """Key a sheet as the first or the second person, without seeing the other's numbers. Where both are the same they are agreed.

    Refused, with the sheet, the field and what to do: an identity that breaks, a second keying by the same person, an unusual share
    of invalid ballots without a word, a sheet that two have keyed.
    """
    with writing(actor, WHAT, action=KEY, place_id=sheet.contest.place_id, at=at) as act:
        contest, held = _hold(sheet)
        _refuse_again(actor, held)
        if held.state not in {SheetState.WAITING, SheetState.ONCE}:
            raise Refused(Fault("keyed_already", _("Two people have keyed this sheet already."), source=held.name))
        _check(contest, held, numbers, word)
        today, is_first = on or timezone.localdate(), held.first_by_id is None
        which = "first" if is_first else "second"
        setattr(held, which, dict(numbers))
        setattr(held, f"{which}_by_id", actor.id)
        setattr(held, f"{which}_on", today)
        held.word = word.strip() or held.word
        if photo is not None:
            held.photo = take_given(
                actor=actor, given=photo, purpose=KEY, action=KEY, place_id=contest.place_id, photo=True, at=at
            )
        if is_first:
            held.state = SheetState.ONCE
        elif held.first == held.second:
            _agree(held, numbers)
        else:
            held.state = SheetState.DIFFERS
        held.save()
        act.subject, act.after = f"sheet:{held.public_id}", {"did": f"key_{which}", "state": held.state}
    return held


def settle_sheet(
    *,
    actor: Actor,
    sheet: CountSheet,
    values: Numbers,
    word: str = "",
    on: date | None = None,
    at: datetime | None = None,
) -> CountSheet:
    """Read, as a third person, the fields in which two keyings differ, from the paper or its photo; the others stand."""
    with writing(actor, WHAT, action=KEY, place_id=sheet.contest.place_id, at=at) as act:
        contest, held = _hold(sheet)
        _refuse_again(actor, held)
        if held.state != SheetState.DIFFERS:
            raise Refused(Fault("nothing_differs", _("Nothing differs here any more."), source=held.name))
        first, asked = held.first or {}, differing(held.first or {}, held.second or {})
        text = _("Read this number from the paper.")
        if missing := [Fault("number_missing", text, field=name) for name in asked if name not in values]:
            raise Refused(missing)
        whole = {**first, **{name: values[name] for name in asked}}
        _check(contest, held, whole, word)
        held.third = {name: values[name] for name in asked}
        held.third_by_id, held.third_on = actor.id, on or timezone.localdate()
        held.word = word.strip() or held.word
        _agree(held, whole)
        held.save()
        act.subject, act.after = f"sheet:{held.public_id}", {"did": "key_third", "fields": len(asked)}
    return held


def withdraw_keying(*, actor: Actor, sheet: CountSheet, at: datetime | None = None) -> CountSheet:
    """Take one's own keying back, before two agree: it was another sheet's, or the table is counted again."""
    with writing(actor, WHAT, action=KEY, place_id=sheet.contest.place_id, at=at) as act:
        _contest, held = _hold(sheet)
        if held.state == SheetState.AGREED:
            raise Refused(
                Fault("agreed_already", _("Two have agreed: this sheet is no longer taken back."), source=held.name)
            )
        if actor.id is None or actor.id not in {held.first_by_id, held.second_by_id}:
            raise Refused(Fault("not_yours", _("You have not keyed this sheet."), source=held.name))
        if actor.id == held.first_by_id:
            held.first, held.first_by_id, held.first_on = held.second, held.second_by_id, held.second_on
        held.second, held.second_by_id, held.second_on = None, None, None
        held.state = SheetState.WAITING if held.first_by_id is None else SheetState.ONCE
        held.save()
        act.subject, act.after = f"sheet:{held.public_id}", {"did": "withdraw", "state": held.state}
    return held


def _hold(sheet: CountSheet) -> tuple[UnitContest, CountSheet]:
    """The contest, locked, and the sheet as it is now: whoever keys, declares or takes back at the same moment waits."""
    contest = hold_open(sheet.contest)
    held = CountSheet.objects.filter(pk=sheet.pk, poured_on__isnull=True).first()
    if held is None:
        raise Refused(Fault("table_unknown", _("This table's boxes are counted at another one."), source=sheet.name))
    return contest, held


def _refuse_again(actor: Actor, held: CountSheet) -> None:
    if actor.id is None:
        raise Refused(Fault("no_person", _("A sheet is keyed by people."), source=held.name))
    if actor.id in {held.first_by_id, held.second_by_id, held.third_by_id}:
        text = _("You have keyed this sheet yourself: another person does this.")
        raise Refused(Fault("same_person", text, source=held.name))


def _check(contest: UnitContest, held: CountSheet, numbers: Mapping[str, int], word: str) -> None:
    alone = len(standing_sheets(contest)) == 1
    findings = check_numbers(
        facts_of(contest), paper_of(held), numbers, shelf=shelf(), least=limit("least_together"), is_alone=alone
    )
    found = [as_fault(one) for one in findings]
    if not found and is_unusual(numbers, limit("unusual_permille")) and not (word.strip() or held.word):
        text = _("%(invalid)s of %(returned)s ballots are invalid, unusually many: look again, and say a word on why.")
        said = {"invalid": numbers["invalid"], "returned": returned_of(numbers)}
        found.append(Fault("word_missing", text % said, field="word", source=held.name))
    if found:
        raise Refused(found)


def _agree(held: CountSheet, numbers: Numbers) -> None:
    held.numbers, held.state = dict(numbers), SheetState.AGREED
    held.returned = returned_of(numbers)
    held.unreturned, held.invalid, held.valid = numbers["unreturned"], numbers["invalid"], numbers["valid"]
