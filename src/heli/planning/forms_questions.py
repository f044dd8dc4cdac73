"""The shape of what is typed about a question."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from heli.planning.presenting_questions import choices_of
from heli.planning.questions import QuestionKind
from heli.planning.questions.types import QuestionMaterial, QuestionRules
from heli.planning.questions.words import WORDS, number_words
from heli.planning.types import PlanKind
from heli.ui.forms import DateInput, DayField, FileDrop, FindingSelect, offer


class NewQuestionForm(forms.Form):
    """A district, a name, the day, and the file where the kind asks for one."""

    district = forms.TypedChoiceField(label=_("District"), coerce=int)
    name = forms.CharField(label=_("Name"), max_length=100)
    on = DayField(
        label=_("Register of the day"),
        widget=DateInput,
        help_text=_("The scenario keeps what it is asked about as it is on this day."),
    )
    file = forms.FileField(label=_("File"), widget=FileDrop(".xlsx,.xls,.csv,.geojson"), required=False)

    def __init__(self, *args: Any, kind: QuestionKind, districts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, district=districts)
        self.fields["on"].initial = timezone.localdate
        if FILES.get(kind.name):
            self.fields["file"].help_text = FILES[kind.name]
            self.fields["file"].required = kind.needs_file
        else:
            del self.fields["file"]


FILES = {
    PlanKind.GROUPS: _(
        "Only where the groups are not in the register yet. Columns: 组名, 所在村, 经度, 纬度, 户数, 耕地面积（亩）. "
        "Their outlines are stand-ins: the village parted by nearness."
    ),
    PlanKind.GRIDS: _(
        "Excel, CSV or GeoJSON. Columns: 编号, 名称, 社区, 经度, 纬度, 户数; and, where ways are known, 相邻 (numbers of the "
        "buildings next to it, with metres behind a colon: B02:80、B03:120; nothing over walls, rivers and railways). "
        "Without 相邻 neighbours are found by nearness. A name under 专属网格 (a station, a market, a park) makes it a special "
        "grid, taken out first. Households are counts: no residents, no flats."
    ),
    PlanKind.PAIRING: _(
        "Excel with the sheets 单位 (单位名称, 人数, 骨干, 专长), 片区 (片区名称, 所辖村, 难度, 重点, 需求) and, where there are "
        "any, 回避 and 现状 (单位名称, 片区名称 each)."
    ),
}
"""What a file of a kind has to hold."""


class QuestionRulesForm(forms.Form):
    """The numbers of a kind."""

    columns = 2

    def __init__(self, *args: Any, kind: QuestionKind, material: QuestionMaterial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in kind.numbers_of(material):
            label, help_text = number_words(kind.name, number.name, material)
            self.fields[number.name] = forms.IntegerField(
                label=label,
                help_text=help_text,
                required=number.default is not None,
                min_value=number.low,
                max_value=number.high,
            )

    def changed(self, rules: QuestionRules) -> QuestionRules:
        """The rules with the numbers typed."""
        return QuestionRules(dict(self.cleaned_data), rules.locks, rules.bans, rules.moves)


HANDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    PlanKind.GROUPS: ((), ()),
    PlanKind.GRIDS: (("building",), ("building",)),
    PlanKind.LAYOUT: (("village",), ("host", "village")),
    PlanKind.POINTS: (("site",), ()),
    PlanKind.PAIRING: (("org",), ("area",)),
}
"""Per kind the roles of things that are chosen first and second."""


class QuestionHandForm(forms.Form):
    """Two things of which something is settled by hand; of one village, town or community only, where there are many."""

    one = forms.ChoiceField(label="", widget=FindingSelect)
    other = forms.ChoiceField(label="", widget=FindingSelect)

    def __init__(
        self, *args: Any, kind: QuestionKind, material: QuestionMaterial, parent: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        first, second = HANDS[kind.name]
        known, empty = material.by_id, [("", "—")]
        offer(self, one=empty + choices_of(known, *first, parent=parent))
        words = WORDS[kind.name]
        self.fields["one"].label = str(words.one)
        if kind.wishes == 1:
            del self.fields["other"]
        else:
            offer(self, other=empty + choices_of(known, *second, parent=parent))
            self.fields["other"].label = str(words.other)
