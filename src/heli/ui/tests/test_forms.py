"""A refusal's problems are shown where they can be mended, and nothing is lost."""

from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import override

from heli.kernel.faults import Fault, Severity
from heli.ui.forms import DateInput, FileDrop, PercentField, add_faults


class Rules(forms.Form):
    name = forms.CharField(help_text="As on the document.")
    target = PercentField(required=False)
    begins_on = forms.DateField(widget=DateInput(), required=False)
    file = forms.FileField(widget=FileDrop(accept=".xlsx,.csv"), required=False)


def drawn(form: forms.Form) -> str:
    with override("en"):
        return render_to_string("ui/form.html", {"form": form})


def test_an_error_lands_at_its_field_with_its_code() -> None:
    form = Rules({"name": "x"})
    add_faults(form, [Fault("name_taken", "This name is taken: choose another.", field="name")])
    assert form.has_error("name", "name_taken")
    assert 'aria-invalid="true"' in drawn(form)
    assert 'id="id_name_error"' in drawn(form)
    assert "id_name_helptext id_name_error" in drawn(form)


def test_an_error_at_an_unknown_field_names_its_source_above_the_form() -> None:
    form = Rules({"name": "x"})
    add_faults(form, [Fault("code_length", "11 digits.", field="code", source="row 12")])
    assert form.non_field_errors() == ["row 12: code: 11 digits."]


def test_warnings_are_shown_and_do_not_stop_the_form() -> None:
    form = Rules({"name": "x"})
    add_faults(form, [Fault("odd", "Odd but allowed.", Severity.WARNING)])
    assert form.is_valid()
    assert "Odd but allowed." in drawn(form)


def test_messages_are_escaped_and_percent_signs_survive() -> None:
    form = Rules({"name": "x"})
    add_faults(form, [Fault("bad", "<script>alert(1)</script> 40.95 %(x)s 100%", field="name")])
    assert "<script>" not in drawn(form)
    assert "40.95 %(x)s 100%" in drawn(form)


@pytest.mark.parametrize(("typed", "kept"), [("40.95", 4095), ("100", 10_000), ("0", 0), ("", None)])
def test_percentages_are_kept_in_hundredths(typed: str, kept: int | None) -> None:
    form = Rules({"name": "x", "target": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["target"] == kept


@pytest.mark.parametrize("typed", ["101", "-1", "40.955", "NaN", "many"])
def test_a_percentage_that_is_none_is_refused(typed: str) -> None:
    assert not Rules({"name": "x", "target": typed}).is_valid()


def test_an_initial_percentage_is_shown_as_typed() -> None:
    assert 'value="40.95"' in drawn(Rules(initial={"target": 4095}))


def test_files_can_be_dropped_and_dates_picked() -> None:
    html = drawn(Rules())
    assert "data-file-drop" in html
    assert 'accept=".xlsx,.csv"' in html
    assert 'type="date"' in html


def test_every_field_has_a_label(rf: Any) -> None:
    html = drawn(Rules())
    for name in Rules.base_fields:
        assert f'for="id_{name}"' in html
