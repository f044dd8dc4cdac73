"""Reads of pay: what each holder is paid in a year, what a year costs, one's own. Asked for the pay office and for oneself only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from heli.kernel.access import Actor
from heli.kernel.quantities import Ratio, round_half_up
from heli.posts.ledger.placing import term_after
from heli.posts.models import GradedYear, Holding, PayAccount, PayRule
from heli.posts.rules.pay import PaidSpan, PayScale, cut, median_of, pay_of

WELL_PAID = 4_000_000
"""40,000 yuan a year."""


def pay_rules(district_id: int) -> list[PayRule]:
    """Every rule of a district, the earliest first."""
    return list(PayRule.objects.filter(district=district_id).order_by("valid_from"))


def scale_of(rule: PayRule) -> PayScale:
    """The scale of a rule."""
    return PayScale(rule.bases, rule.shares, rule.floor)


def rule_on(rules: Sequence[PayRule], on: date) -> PayRule | None:
    """The rule in force on a day."""
    return next((one for one in reversed(rules) if one.valid_from <= on), None)


@dataclass(frozen=True, slots=True)
class PaidHolder:
    """What somebody is paid: in the year (`fen`, of which `kept` for a term after the office), and a full year as they stand now.

    `holding` is the post that counts of a pair; `kinds` are those of all they hold on the day, none once they left.
    """

    holding: Holding
    kinds: tuple[str, ...]
    grade: str
    fen: int
    kept: int

    def a_year(self, scale: PayScale, grade: bool = True) -> int:
        """A full year by a scale, in fen; without the `grade` what the post pays whoever holds it."""
        exact = scale.a_year(self.kinds, self.grade if grade else "")
        return round_half_up(exact.numerator, exact.denominator)


def _paid(district_id: int, first: date, until: date) -> QuerySet[Holding]:
    """Holdings of a district in a time, or whose pay is kept into it."""
    ends = Q(valid_to=None) | Q(valid_to__gt=first) | Q(pay_kept_until__gt=first)
    where = Q(post__body__place__district=district_id) | Q(post__body__place=district_id)
    found = Holding.objects.filter(ends, where, person__isnull=False, valid_from__lt=until)
    return found.select_related("person", "post__body", "same_as__post").order_by(
        "post__body__name", "post", "valid_from"
    )


def pay_of_year(district_id: int, year: int, on: date, only: Q | None = None) -> list[PaidHolder]:
    """Everybody who is paid for a post in a year, by the rules of each day; of a pair one line. A constant number of queries."""
    first, until = date(year, 1, 1), date(year + 1, 1, 1)
    rules = pay_rules(district_id)
    found = list(_paid(district_id, first, until).filter(only or Q()))
    second = {one.same_as_id for one in found if one.same_as_id}
    grades = dict(
        GradedYear.objects.filter(holding__in=[one.pk for one in found], year=year).values_list("holding", "grade")
    )
    lines = []
    for one in found:
        if one.pk in second:
            continue
        held = [one, *([one.same_as] if one.same_as else [])]
        grade = grades.get(one.pk, "")
        spans = [
            PaidSpan(scale_of(rule), kinds, day, end, grade)
            for day, end, rule, kinds in _spans(rules, held, first, until)
        ]
        kept = [
            PaidSpan(scale_of(rule), (part.post.kind,), max(part.valid_to, first), min(ends, until))
            for part in held
            if part.valid_to and part.pay_kept_until
            and (ends := min(part.pay_kept_until, term_after(part.valid_to))) > first
            and (rule := rule_on(rules, date.fromordinal(part.valid_to.toordinal() - 1)))
        ]  # fmt: skip
        if any(span.scale.a_year(span.kinds) for span in (*spans, *kept)):
            line = PaidHolder(one, _kinds(held, on), grade, pay_of([*spans, *kept]), pay_of(kept))
            lines.append(line)
    return lines


def _kinds(held: Sequence[Holding], on: date) -> tuple[str, ...]:
    return tuple(one.post.kind for one in held if one.valid_from <= on and (one.valid_to is None or one.valid_to > on))


def _spans(
    rules: Sequence[PayRule], held: Sequence[Holding], first: date, until: date
) -> list[tuple[date, date, PayRule, tuple[str, ...]]]:
    """The year cut where a rule or an office begins or ends, with what is held and the rule of each part."""
    ends = [one.valid_to for one in held if one.valid_to]
    marks = [*(one.valid_from for one in held), *ends, *(rule.valid_from for rule in rules)]
    parts = [(day, end, rule_on(rules, day), _kinds(held, day)) for day, end in cut(first, until, marks)]
    return [(day, end, rule, kinds) for day, end, rule, kinds in parts if rule is not None and kinds]


@dataclass(frozen=True, slots=True)
class PaySum:
    """What a full year of everybody in office comes to by a scale: fen in all, the share of posts at 40,000 yuan, the median."""

    fen: int
    well_paid: Ratio
    median: int | None


def sum_up(lines: Sequence[PaidHolder], scale: PayScale) -> PaySum:
    """Of those in office whom the scale pays."""
    inside = [one for one in lines if one.kinds and scale.a_year(one.kinds)]
    posts = [one.a_year(scale, grade=False) for one in inside]
    well = sum(fen >= WELL_PAID for fen in posts)
    return PaySum(sum(one.a_year(scale) for one in inside), Ratio(well, len(posts)), median_of(posts))


def own_pay(actor: Actor, year: int, on: date) -> list[PaidHolder]:
    """What the actor is paid in a year for the posts that the pay office linked to the own account."""
    linked = list(
        PayAccount.objects.filter(user=actor.id).values_list("holding", "holding__post__body__place__district")
    )
    keys = [key for key, _district in linked]
    only = Q(pk__in=keys) | Q(same_as__in=keys)
    return [
        line
        for one in sorted({district for _key, district in linked if district})
        for line in pay_of_year(one, year, on, only)
    ]


def paid_posts(district_ids: Sequence[int], on: date) -> list[tuple[Holding, int]]:
    """What the post of everybody in office pays a full year, without a grade, in fen: nothing about a person."""
    found = []
    for key in district_ids:
        rule = rule_on(pay_rules(key), on)
        lines = pay_of_year(key, on.year, on) if rule else []
        found += [(one.holding, fen) for one in lines if rule and (fen := one.a_year(scale_of(rule), grade=False))]
    return found
