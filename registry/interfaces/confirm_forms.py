"""What a provider answers by the link of a letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.domain.reminders import LONGEST_NOTE
from registry.enums import ReminderAnswer
from registry.interfaces.desk_fields import DayField


class AnswerForm(forms.Form):
    """One of three answers; until when and a sentence belong to the last two only."""

    answer = forms.ChoiceField(choices=ReminderAnswer.choices, widget=forms.HiddenInput)
    until = DayField(
        label=_("Closed until, if you know"), help_text=_("The last day on which you are closed."), required=False
    )
    note = forms.CharField(
        label=_("In a sentence, if you like"),
        help_text=_("Read by the registrar, not shown on the card."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f-%s", **kwargs)
        self._today = today

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if self.data.get("answer") != ReminderAnswer.CLOSED:
            return None
        if until is not None and until < self._today:
            raise ValidationError(_("This day has passed. Name a later one, or leave it empty."))
        return until

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).replace("\x00", "")
