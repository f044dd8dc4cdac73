"""The shape of planning's input. Fields are named as the rules' findings name them, so that problems land where they belong."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from heli.planning.queries import JointDistrict
from heli.planning.sharing import Named, Way, parse_shares
from heli.planning.types import Goal, GoalKind, Material, PlanRules, ScoreWeights, VillageClass, Window
from heli.planning.wording import (
    CLASS_LABELS,
    GOAL_LABELS,
    OVERRIDE_LABELS,
    PART_LABELS,
    WAY_LABELS,
    choices,
    sentence,
)
from heli.ui.forms import DateInput, DayField, PercentField, offer

SCALE = Decimal(10_000)
MILLION = Decimal(1_000_000)
WEIGHTS = ("balance", "travel", "compact", "disrupt", "affinity")


class NewScenarioForm(forms.Form):
    """A district, a name and the day whose register is planned."""

    district = forms.TypedChoiceField(label=_("District"), coerce=int)
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("For instance: at most 149, three villages at most")
    )
    on = DayField(
        label=_("Register of the day"),
        widget=DateInput,
        help_text=_(
            "The scenario keeps the villages and populations of this day, whatever happens to the register later."
        ),
    )
    reduction = PercentField(
        label=_("Reduction of at least (%)"),
        initial=4095,
        max_value=Decimal("99.99"),
        help_text=_("All other rules start with defaults and can be changed afterwards."),
    )

    def __init__(self, *args: Any, districts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, district=districts)
        self.fields["on"].initial = timezone.localdate


class RulesForm(forms.Form):
    """The district's rules of a scenario. What is decided village by village is on the page of policies."""

    columns = 2

    goal = forms.ChoiceField(label=_("What is wanted"), choices=choices(GOAL_LABELS))
    reduction = PercentField(label=_("Reduction required (%)"), required=False, max_value=Decimal("99.99"))
    count = forms.IntegerField(label=_("Number of villages"), required=False, min_value=1)
    k = forms.IntegerField(label=_("Villages in one merger, at most"), min_value=1, max_value=5)
    pmin = forms.IntegerField(
        label=_("Smallest population of a new village"), min_value=0, help_text=_("Binds single villages, too.")
    )
    pmax = forms.IntegerField(label=_("Largest population of a merged village"), min_value=1)
    radius_m = forms.IntegerField(label=_("Farthest way to the centre (m)"), min_value=1)
    detour = forms.DecimalField(
        label=_("Road length per straight line"),
        min_value=1,
        max_value=5,
        decimal_places=4,
        help_text=_("1.3 where nothing is measured."),
    )
    target_population = forms.IntegerField(
        label=_("Target population"),
        required=False,
        min_value=1,
        help_text=_("Empty: the average at the wanted number of villages."),
    )
    absorb_bordering = forms.BooleanField(
        label=_("Villages beside a community of their town may join it"), required=False
    )
    absorb_cost = forms.DecimalField(
        label=_("Price of joining a community"),
        min_value=0,
        decimal_places=4,
        help_text=_("In points of the score; a usual merger costs about 1.2."),
    )
    convert_cost = forms.DecimalField(label=_("Price of becoming a community"), min_value=0, decimal_places=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in WEIGHTS:
            label = _("Weight: %(part)s") % {"part": PART_LABELS[name]}
            self.fields[f"weight_{name}"] = forms.DecimalField(
                label=label, min_value=0, max_value=100, decimal_places=4
            )
        for kind, called in CLASS_LABELS.items():
            for end, word in (("low", _("%(kind)s, smallest population")), ("high", _("%(kind)s, largest population"))):
                field = forms.IntegerField(label=word % {"kind": called}, required=False, min_value=0)
                self.fields[f"window_{kind}_{end}"] = field

    @staticmethod
    def initial_of(rules: PlanRules) -> dict[str, Any]:
        """The rules as the form shows them."""
        plain = ("k", "pmin", "pmax", "radius_m", "target_population", "absorb_bordering")
        initial: dict[str, Any] = {name: getattr(rules, name) for name in plain}
        initial |= {"goal": rules.goal.kind, "count": rules.goal.count, "reduction": rules.goal.reduction}
        initial["detour"] = short(Decimal(rules.detour) / SCALE)
        initial |= {f"weight_{name}": short(Decimal(getattr(rules.weights, name)) / SCALE) for name in WEIGHTS}
        initial |= {name: short(Decimal(getattr(rules, name)) / MILLION) for name in ("absorb_cost", "convert_cost")}
        for window in rules.windows:
            initial |= {
                f"window_{window.village_class}_low": window.low,
                f"window_{window.village_class}_high": window.high,
            }
        return initial

    def changed(self, rules: PlanRules) -> PlanRules:
        """The rules with what was typed; village by village decisions stay."""
        from dataclasses import replace

        given = self.cleaned_data
        kind = GoalKind(given["goal"])
        windows = tuple(
            Window(
                village_class,
                given.get(f"window_{village_class}_low") or 0,
                given.get(f"window_{village_class}_high") or rules.pmax,
            )
            for village_class in VillageClass
            if any(given.get(f"window_{village_class}_{end}") is not None for end in ("low", "high"))
        )
        return replace(
            rules,
            goal=Goal(
                kind,
                None if kind is GoalKind.REDUCTION else given["count"],
                given["reduction"],
            ),
            detour=int(given["detour"] * SCALE),
            weights=ScoreWeights(**{name: int(given[f"weight_{name}"] * SCALE) for name in WEIGHTS}),
            absorb_cost=int(given["absorb_cost"] * MILLION),
            convert_cost=int(given["convert_cost"] * MILLION),
            windows=windows,
            **{
                name: given[name] for name in ("k", "pmin", "pmax", "radius_m", "target_population", "absorb_bordering")
            },
        )


class JointForm(RulesForm):
    """Several districts, one count of all, how it falls to them, and the common rules."""

    columns = 2

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("For instance: the city at most 2,400"))
    on = DayField(
        label=_("Register of the day"),
        help_text=_("Every district is planned from its villages and populations of this day."),
    )
    districts = forms.TypedMultipleChoiceField(
        label=_("Districts"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one district.")},
    )
    way = forms.ChoiceField(label=_("How the count falls to the districts"), choices=choices(WAY_LABELS))
    shares = forms.CharField(
        label=_("Numbers handed down"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Only when handed down: one line per district, its name or code, then a number of villages or a percentage, as "
            "pasted from Excel. Districts without a line get theirs in proportion to their villages."
        ),
    )

    def __init__(self, *args: Any, districts: Sequence[JointDistrict], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = [Named(row.id, row.name, row.code) for row in districts]
        offered = [
            (row.id, f"{row.above} {row.name} · {row.before}" if row.above else f"{row.name} · {row.before}")
            for row in districts
        ]
        offer(self, districts=offered)
        self.fields["goal"].label = _("What is wanted of all together")
        self.fields["target_population"].help_text = _(
            "Empty: each district's average if all reduced by the same percentage."
        )
        for name in [name for name in self.fields if name.startswith("window_")]:
            del self.fields[name]  # classes are given village by village, in each district's own scenario
        self.order_fields(["name", "on", "districts", "goal", "reduction", "count", "way", "shares"])
        if not self.is_bound:
            everybody = [row.id for row in districts if row.before]
            mine = {"on": timezone.localdate(), "way": Way.FOUND_BEST, "districts": everybody}
            self.initial = {**self.initial_of(PlanRules()), **mine, **self.initial}

    def clean(self) -> dict[str, Any]:
        """Read the handed-down lines; a line that is none is a problem of its field, by number."""
        given = super().clean() or self.cleaned_data
        if given.get("way") == Way.HANDED_DOWN:
            given["shares"], found = parse_shares(given.get("shares") or "", self.named)
            for finding in found:
                self.add_error("shares", sentence(finding))
        else:
            given["shares"] = []
        return given


def short(number: Decimal) -> str:
    """A decimal without trailing zeros: 1.3000 as 1.3."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class VillageChoice(forms.TypedChoiceField):
    """A village of the scenario, by name, grouped by town."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)


def village_choices(
    material: Material, visible: frozenset[int] | None = None, *, communities: bool = False
) -> list[Any]:
    """Choices of villages (or communities) grouped by town."""
    groups: dict[int, list[tuple[int, str]]] = {town.id: [] for town in material.towns}
    for village in sorted(material.villages, key=lambda item: (item.code, item.name, item.id)):
        if village.is_community is communities and (visible is None or village.id in visible):
            groups[village.town].append((village.id, village.name))
    return [("", "—"), *((town.name, groups[town.id]) for town in material.towns if groups[town.id])]


class AdjustForm(forms.Form):
    """Two villages of the plan (clicked on the map or chosen from the lists) and what to do with them."""

    one = VillageChoice(label=_("Village"))
    other = VillageChoice(label=_("Second village"), required=False)

    def __init__(self, *args: Any, material: Material, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = village_choices(material)
        offer(self, one=villages, other=villages)


class OverrideForm(forms.Form):
    """One village, one policy."""

    place = VillageChoice(label=_("Village"))
    kind = forms.ChoiceField(label=_("Policy"), choices=choices(OVERRIDE_LABELS))
    host = VillageChoice(label=_("Community it may join"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, material: Material, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, place=village_choices(material), host=village_choices(material, communities=True))


class PlacesForm(forms.Form):
    """Some villages."""

    places = forms.TypedMultipleChoiceField(
        label=_("Villages"),
        coerce=int,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Hold Ctrl to choose several."),
    )

    def __init__(self, *args: Any, material: Material, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, places=village_choices(material)[1:])


class ClassForm(PlacesForm):
    """Villages and the class of a new village seated there."""

    village_class = forms.ChoiceField(
        label=_("Class"), choices=[*choices(CLASS_LABELS), ("", _("none"))], required=False
    )


class ZoneForm(PlacesForm):
    """A feature zone."""

    zone = forms.CharField(label=_("Feature zone"), max_length=60, help_text=_("Tea, pepper, peony, lake, tourism …"))


class TownForm(forms.Form):
    """A town and the one it goes into."""

    town = forms.TypedChoiceField(label=_("Town"), coerce=int)
    into = forms.TypedChoiceField(label=_("goes into"), coerce=int)

    def __init__(self, *args: Any, material: Material, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = [(town.id, town.name) for town in material.towns]
        offer(self, town=towns, into=towns)


class NameForm(forms.Form):
    """What to call something."""

    name = forms.CharField(label=_("Name"), max_length=100, required=False)


class AcceptForm(forms.Form):
    """The document that decides."""

    document_number = forms.CharField(
        label=_("Document number"), max_length=100, help_text=_("For instance 前府发〔2026〕1号")
    )
    document_on = DayField(label=_("Date of the document"))


class ApplyForm(forms.Form):
    """The day from which the register shows the plan."""

    on = DayField(label=_("Takes effect on"))
