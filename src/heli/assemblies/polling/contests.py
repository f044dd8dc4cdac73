"""The polling pack of a contest: everything but the hall is known already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from heli.assemblies.catalogues import election_kind, post_words
from heli.assemblies.models import Nominee, UnitContest
from heli.assemblies.polling.pack import PollingPack, render_pack, words
from heli.assemblies.rules.ballots import BallotPost
from heli.assemblies.rules.hall import HallWish
from heli.assemblies.texts import as_fault
from heli.files.documents import official_date
from heli.kernel.faults import Fault, Refused, Unsound


@dataclass(frozen=True, slots=True)
class PollingDay:
    """What is chosen for a pack: the hall, the hours as they are printed, how many boxes go from door to door."""

    hall: HallWish
    hours: str
    mobile_boxes: int


def pack_of(
    contest: UnitContest, nominees: Iterable[Nominee], day: PollingDay, *, unit: str, is_sample: bool
) -> PollingPack:
    """The pack of a contest, its election at hand. Raises `Refused` until the unit has its voters and everybody was reviewed."""
    stands = [one for one in nominees if one.is_qualified is not False]
    faults = []
    if contest.registered is None:
        faults.append(Fault("no_voters", _("Write the number of registered voters first.")))
    kind = election_kind(contest.election.body)
    if any(one.is_qualified is None for one in stands):
        faults.append(Fault("not_reviewed", _("Not everybody on the ballot has been reviewed.")))
    posts = [post for post in kind.posts if contest.seats.get(post)]
    named = {post: tuple(one.name for one in stands if one.post == post) for post in posts}
    if empty := [post_words(kind.body, post) for post, names in named.items() if not names]:
        faults.append(Fault("nobody_stands", _("Nobody stands for: %(posts)s.") % {"posts": "、".join(empty)}))
    if faults:
        raise Refused(faults)
    with translation.override("zh-hans"):  # a ballot is an official paper
        ballot = tuple(
            BallotPost(post_words(kind.body, post), contest.seats[post], names) for post, names in named.items()
        )
    second = words()["titles"]["second"] if contest.round == 2 else ""
    return PollingPack(
        unit=unit,
        title=f"{contest.election.title}{second}",
        day=official_date(contest.on),
        hours=day.hours,
        voters=contest.registered or 0,
        posts=ballot,
        hall=day.hall,
        mobile_boxes=day.mobile_boxes,
        is_sample=is_sample,
    )


def drawn(pack: PollingPack) -> bytes:
    """The PDF of a pack. Raises `Refused`, where there is no room with how much there is."""
    try:
        return render_pack(pack)
    except Unsound as wrong:
        raise Refused([as_fault(finding) for finding in wrong.findings]) from wrong


def drawn_all(
    contests: Iterable[UnitContest], day: PollingDay, units: Mapping[int, str], *, is_sample: bool
) -> Iterator[tuple[str, bytes]]:
    """A PDF for each contest by its file name, nominees at hand; last a text that names the units without one, and why."""
    left = []
    for contest in contests:
        unit = units[contest.pk]
        try:
            content = drawn(pack_of(contest, contest.nominees.all(), day, unit=unit, is_sample=is_sample))
        except Refused as refused:
            left.append(f"{unit}: {' '.join(fault.message for fault in refused.faults)}")
        else:
            yield f"{unit}.pdf", content
    if left:
        yield f"{_('Without a pack')}.txt", "\r\n".join(left).encode("utf-8-sig")
