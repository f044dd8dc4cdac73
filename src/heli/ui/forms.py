"""Forms as Heli draws them: problems land at their field, dates are picked, files are dropped.

`ui/form.html` draws any Django form; nothing here knows a context.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.faults import Fault, Forbidden, Refused, Severity
from heli.kernel.periods import FIRST_DAY, LAST_DAY, is_plausible
from heli.kernel.quantities import read_whole
from heli.ui.uploads import Uploaded, UploadPurpose, read_uploaded, seal_purpose


class ReasonForm(forms.Form):
    """Why something is done, taken back or ended."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


def add_faults(form: forms.BaseForm, faults: Iterable[Fault]) -> None:
    """Show a refusal's problems at the form: errors at their field (or above the form), the rest as notes.

    A problem whose field the form does not have is shown above it, its field and source named, so nothing is lost.
    """
    notes: list[Fault] = list(getattr(form, "notes", ()))
    for fault in faults:
        if fault.severity is not Severity.ERROR:
            notes.append(fault)
            continue
        known = fault.field in form.fields
        where = "" if known else "".join(f"{part}: " for part in (fault.source, fault.field) if part)
        error = ValidationError("%(text)s", code=fault.code, params={"text": f"{where}{fault.message}"})
        form.add_error(fault.field if known else None, error)
    form.notes = notes  # type: ignore[attr-defined]  # read by ui/form.html


def attempt(form: forms.BaseForm, do: Callable[[], object]) -> bool:
    """Whether the form was valid and the service did it; else its problems stand at their fields."""
    if not form.is_valid():
        return False
    try:
        do()
    except Forbidden:
        raise
    except Refused as refused:
        add_faults(form, refused.faults)
        return False
    return True


def press(request: HttpRequest, do: Callable[[], object], done: str = "") -> bool:
    """A button without a form: a refusal is said at the top of the next page, and nothing was written."""
    try:
        do()
    except Forbidden:
        raise
    except Refused as refused:
        for fault in refused.faults:
            messages.error(request, str(fault.message))
        return False
    if done:
        messages.success(request, done)
    return True


def offer(form: forms.BaseForm, **choices: Iterable[tuple[Any, Any]]) -> None:
    """Set what fields of choice offer, by the field's name."""
    for name, offered in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(offered)


class DateInput(forms.DateInput):
    """A date picked from the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Findable(str):
    """What a choice is called, and by what else it is found: first letters of its reading, its code."""

    found_by: str

    def __new__(cls, label: str, found_by: str) -> "Findable":
        """The label with the words it is found by."""
        made = super().__new__(cls, label)
        made.found_by = found_by
        return made

    def __deepcopy__(self, _memo: object) -> "Findable":
        """It never changes: forms that copy their choices share it."""
        return self


class FindingSelect(forms.Select):
    """One of many; a script lets people narrow it by `Findable.found_by`, without one it is the plain choice."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-find": True, **(attrs or {})}, choices)

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """An option with what it is found by."""
        option: dict[str, Any] = super().create_option(name, value, label, *args, **kwargs)
        if isinstance(label, Findable):
            option["attrs"]["data-find"] = label.found_by
        return option


class FindingSelectMultiple(FindingSelect, forms.SelectMultiple):
    """Several of many."""


