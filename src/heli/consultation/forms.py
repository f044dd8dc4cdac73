"""Shapes of input of consultation: notices, opinions, answers, talks, surveys, for the office and for strangers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.campaigns.forms_matters import MATTERS_ONLY, MattersForm, area
from heli.consultation.types import Question
from heli.records.forms import SeveralPlaces
from heli.ui.forms import DayField, FileDrop


class NoticeForm(SeveralPlaces, MattersForm):
    """A public notice."""

    columns = 2

    kind = forms.ChoiceField(label=_("Kind"), help_text=_("The kind says how long it must hang at least."))
    title = forms.CharField(label=_("Title"), max_length=120)
    first_on = DayField(label=_("Posted on"))
    last_on = DayField(label=_("Hangs until"))
    text = forms.CharField(
        label=_("Text"), required=False, max_length=20_000, widget=area(9),
        help_text=_("Plain words, short sentences: the page is read on telephones and by elderly people."),
    )  # fmt: skip
    file = forms.FileField(label=_("The notice as a file"), required=False, widget=FileDrop(".pdf,.docx,.jpg,.png"))
    takes_opinions = forms.BooleanField(label=_("Opinions may be written on its page"), required=False, initial=True)


class PhotoForm(MattersForm):
    """The photo of a wall copy."""

    place = forms.ChoiceField(label=_("Where it hangs"))
    file = forms.FileField(label=_("Photo of the copy on the wall"), widget=FileDrop("image/*"))


class VoiceForm(MattersForm):
    """An opinion that came in by box, meeting, telephone or letter."""

    columns = 2

    place = forms.ChoiceField(label=_("Place it is about"))
    channel = forms.ChoiceField(label=_("How it came in"))
    topic = forms.ChoiceField(label=_("What it is about"))
    count = forms.IntegerField(label=_("Voices that said this"), min_value=1, initial=1)
    text = forms.CharField(label=_("What was said"), max_length=2000, widget=area(3), help_text=MATTERS_ONLY)


class AnswerForm(forms.Form):
    """The answer to an opinion, and what of it is published."""

    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=area(3))
    gist = forms.CharField(
        label=_("The opinion in your own words"), max_length=300, required=False,
        help_text=_("Published beside the answer; the original text never is."),
    )  # fmt: skip
    publish = forms.BooleanField(label=_("Publish"), required=False)


class PublicVoiceForm(MattersForm):
    """An opinion of anybody, without a name."""

    place = forms.ChoiceField(label=_("Which village is it about?"))
    topic = forms.ChoiceField(label=_("What is it about?"))
    text = forms.CharField(
        label=_("Your opinion"), max_length=2000, widget=area(5),
        help_text=_("Please write no names and no telephone numbers: nobody needs to know who you are."),
    )  # fmt: skip
    website = forms.CharField(required=False, label=_("Leave this empty"), widget=forms.HiddenInput)


class BankForm(MattersForm):
    """A question as people ask it, with its answer."""

    topic = forms.ChoiceField(label=_("What it is about"))
    question = forms.CharField(label=_("Question"), max_length=1000, widget=area(2))
    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=area(4))
    is_public = forms.BooleanField(label=_("Show it on the pages of notices"), required=False, initial=True)


class TalksForm(forms.Form):
    """Talks by class: done and base of each."""

    columns = 2

    def __init__(self, *args: Any, classes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, name in classes.items():
            self.fields[f"done_{key}"] = forms.IntegerField(
                label=_("%(class)s: talked with so far") % {"class": name}, min_value=0, required=False
            )
            self.fields[f"base_{key}"] = forms.IntegerField(
                label=_("%(class)s: how many there are") % {"class": name}, min_value=1, required=False
            )
        self.fields["on"] = DayField(label=_("As of"))
        self.classes = list(classes)

    def counts(self) -> dict[str, tuple[int, int]]:
        """{class: (done, base)} of the classes filled in."""
        given = self.cleaned_data
        return {
            key: (given[f"done_{key}"] or 0, given[f"base_{key}"] or 0)
            for key in self.classes
            if given[f"done_{key}"] is not None or given[f"base_{key}"] is not None
        }


class SurveyForm(forms.Form):
    """A new survey."""

    columns = 2

    title = forms.CharField(label=_("Title"), max_length=120)
    intro = forms.CharField(label=_("What people should know"), required=False, max_length=4000, widget=area(3))
    first_on = DayField(label=_("First day"))
    last_on = DayField(label=_("Last day"))
    questions = forms.CharField(
        label=_("Questions"), widget=area(8), max_length=10_000,
        help_text=_(
            "A line each: the question, then its options after “|”. “*” at the end of the question: several may be chosen. "
            "[aware] or [support]: its first option counts for that rate."
        ),
    )  # fmt: skip


class CodesForm(MattersForm):
    """How many one-time codes for which village."""

    place = forms.ChoiceField(label=_("Village"))
    count = forms.IntegerField(label=_("Households"), min_value=1, max_value=50_000)


class TallyForm(forms.Form):
    """The counts of the paper questionnaires of a village."""

    columns = 2

    given = forms.IntegerField(label=_("Given out"), min_value=0)
    returned = forms.IntegerField(label=_("Came back"), min_value=0)

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            for key, text in question.options:
                self.fields[f"{question.key}_{key}"] = forms.IntegerField(
                    label=f"{question.text} {text}", min_value=0, required=False
                )

    def counts(self) -> dict[str, dict[str, int]]:
        """{question: {option: count}}."""
        return {
            one.key: {key: self.cleaned_data[f"{one.key}_{key}"] or 0 for key, _text in one.options}
            for one in self.questions
        }


class PublicSurveyForm(forms.Form):
    """The survey as a household answers it."""

    code = forms.CharField(
        label=_("The code on your slip"), max_length=20,
        help_text=_("It says only that a household has answered once. Your answers are not kept together with it."),
    )  # fmt: skip

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            if question.answering == "several":
                self.fields[question.key] = forms.MultipleChoiceField(
                    label=question.text, choices=question.options, required=False, widget=forms.CheckboxSelectMultiple
                )
            else:
                self.fields[question.key] = forms.ChoiceField(
                    label=question.text, choices=question.options, widget=forms.RadioSelect
                )

    def chosen(self) -> dict[str, list[str]]:
        """{question: options}."""
        given = {one.key: self.cleaned_data.get(one.key) for one in self.questions}
        return {key: value if isinstance(value, list) else [value] for key, value in given.items() if value}
