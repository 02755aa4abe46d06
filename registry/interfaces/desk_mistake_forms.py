"""The answer to a report of a mistake."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.enums import ReportState


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (ReportState.ANSWERED, _("Confirmed: the card is being corrected")),
            (ReportState.REJECTED, _("Not confirmed: the card is right")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Answer"),
        max_length=3_000,
        help_text=_("The reader gets it by e-mail, if there is an address. Nobody else reads it but officials."),
        widget=forms.Textarea({"rows": 5}),
    )

    def answer(self) -> dict[str, Any]:
        """Return the answer as the register takes it."""
        return {"confirmed": self.cleaned_data["outcome"] == ReportState.ANSWERED, "text": self.cleaned_data["text"]}