class DayField(forms.DateField):
    """A day that can be meant: what calendars and databases cannot count on (0001, 9999) is refused in words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": DateInput, **kwargs})

    def clean(self, value: Any) -> Any:
        """The day, None when empty and not required."""
        day = super().clean(value)
        if day is not None and not is_plausible(day):
            text = _("Choose a day from %(first)s to %(last)s.")
            raise ValidationError(text, code="day_implausible", params={"first": FIRST_DAY, "last": LAST_DAY})
        return day


class MomentField(forms.DateTimeField):
    """A day and the time of day, in the house's own zone, as the browser's field gives them."""

    def __init__(self, **kwargs: Any) -> None:
        given = {"input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs}
        super().__init__(widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"), **given)


class FileDrop(forms.ClearableFileInput):
    """A file chosen or dropped; without JavaScript the browser's own field. `accept` lists suffixes (".xlsx,.csv")."""

    template_name = "ui/widgets/file_drop.html"

    def __init__(self, accept: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__({**({"accept": accept} if accept else {}), **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The widget's template context, with the accepted suffixes as words."""
        context = super().get_context(name, value, attrs)
        context["accepts"] = context["widget"]["attrs"].get("accept", "").replace(",", " ")
        return context


PICTURES = "image/*,.heic,.heif"


class ResumableFile(FileDrop):
    """Files that arrive piece by piece before the form is sent (`js/upload.js`), each named by a hidden field.

    Without JavaScript they come with the form. `action` and `place_id` say what its user must be allowed to do for the
    upload to begin; a form that knows its place only later sets `form.fields[…].widget.place_id`. `photo`: only pictures,
    and phones open their camera first. `is_open`: strangers send them.
    """

    template_name = "ui/widgets/resumable_file.html"
    allow_multiple_selected = True

    def __init__(
        self,
        action: str,
        place_id: int | None = None,
        *,
        photo: bool = False,
        is_open: bool = False,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(PICTURES if photo else "", {"multiple": True, **(attrs or {})})
        self.action = action
        self.place_id = place_id
        self.photo = photo
        self.is_open = is_open

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The template context: the sealed purpose, and what was uploaded already when the form is shown again."""
        context = super().get_context(name, None, attrs)
        context["accepts"] = context["accepts"].replace("image/*", ".jpg .png .webp")
        context["purpose"] = seal_purpose(UploadPurpose(self.action, self.place_id, self.photo))
        context["photo"] = self.photo
        context["uploads_url"] = reverse("files:open_uploads" if self.is_open else "files:uploads")
        context["uploaded"] = [given for given in value or () if isinstance(given, Uploaded)]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Finished uploads, then files that came with the form."""
        sent = data.getlist(f"{name}-upload") if hasattr(data, "getlist") else data.get(f"{name}-upload", [])
        came = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return [*filter(None, map(read_uploaded, sent)), *came]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether neither was sent."""
        return f"{name}-upload" not in data and name not in files

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the browser's own field is empty once its files are uploaded."""
        return False


class ResumableFileField(forms.Field):
    """Any number of files, each an `ui.uploads.Uploaded` or a file of the form: `files.services.take_given` keeps either."""

    widget: ResumableFile

    def __init__(self, *, widget: ResumableFile, most: int = 20, **kwargs: Any) -> None:
        super().__init__(widget=widget, **kwargs)
        self.most = most

    def clean(self, value: Any) -> list[Any]:
        """The list of files, empty ones refused."""
        given = list(value or ())
        super().clean(given)
        if len(given) > self.most:
            raise ValidationError(_("At most %(most)s files at a time."), params={"most": self.most})
        return given


class WholeField(forms.CharField):
    """A whole number, zero or more, however its digits are typed (`kernel.quantities.read_whole`)."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**{"max_length": 40, "widget": widget, **kwargs})

    def clean(self, value: Any) -> Any:
        """The number, None when empty and not required."""
        text = super().clean(value)
        number = read_whole(text)
        if number is None and text:
            raise ValidationError(_("Write a whole number, zero or more."), code="number")
        return number


class NamedNumbersField(forms.CharField):
    """A name and a whole number to a line, parted by a space, a comma or a colon: (("Group 1", 130), …)."""

    LINE = re.compile(r"(.{1,40}?)[\s,，:：]+([0-9０-９]+)")

    def __init__(self, *, rows: int = 3, most: int = 100_000, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 4_000, "widget": forms.Textarea(attrs={"rows": rows}), **kwargs})
        self.most = most

    def clean(self, value: Any) -> Any:
        """The pairs in the order of the lines, empty ones left out."""
        found = []
        for line in filter(None, (line.strip() for line in super().clean(value).splitlines())):
            told = self.LINE.fullmatch(line)
            number = read_whole(told[2]) if told else None
            if told is None or number is None or number > self.most:
                text = _("“%(line)s”: write a name, a space and a whole number.")
                raise ValidationError(text, params={"line": line[:60]}, code="line")
            found.append((told[1].strip(), number))
        return tuple(found)


class PercentField(forms.DecimalField):
    """A percentage typed with at most two decimals, kept in hundredths of a percent (40.95 -> 4095)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 100, "decimal_places": 2, **kwargs})

    def clean(self, value: Any) -> Any:
        """Hundredths of a percent as an integer, None when empty and not required."""
        cleaned = super().clean(value)
        return None if cleaned is None else int(cleaned * 100)

    def prepare_value(self, value: Any) -> Any:
        """An initial integer is shown as it would be typed."""
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value
