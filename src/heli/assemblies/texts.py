"""What the rules of assemblies find, in sentences."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.faults import Fault, Finding
from heli.records.reading import FORM_SENTENCES

SENTENCES: Mapping[str, Promise] = {
    **FORM_SENTENCES,
    "unknown_province": _(
        "“%(code)s” is no province. Write CN, or CN- and the two digits of the province, such as CN-51."
    ),
    "no_pack": _("No pack of law was in force on %(day)s: the first holds from %(first)s. Correct the day."),
    "no_law": _("No pack of law speaks of this body."),
    "overlay_not_in_force": _("What was read of %(code)s is not in force on this day: national law alone."),
    "unread_province": _("The law of %(code)s was not read: national law alone."),
    "by_analogy": _("The measures read of %(code)s are those for villages: applied by analogy."),
    "nobody_entitled": _("Nobody is entitled. Write how many there are."),
    "too_many": _("“%(part)s” is more than “%(whole)s”: %(a)s > %(b)s. Count again."),
    "too_many_votes": _("More votes than people present: %(votes)s > %(present)s. Count again."),
    "unknown_mode": _("The mode of this body is one of: %(modes)s."),
    "not_said": _("Not tested, since “%(name)s” was not given: %(article)s."),
    "wrong_body": _("This matter is not for this body: %(article)s."),
    "not_entrusted": _("The body decides this only when the assembly has entrusted it: %(article)s."),
    "round": _("The round is 1 or 2."),
    "nobody_registered": _("Nobody is registered. Write how many there are."),
    "too_many_unreachable": _("More cannot be reached than are registered. Count again."),
    "posts": _("Every post is there once, and at least one. Correct the list."),
    "candidate_twice": _("A candidate is there twice for “%(post)s”. Give one another id."),
    "relatives": _("Relatives are pairs of two candidates, such as [“a”, “b”]."),
    "mode_of_election": _("This committee is not elected in this way. Correct the mode."),
    "heads": _("This province counts heads: write the participants."),
    "no_totals": _("“%(key)s” is missing: write the sheets or the totals."),
    "no_votes": _("A candidate has no votes: write the sheets or the votes."),
    "identity_negative": _("%(where)s: A number is below zero. Count it again."),
    "identity_issued": _("%(where)s: Ballots issued are not those returned and unreturned together. Count it again."),
    "identity_returned": _("%(where)s: Ballots returned are not the valid and the invalid together. Count it again."),
    "identity_votes": _(
        "%(where)s: A candidate has more votes than there are valid ballots, or is not on the ballot. Count it again."
    ),
    "identity_votes_total": _("%(where)s: There are more votes than valid ballots times seats. Count it again."),
    "number_missing": _("Write this number."),
    "returned_over_issued": _(
        "More ballots came back in “%(box)s” than were issued: %(returned)s > %(issued)s. Count them again; if it stays so, the "
        "law decides on the box."
    ),
    "too_few_together": _(
        "So few ballots are not counted apart: pour the box together with another table's, at least %(least)s ballots."
    ),
    "hall_size": _("A hall measures %(least)s to %(most)s metres each way."),
    "desks_too_many": _("The left wall has room for %(most)s desks."),
    "boxes_too_many": _("The front has room for %(most)s boxes."),
    "booths_too_many": _("The right side has room for %(most)s booths."),
    "wheelchairs_too_many": _("The first row has room for %(most)s wheelchairs."),
    "ballot_posts": _("A ballot has at least one post and at most %(most)s."),
    "ballot_no_seat": _("“%(post)s” has no seat."),
    "ballot_name_twice": _("“%(name)s” stands twice for “%(post)s”. Tell the two apart as on the voters' list."),
    "ballot_too_long": _("A ballot has room for %(most)s lines below each other, those for other names included."),
    "stages": _("There is at least one stage, and each has a name of its own."),
    "not_above_zero": _("“%(key)s” must be more than 0."),
    "peak": _("The peak is a minute of the window: write “peak_min”."),
    "weights": _("Slots need weights of 0 and more, not all 0."),
    "assisted": _("Assisted voters are at most 10000 hundredths of a percent, at a stage that there is."),
    "too_much": _("This is more than a rehearsal can hold: %(limit)s services. Take fewer replications."),
}


def as_fault(finding: Finding) -> Fault:
    """A finding of the rules as a sentence."""
    facts = dict(finding.facts)
    if "station" in facts:
        facts["where"] = now("sheet %(station)s") % facts if facts["station"] else now("totals")
    return finding.said(str(SENTENCES[finding.code]), facts)


STAGES: Mapping[str, Promise] = {
    "desk": _("Desks that hand out ballots"),
    "booth": _("Booths to write in"),
    "box": _("Ballot boxes"),
}
"""The stages of an ordinary rehearsal; a file names its own."""
BODIES: Mapping[str, Promise] = {
    "villagers_assembly": _("Villagers' assembly"),
    "villagers_congress": _("Congress of villagers' representatives"),
    "group_meeting": _("Meeting of a villagers' group"),
    "residents_assembly": _("Residents' assembly"),
    "residents_congress": _("Congress of residents' representatives"),
    "coop_members": _("Assembly of the co-operative's members"),
    "coop_delegates": _("Assembly of the co-operative's delegates"),
    "coop_board": _("Board of the co-operative"),
    "party_members": _("Meeting of Party members"),
    "recall_village": _("Recall of a villagers' committee's member"),
    "recall_residents": _("Recall of a residents' committee's member"),
    "by_election_village": _("By-election of a villagers' committee by the congress"),
    "by_election_residents": _("By-election of a residents' committee by the congress"),
}
MODES: Mapping[str, Promise] = {
    "": _("in the one way there is"),
    "adults": _("all adults"),
    "households": _("a delegate of each household"),
    "voters": _("all voters"),
    "representatives": _("representatives"),
}
MATTERS: Mapping[str, Promise] = {
    "merge_village": _("Merger of villages, or its boundary"),
    "convert_village": _("Village into community"),
    "village_affairs": _("Affairs of the village"),
    "resignation": _("A committee member resigns"),
    "merge_coop": _("Merger of co-operatives"),
    "charter": _("Charter of the co-operative"),
    "membership": _("Membership of the co-operative"),
    "land_and_shares": _("Land and shares"),
    "compensation": _("Compensation for land"),
    "annual_budget": _("Budget and accounts of the year"),
    "elect_board": _("Election of the board"),
    "nonmember_benefits": _("Benefits for those who are no members"),
}
RESULTS: Mapping[str, Promise] = {
    "refused": _("The sheets cannot be counted."),
    "void_box": _("Void: more ballots came back than were issued."),
    "void_turnout": _("Void: too few took part."),
    "undecidable": _("Outstanding ballots could still change the result."),
    "revote": _("Valid; votes are equal at the last seat: those are voted on again."),
    "incomplete": _("Valid; seats stay open for a second ballot."),
    "complete": _("Valid; all seats are filled."),
}
STEP_NAMES: Mapping[str, Promise] = {
    "proposed": _("The Party branch proposes"),
    "discussed": _("The committees discuss"),
    "reviewed": _("The Party members review"),
    "resolved": _("The assembly decides"),
    "decision_notice": _("The decision is published"),
    "result_notice": _("The result is published"),
}
KIND_NAMES: Mapping[str, Promise] = {
    "village": pgettext_lazy("law", "villages"),
    "residents": pgettext_lazy("law", "communities"),
    "coop": _("rural collective economic organisations"),
    "four_steps": _("four deliberations and two publications"),
}
TEST_NAMES: Mapping[str, Promise] = {
    "called": _("call"),
    "make_up": _("make-up"),
    "delegates": _("delegates"),
    "petition": _("petition"),
    "quorum": _("present"),
    "women_present": _("women present"),
    "passing": _("votes for"),
    "box": _("ballot box"),
    "turnout": _("turnout"),
    "elected": _("elected"),
    "second_ballot": _("second ballot"),
    "objection": _("days of objections"),
    "shown": _("shown only"),
}
