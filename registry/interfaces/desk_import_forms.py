"""Bringing a file of providers: the file, after the preview the proposal to enter it, and the refusal of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.interfaces.desk_fields import GroundField
from registry.models import ImportRun


class ImportFileForm(forms.Form):
    file = forms.FileField(
        label=_("File of providers"),
        help_text=_("CSV or XLSX, one row a provider or a service; the data dictionary names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    ground = GroundField()


class ImportProposalForm(forms.Form):
    """How to enter what was previewed; faulty rows never go in."""

    MODES = (
        ("whole", _("All rows, or nothing if one is faulty")),
        ("partial", _("The faultless rows; the faulty ones stay out")),
    )

    mode = forms.ChoiceField(label=_("What to enter"), choices=MODES, widget=forms.RadioSelect, initial="whole")
    ground = GroundField()

    def __init__(self, data: Any = None, *, initial: dict[str, Any], run: ImportRun) -> None:
        super().__init__(data, initial=initial)
        if run.faulty:
            self.initial["mode"] = "partial"

    def is_partial(self) -> bool:
        return bool(self.cleaned_data["mode"] == "partial")


class ImportRefusalForm(forms.Form):
    """Why the file is not entered."""

    reason = forms.CharField(
        label=_("Why not"),
        max_length=1_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The registrar who proposed it reads this."),
    )
