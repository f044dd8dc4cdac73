"""The rehearsal's sliders: a file of the form heli.rehearse/1 is the state, the fields are what is changed of it."""

import json
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.assemblies.rules.rehearsing import PollingSetup, PollingStage, as_form, read_setup
from heli.assemblies.texts import STAGES, as_fault
from heli.kernel.faults import Unsound
from heli.ui.forms import FileDrop

VOTERS, MINUTES, SERVERS = 20_000, 900, 60
"""The most that the page takes; a file with more is rehearsed by the command."""
MAX_BYTES = 100_000
ORDINARY = PollingSetup(
    replications=40,
    seed=1,
    voters=1500,
    window_min=180,
    peak_min=63,
    weights=(),
    stages=(PollingStage("desk", 4, 0.5, 4), PollingStage("booth", 12, 1.6, 4), PollingStage("box", 2, 0.1, 4)),
    assisted_bp=500,
    assisted_stage="booth",
    factor_pct=200,
)
"""A village of 1,500 voters over a morning; one in twenty is helped at the booth and takes twice as long."""
SLIDER = {"data-slider": ""}


def slider(most: int, **more: Any) -> forms.IntegerField:
    """A whole number from 1 to `most`, typed or slid."""
    return forms.IntegerField(min_value=1, max_value=most, widget=forms.NumberInput(attrs=SLIDER), **more)


class RehearsalForm(forms.Form):
    """Voters, the hours, servers and minutes of every stage of `base`, and how long nobody but one in twenty shall wait."""

    columns = 2

    def __init__(self, data: Any, base: PollingSetup) -> None:
        self.base = base
        values: dict[str, float] = {"voters": base.voters, "window": int(base.window_min), "target": 30}
        asked: dict[str, forms.Field] = {
            "voters": slider(VOTERS, label=_("Voters who come")),
            "window": slider(MINUTES, label=_("Minutes the doors are open")),
        }
        for number, stage in enumerate(base.stages):
            name = {"stage": STAGES.get(stage.name, stage.name)}
            values |= {f"servers-{number}": stage.servers, f"mean-{number}": stage.mean_min}
            asked |= {
                f"servers-{number}": slider(SERVERS, label=_("%(stage)s: how many") % name),
                f"mean-{number}": forms.FloatField(
                    label=_("%(stage)s: minutes for one voter") % name, min_value=0.01, max_value=60,
                    widget=forms.NumberInput(attrs={"step": "any"}),
                ),
            }  # fmt: skip
        asked["target"] = slider(
            240, label=_("Wait to be kept (minutes)"),
            help_text=_("Nineteen in twenty voters wait no longer, over all stages together."),
        )  # fmt: skip
        super().__init__({name: data.get(name, value) for name, value in values.items()})
        self.fields.update(asked)

    def setup(self) -> PollingSetup:
        """What is rehearsed; the peak of a triangle keeps its share of the hours."""
        given, base = self.cleaned_data, self.base
        stages = tuple(
            replace(stage, servers=given[f"servers-{number}"], mean_min=given[f"mean-{number}"])
            for number, stage in enumerate(base.stages)
        )
        peak = round(base.peak_min * given["window"] / base.window_min)
        return replace(base, voters=given["voters"], window_min=given["window"], peak_min=peak, stages=stages)


class RehearsalFileForm(forms.Form):
    """A file of the form heli.rehearse/1."""

    file = forms.FileField(label=_("File (heli.rehearse/1)"), widget=FileDrop(attrs={"accept": ".json"}))

    def clean_file(self) -> PollingSetup:
        """The setup that the file says."""
        return read_state(self.cleaned_data["file"].read(MAX_BYTES + 1))


def read_state(text: str | bytes) -> PollingSetup:
    """A setup that the page can show. Raises `ValidationError` with every sentence."""
    if len(text) > MAX_BYTES:
        raise forms.ValidationError(_("The file is too large for this page: use the command heli rehearse."))
    try:
        setup = read_setup(text if isinstance(text, str) else text.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        raise forms.ValidationError(_("This is not a text in UTF-8.")) from wrong
    except Unsound as wrong:
        faults = [as_fault(finding) for finding in wrong.findings]
        lines = [": ".join(filter(None, (fault.field, fault.message))) for fault in faults]
        raise forms.ValidationError([forms.ValidationError(line) for line in lines]) from wrong
    servers = max(stage.servers for stage in setup.stages)
    if setup.voters > VOTERS or not 1 <= setup.window_min <= MINUTES or servers > SERVERS:
        raise forms.ValidationError(_("The file is too large for this page: use the command heli rehearse."))
    return setup


def state_of(setup: PollingSetup) -> str:
    """The setup as a file, in one line."""
    return json.dumps(as_form(setup), ensure_ascii=False, separators=(",", ":"))
