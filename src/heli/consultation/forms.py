"""Shapes of input of consultation: notices, opinions, talks, surveys, for the office and for strangers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.consultation.models import Notice, Opinion, OpinionChannel, PolicyQuestion, Survey
from heli.consultation.types import Question
from heli.records.abouts import About
from heli.records.fields import LARGEST, Field, FieldKind, fields_of
from heli.records.forms import RowForm, SeveralPlaces
from heli.ui.forms import FileDrop

Counts = Mapping[str, int | None]
NOTICE, VOICE, BANK, SURVEY = (fields_of(model) for model in (Notice, Opinion, PolicyQuestion, Survey))
BY_HAND = {key: text for key, text in OpinionChannel.words().items() if key != OpinionChannel.ONLINE}
HEARD = [
    VOICE["place"], replace(VOICE["channel"], options=lambda: BY_HAND), VOICE["topic"], VOICE["count"], VOICE["text"],
]  # fmt: skip
"""An opinion that came in by box, meeting, telephone or letter."""
WRITTEN = [
    replace(VOICE["place"], label=_("Which village is it about?")),
    replace(VOICE["topic"], label=_("What is it about?")),
    replace(
        VOICE["text"], label=_("Your opinion"), lines=5,
        help=_("Please write no names and no telephone numbers: nobody needs to know who you are."),
    ),
]  # fmt: skip
"""An opinion of anybody, without a name."""
STANCE = replace(VOICE["stance"], required=True, label=_("What do you think of the plan?"))
"""Whether an opinion agrees, where the about asks for it."""
ANSWERED = [VOICE["answer"], VOICE["gist"]]
QUESTIONS = Field(
    kind=FieldKind.TEXT, name="questions", label=_("Questions"), lines=8, most=10_000,
    help=_(
        "A line each: the question, then its options after “|”. “*” at the end of the question: several may be chosen. "
        "[aware] or [support]: its first option counts for that rate."
    ),
)  # fmt: skip
ASKED = [SURVEY["title"], SURVEY["intro"], SURVEY["first_on"], SURVEY["last_on"], QUESTIONS]
"""A new survey, its questions as lines."""
REASON = Field(kind=FieldKind.TEXT, name="reason", label=_("Reason"), most=1_000, lines=2)
VILLAGE = Field(kind=FieldKind.PLACE, name="place", label=_("Village"))
HOUSEHOLDS = Field(kind=FieldKind.NUMBER, name="count", label=_("Households"), least=1, most=50_000)
"""How many households of a village get a code."""


def asked_of(drawn: Sequence[Field], about: About) -> list[Field]:
    """What an opinion about this is asked for: the stance before its words, where that is asked."""
    stance = [STANCE] if about.kind.consulting.asks_stance else []
    return [*drawn[:-1], *stance, drawn[-1]]


def said(form: RowForm) -> dict[str, Any]:
    """What such a form was filled in with, as the service takes it."""
    given = form.values()
    return {"place_id": given.pop("place"), **given}


class NoticeForm(SeveralPlaces, RowForm):
    """A public notice."""

    columns = 2

    file = forms.FileField(label=_("The notice as a file"), required=False, widget=FileDrop(".pdf,.docx,.jpg,.png"))
    takes_opinions = forms.BooleanField(label=_("Opinions may be written on its page"), required=False, initial=True)

    def __init__(self, *args: Any, drawn: Sequence[Field], **kwargs: Any) -> None:
        super().__init__(*args, drawn=drawn, **kwargs)
        self.order_fields([*NOTICE, "file", "takes_opinions"])


class PhotoForm(forms.Form):
    """The photo of a wall copy."""

    place = forms.ChoiceField(label=_("Where it hangs"))
    file = forms.FileField(label=_("Photo of the copy on the wall"), widget=FileDrop("image/*"))


class PublicVoiceForm(RowForm):
    """An opinion of anybody, and a field that people do not see."""

    website = forms.CharField(required=False, label=_("Leave this empty"), widget=forms.HiddenInput)


class BankForm(RowForm):
    """A question as people ask it, with its answer."""

    is_public = forms.BooleanField(label=_("Show it on the pages of notices"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, drawn=list(BANK.values()), **kwargs)
        self.order_fields([*BANK, "is_public"])


def talk_fields(classes: Mapping[str, str]) -> list[Field]:
    """Talks by class: done and base of each."""
    found = []
    for key, name in classes.items():
        asked = {
            f"done_{key}": (_("%(class)s: talked with so far"), 0), f"base_{key}": (_("%(class)s: how many there are"), 1),
        }  # fmt: skip
        for column, (label, least) in asked.items():
            found.append(_number(column, label % {"class": name}, least, required=False))
    return [*found, Field(kind=FieldKind.DAY, name="on", label=_("As of"))]


def talk_counts(classes: Mapping[str, str], given: Counts) -> dict[str, tuple[int, int]]:
    """{class: (done, base)} of the classes filled in."""
    pairs = {key: (given[f"done_{key}"], given[f"base_{key}"]) for key in classes}
    return {key: (done or 0, base or 0) for key, (done, base) in pairs.items() if done is not None or base is not None}


def tally_fields(questions: Sequence[Question]) -> list[Field]:
    """The counts of the paper questionnaires of a village."""
    options = [(f"{one.key}_{key}", f"{one.text} {text}") for one in questions for key, text in one.options]
    counts = [_number(name, label, 0, required=False) for name, label in options]
    return [VILLAGE, _number("given", _("Given out"), 0), _number("returned", _("Came back"), 0), *counts]


def tally_counts(questions: Sequence[Question], given: Counts) -> dict[str, dict[str, int]]:
    """{question: {option: count}}."""
    return {one.key: {key: given[f"{one.key}_{key}"] or 0 for key, _text in one.options} for one in questions}


def _number(name: str, label: Any, least: int, *, required: bool = True) -> Field:
    return Field(kind=FieldKind.NUMBER, name=name, label=label, least=least, most=LARGEST, required=required)


class PublicSurveyForm(forms.Form):
    """The survey as a household answers it."""

    code = forms.CharField(
        label=_("The code on your slip"), max_length=20,
        help_text=_("It says only that a household has answered once. Your answers are not kept together with it."),
    )  # fmt: skip

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for one in questions:
            asked: dict[str, Any] = {"label": one.text, "choices": one.options}
            if one.answering == "several":
                asked |= {"required": False, "widget": forms.CheckboxSelectMultiple}
                self.fields[one.key] = forms.MultipleChoiceField(**asked)
            else:
                self.fields[one.key] = forms.ChoiceField(**asked, widget=forms.RadioSelect)

    def chosen(self) -> dict[str, list[str]]:
        """{question: options}."""
        given = {one.key: self.cleaned_data.get(one.key) for one in self.questions}
        return {key: value if isinstance(value, list) else [value] for key, value in given.items() if value}
