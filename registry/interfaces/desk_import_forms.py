"""Bringing a file of providers: first the file, then, after the preview, the word to enter it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.interfaces.desk_fields import GroundField


class ImportFileForm(forms.Form):
    file = forms.FileField(
        label=_("File of providers"),
        help_text=_("CSV or XLSX, one row a provider or a service; the data dictionary names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    ground = GroundField()


class ImportConfirmForm(forms.Form):
    """How to enter what was previewed; faulty rows never go in."""

    MODES = (
        ("whole", _("All rows, or nothing if one is faulty")),
        ("partial", _("The faultless rows; the faulty ones stay out")),
    )

    mode = forms.ChoiceField(label=_("What to enter"), choices=MODES, widget=forms.RadioSelect, initial="whole")
    ground = GroundField()
